import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Batch, batchesOf, type Start } from '../../../jobs/feed-consumer/batches.ts';
import type { SnapshotMessage } from '../../../jobs/messages/feed-message.ts';

const feed = `<s>${Array.from({ length: 25 }, (_, index) => `<job>${index + 1}</job>`).join('')}</s>`;
const message: SnapshotMessage = {
  version: 1,
  id: 'x-1-abc',
  type: 'x',
  jobXmlTag: 'job',
  gzipped: true,
  emptyCDATA: true,
  bucket: 'b',
  key: 'k',
  sha256: createHash('sha256').update(feed).digest('hex'),
  bytes: feed.length,
  records: 25,
};

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function batches(snapshot: SnapshotMessage, start: Start, size = 5): Promise<Batch[]> {
  const stored = snapshot.gzipped ? gzipSync(feed) : Buffer.from(feed);
  return await Readable.from(batchesOf(snapshot, pieces(stored, size), 10, start)).toArray();
}

test('an attempt that resumes makes the very batches that the first would have made', async () => {
  const all = await batches(message, { batches: 0, records: 0 });
  assert.deepEqual(
    all.map(({ number, lines }) => [number, lines.length]),
    [
      [0, 10],
      [1, 10],
      [2, 5],
    ],
  );
  assert.deepEqual(await batches(message, { batches: 1, records: 10 }), all.slice(1));
  assert.deepEqual(await batches(message, { batches: 3, records: 25 }), []);
});

test('the stored bytes may come in any pieces, gzipped or not', async () => {
  const all = await batches(message, { batches: 0, records: 0 }, 1000);
  for (const size of [1, 2, 3, 7])
    for (const gzipped of [true, false])
      assert.deepEqual(await batches({ ...message, gzipped }, { batches: 0, records: 0 }, size), all);
});

test('the last batch is held back when hash, length or count are not those of the message', async () => {
  for (const wrong of [{ sha256: '0'.repeat(64) }, { bytes: 1 }, { records: 24 }]) {
    const given: number[] = [];
    const read = async (): Promise<void> => {
      const source = batchesOf({ ...message, ...wrong }, pieces(gzipSync(feed), 100), 10, { batches: 0, records: 0 });
      for await (const { number } of source) given.push(number);
    };
    await assert.rejects(read, { name: 'JobError', message: /message x-1-abc says/ });
    assert.deepEqual(given, [0, 1]);
  }
});
