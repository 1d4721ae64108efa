import assert from 'node:assert/strict';
import test from 'node:test';
import { RecordConverter } from '../../../jobs/feed-consumer/batches/record-object.ts';
import { declaredEntities, expandEntities } from '../../../jobs/xml/entities.ts';

test('quotes in what an entity stands for are text in an attribute, and mark attributes in its own tags', () => {
  const entities = declaredEntities(
    `<!DOCTYPE s [<!ENTITY q '5" b="2'><!ENTITY a "it's"><!ENTITY el '<c d="1" e="&#38;q;">"&#38;a;"</c>'>]>`,
  );
  const converted = (xml: string): unknown => new RecordConverter(true).convert(expandEntities(xml, entities));
  assert.deepEqual(converted(`<job a="&q;" x='&a;'>&q;&a;</job>`), {
    _: `5" b="2it's`,
    $: { a: '5" b="2', x: "it's" },
  });
  assert.deepEqual(converted('<job>&el;</job>'), { c: { _: `"it's"`, $: { d: '1', e: '5" b="2' } } });
});
