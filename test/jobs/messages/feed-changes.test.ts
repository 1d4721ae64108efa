import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import test from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type FeedChange, readChanges, writeChanges } from '../../../jobs/messages/feed-changes.ts';
import { type RecordRun, RecordSet } from '../../../jobs/messages/record-set.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Uint8Array, id = 'x-1-abc', size = 7): Promise<FeedChange[]> {
  const changes: FeedChange[] = [];
  for await (const change of readChanges(id, pieces(bytes, size))) changes.push(change);
  return changes;
}

const written = (runs: readonly RecordRun[], removed: readonly string[]): Promise<Buffer> =>
  buffer(writeChanges('x-1-abc', runs, removed));

test('a list is read as it was written, in whatever pieces', async () => {
  const records = fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }));
  const cases = fc.asyncProperty(
    records,
    fc.array(fc.string({ minLength: 1, unit: 'binary' })),
    fc.integer({ min: 1, max: 50 }),
    async (members, removed, size) => {
      const set = new RecordSet();
      for (const record of members) set.add(record);
      const runs = [...set.runs()];
      assert.deepEqual(await read(await written(runs, removed), 'x-1-abc', size), [
        ...runs.map((run) => ({ kind: 'deliver', run })),
        ...removed.map((id) => ({ kind: 'removed', id })),
      ]);
    },
  );
  await fc.assert(cases, { numRuns: 50 });
});

test('a set of records gives its members back, those in a row together', () => {
  const set = new RecordSet();
  for (const record of [9, 1, 2, 8_192, 2, 3, 8_191, 1_000_000]) set.add(record);
  assert.deepEqual(
    [...set.runs()],
    [
      [1, 3],
      [9, 9],
      [8_191, 8_192],
      [1_000_000, 1_000_000],
    ],
  );
  assert.deepEqual([set.has(8_192), set.has(8_193), set.has(2_000_000)], [true, false, false]);
});

test('wherever a list is cut off, and whatever byte of its text is another, it is refused', async () => {
  const whole = await written([[2, 3]], ['a']);
  assert.equal((await read(whole)).length, 2);
  for (let length = 0; length < whole.length; length++)
    await assert.rejects(read(whole.subarray(0, length)), { name: 'ContractError' }, `${length} bytes`);
  const text = gunzipSync(whole);
  // The last byte is the newline, which nothing needs.
  for (let at = 0; at < text.length - 1; at++) {
    const damaged = Buffer.from(text);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    await assert.rejects(read(gzipSync(damaged)), { name: 'ContractError' }, `byte ${at}: ${damaged}`);
  }
});

test('the list of another message is refused, and an error of the source is told as it is', async () => {
  const whole = await written([[2, 3]], []);
  await assert.rejects(read(whole, 'x-2-abc'), {
    message: 'the list of changes is that of message x-1-abc, not of x-2-abc',
  });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield whole.subarray(0, 5);
    throw new Error('reset');
  }
  await assert.rejects(
    async () => {
      for await (const _ of readChanges('x-1-abc', broken()));
    },
    { message: 'reset' },
  );
});

test('an error of what removed ids come from reaches who reads the list', async () => {
  async function* broken(): AsyncGenerator<string> {
    yield 'a';
    throw new Error('no more');
  }
  await assert.rejects(buffer(writeChanges('x', [], broken())), /no more/);
});
