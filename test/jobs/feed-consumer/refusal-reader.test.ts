import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { RefusalReader, type Refusals } from '../../../jobs/feed-consumer/destinations/refusal-reader.ts';

/** What is read of an answer that comes in pieces of a size. */
function read(answer: string, size = answer.length): Refusals {
  const reader = new RefusalReader();
  const bytes = Buffer.from(answer);
  for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
  return reader.end();
}

test('a record is refused once, with the reason that came first', () => {
  const rejected = [
    { index: 3, reason: 'a' },
    { index: 0, reason: 'b' },
    { index: 3, reason: 'c' },
  ];
  assert.deepEqual(read(JSON.stringify({ rejected })), [
    { index: 3, reason: 'a' },
    { index: 0, reason: 'b' },
  ]);
});

test('a record without a text for a reason is refused because of what there is', () => {
  const reasons = (json: string): unknown => {
    const refusals = read(`{"rejected":[${json}]}`);
    return typeof refusals === 'string' ? refusals : refusals.map(({ reason }) => reason);
  };
  assert.deepEqual(reasons('{"index":0},{"index":1,"reason":null},{"index":2,"reason":""}'), [
    'it gave no reason',
    'it gave no reason',
    'it gave no reason',
  ]);
  assert.deepEqual(
    reasons('{"index":0,"reason":{"code":3}},{"index":1,"code":"E7","field":"n"},{"index":2,"reason":7}'),
    ['{"code":3}', '{"code":"E7","field":"n"}', '7'],
  );
});

test('it makes no difference that a byte order mark stands before it, or that other members stand beside the list', () => {
  const expected = [{ index: 1, reason: 'no' }];
  const list = '"rejected" : [ {"index":1, "reason":"no"} ]';
  const noise = '"name":"rejected","items":[{"index":9,"reason":"x"},["]"]],"a":{"rejected":[{"index":8}]}';
  for (const answer of [`\ufeff{${list}}`, `{${noise},${list}}`, `{${list},${noise}}`, `\n\t{${list}}\r\n`])
    assert.deepEqual(read(answer, 3), expected, answer);
});

test('a text of megabytes is cut, and what stands behind it is read', () => {
  for (const text of ['x'.repeat(1_000_000), 'é'.repeat(70_000), '\\u00e9'.repeat(70_000), '\\\\'.repeat(70_000)])
    for (const lead of ['', 'a', 'ab', 'abc', 'abcd', 'abcde']) {
      const refusals = read(`{"rejected":[{"index":0,"reason":"${lead}${text}"},{"index":1,"reason":"no"}]}`, 65_536);
      assert.ok(typeof refusals !== 'string', refusals.toString());
      const [{ reason } = { reason: '' }, second] = refusals;
      assert.ok(reason.length <= 1_001 && reason.endsWith('…'), `${reason.length} characters`);
      assert.ok(JSON.parse(`"${lead}${text}"`).startsWith(reason.slice(0, -1)));
      assert.deepEqual(second, { index: 1, reason: 'no' });
    }
});

test('what is cut off is broken, and what names no records in another way is foreign', () => {
  for (const answer of ['', '{"rejected":[{"index":1', '{"rejected":[{"index":1}]', '{"rejected":[{"index":}]}', '<p>'])
    assert.equal(read(answer), 'broken', answer);
  for (const answer of ['[]', '7', '{}', '{"errors":[{"index":0}]}', '{"rejected":{"index":0}}', '{"rejected":[0]}'])
    assert.equal(read(answer), 'foreign', answer);
  for (const index of ['"0"', '-1', '1.5', 'null', '1e300', '[0]'])
    assert.equal(read(`{"rejected":[{"index":${index},"reason":"no"}]}`), 'foreign', index);
});

test('however an answer is cut into pieces, it is read as JSON.parse reads it', () => {
  const refusal = fc.record({ index: fc.nat(50), reason: fc.string({ unit: 'binary', minLength: 1 }) });
  const answers = fc.record({ before: fc.jsonValue(), rejected: fc.array(refusal), after: fc.jsonValue() });
  const cases = fc.property(answers, fc.integer({ min: 1, max: 9 }), fc.boolean(), (answer, size, isPretty) => {
    const json = JSON.stringify(answer, undefined, isPretty ? 2 : 0);
    const first = new Map(answer.rejected.toReversed().map(({ index, reason }) => [index, reason]));
    const refusals = read(json, size);
    assert.ok(typeof refusals !== 'string', json);
    assert.deepEqual(new Map(refusals.map(({ index, reason }) => [index, reason])), first);
  });
  fc.assert(cases, { numRuns: 300 });
});
