import assert from 'node:assert/strict';
import test from 'node:test';
import { refusalsIn } from '../../../jobs/feed-consumer/destinations/refusals.ts';

function reasonsIn(list: string): unknown {
  const refusals = refusalsIn(`{"rejected":[${list}]}`);
  return typeof refusals === 'string' ? refusals : refusals.map(({ reason }) => reason);
}

test('a record without a text for a reason is refused because of what there is', () => {
  assert.deepEqual(reasonsIn('{"index":0},{"index":1,"reason":null},{"index":2,"reason":""}'), [
    'it gave no reason',
    'it gave no reason',
    'it gave no reason',
  ]);
  assert.deepEqual(
    reasonsIn('{"index":0,"reason":{"code":3}},{"index":1,"code":"E7","field":"n"},{"index":2,"reason":7}'),
    ['{"code":3}', '{"code":"E7","field":"n"}', '7'],
  );
});

test('a reason that is too deep to be written again is none to fail for', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  assert.deepEqual(reasonsIn(`{"index":0,"reason":${deep}},{"index":1,"reason":"no"}`), [
    'it gave a reason that is nested too deep to be told',
    'no',
  ]);
});

test('it makes no difference how names are spelt, or that other members stand beside the list', () => {
  const expected = [{ index: 1, reason: 'no' }];
  const list = '"rejected" : [ {"index":1, "reason":"no"} ]';
  const escaped = String.raw`"\u0072ejected":[{"\u0069ndex":1,"r\u0065ason":"no"}]`;
  const noise = '"name":"rejected","items":[{"index":9,"reason":"x"},["]"]],"a":{"rejected":[{"index":8}]}';
  for (const answer of [`{${noise},${list}}`, `{${list},${noise}}`, `\n\t{${list}}\r\n`, `{${escaped}}`])
    assert.deepEqual(refusalsIn(answer), expected, answer);
});

test('as many refusals as there are count, a record more than once', () => {
  const all = Array.from({ length: 10_000 }, (_, index) => `{"index":${index}}`);
  assert.equal(refusalsIn(`{"rejected":[${all},{"index":0}]}`).length, 10_001);
});

test('what is cut off is broken, and what names no records in another way is foreign', () => {
  for (const answer of ['', '{"rejected":[{"index":1', '{"rejected":[{"index":1}]', '{"rejected":[{"index":}]}', '<p>'])
    assert.equal(refusalsIn(answer), 'broken', answer);
  for (const answer of ['[]', '7', '{}', '{"errors":[{"index":0}]}', '{"rejected":{"index":0}}', '{"rejected":[0]}'])
    assert.equal(refusalsIn(answer), 'foreign', answer);
  for (const index of ['"0"', '-1', '1.5', 'null', '1e300', '[0]'])
    assert.equal(refusalsIn(`{"rejected":[{"index":${index},"reason":"no"}]}`), 'foreign', index);
});
