import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { RecordConverter } from '../../../../jobs/feed-consumer/batches/record-object.ts';
import { kernelRecords } from '../../../support/kernel-records.ts';
import { chunkSizes, hasInherited, recordDocument } from '../../../support/record-documents.ts';
import { saxesRecords } from '../../../support/saxes-records.ts';

const numRuns = 1_000;
const tags = fc.constantFrom('job', 'job', 'a', 'm0:job', 's');

for (const emptyCDATA of [true, false])
  test(`the records of any document, in any chunks, are those of saxes and what xml2js makes of each, emptyCDATA ${emptyCDATA}`, () => {
    const converter = new RecordConverter(emptyCDATA);
    let records = 0;
    fc.assert(
      fc.property(recordDocument, tags, chunkSizes, (document, tag, sizes) => {
        const found = kernelRecords(document, { tag, emptyCDATA, sizes }).filter(({ kind }) => kind !== 'doctype');
        const expected = saxesRecords(document, tag);
        records += expected.length;
        assert.deepEqual(
          found.map(({ kind, xml, line, json }) => ({ kind, xml, line, json })),
          expected.map(({ xml, line }) =>
            hasInherited(xml)
              ? { kind: 'declined', xml, line, json: undefined }
              : { kind: 'record', xml, line, json: JSON.stringify(converter.convert(xml)) },
          ),
        );
        for (const { offset, xml } of found)
          assert.equal(
            Buffer.from(document)
              .subarray(offset, offset + Buffer.byteLength(xml))
              .toString(),
            xml,
          );
      }),
      { numRuns },
    );
    assert.ok(records > numRuns / 5, `only ${records} records were read`);
  });

test('the places of fields are those of their JSON', () => {
  const fields = ['a', 'title', 'é', 'absent'];
  fc.assert(
    fc.property(recordDocument, chunkSizes, (document, sizes) => {
      for (const { json = '', fields: found } of kernelRecords(document, { fields, sizes })) {
        if (json === '') continue;
        const record: unknown = JSON.parse(json);
        const members = new Map<string, unknown>(typeof record === 'object' ? Object.entries(record ?? {}) : []);
        assert.deepEqual(
          found.map((value) => (value === undefined ? undefined : JSON.parse(value))),
          fields.map((field) => members.get(field)),
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('a document that is cut off anywhere is refused', () => {
  fc.assert(
    fc.property(recordDocument, chunkSizes, fc.nat(), (document, sizes, at) => {
      const bytes = Buffer.from(document);
      const end = bytes.lastIndexOf('</s>') + '</s>'.length;
      const whole = bytes.subarray(0, at % end);
      assert.throws(() => kernelRecords(whole, { sizes }), { name: 'FeedError' });
    }),
    { numRuns: 500 },
  );
});
