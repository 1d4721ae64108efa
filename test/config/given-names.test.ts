import assert from 'node:assert/strict';
import test from 'node:test';
import { names } from '../../scripts/config/names.ts';
import { edited, load, mistakes, small } from './folder.ts';

const events = 'config/events.yaml';

test('an entry with a name of its own is meant by that name wherever config refers to it', (t) => {
  const files = edited(events, '  orders: {}', '  orders: { name: orders-by-hand }');
  const { site, config } = load(t, { ...small, ...files });
  assert.equal(names.bucket(site, 'orders'), 'orders-by-hand');
  assert.equal(config.jobDefinitions['import']?.environment['BUCKET'], 'orders-by-hand');
});

test("baton's own state bucket keeps its name, whatever an entry called state is given", (t) => {
  const { site } = load(t, {
    ...small,
    ...edited(events, '  orders: {}', '  orders: {}\n  state: { name: of-the-shop }'),
  });
  assert.equal(names.stateBucket(site), 'test-state-012345678901-eu-west-1');
});

test('a name that AWS would not take is a mistake, and so is one with a reference', (t) => {
  const named = (name: string) =>
    mistakes(t, { ...small, ...edited(events, '  imported:\n', `  imported:\n    name: ${name}\n`) });
  const at = 'config/events.yaml:12:11 topics.imported.name:';
  assert.deepEqual(named('a.b'), [`${at} "a.b" is no name that AWS takes here; it must match ^[\\w-]{1,256}$`]);
  assert.deepEqual(named(`"\${var.url}"`), [
    `${at} "\${var.url}" ("https://example.com/orders") must be written out: a name cannot hold a reference`,
  ]);
});

test('two entries of one name in AWS are a mistake', (t) => {
  const twice = edited(events, '  orders: {}', '  orders: { name: one-name }\n  others: { name: one-name }');
  assert.deepEqual(mistakes(t, { ...small, ...twice }), [
    'config/events.yaml:19:3 buckets.others: would be named "one-name" in AWS, as is buckets.orders; choose another name',
  ]);
});
