import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import { batchesOf } from '../../../../jobs/feed-consumer/batches/batches.ts';
import { piecesOf } from '../../../../jobs/feed-consumer/batches/content.ts';
import { RecordConverter } from '../../../../jobs/feed-consumer/batches/record-object.ts';
import { Spool } from '../../../../jobs/feed-consumer/large-records/spool.ts';
import type { SnapshotMessage } from '../../../../jobs/messages/feed-message.ts';
import { WorkFolder } from '../../../../jobs/process/work-folder.ts';
import { type ToldReject, toldReject } from '../../../support/told-reject.ts';

const megabyte = 1_000_000;
const x = (count: number): string => 'x'.repeat(count);
const small = '<job>small</job>';

interface Reading extends Partial<SnapshotMessage> {
  readonly skip?: { readonly batches: number; readonly records: number };
  /** Bytes of a piece of the stored document. */
  readonly size?: number;
}

/** A batch as it was delivered. */
interface Delivered {
  readonly number: number;
  readonly kind: 'memory' | 'file';
  readonly json: string;
  readonly records: readonly number[];
  readonly rejects: readonly ToldReject[];
}

/** Delivers the batches of a document one after the other, and gives what came before an error, if there is one. */
async function delivered(document: string, { skip, size = 100_000, ...more }: Reading = {}) {
  const bytes = Buffer.from(document);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const about = { version: 1, type: 'x', jobXmlTag: 'job', gzipped: false, emptyCDATA: true } as const;
  const snapshot = { ...about, id: 'x-1-abc', bucket: 'b', key: 'k', sha256, bytes: bytes.length, ...more };
  async function* stored(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  using folder = new WorkFolder('large-batches-test');
  const batches: Delivered[] = [];
  const start = skip ?? { batches: 0, records: 0 };
  try {
    const open = async () => ({ etag: undefined, bytes: stored() });
    const reading = { snapshot, open, batchSize: 10, start, folder, log: () => {} };
    for await (const { number, content, lines, unreadable, release } of batchesOf(reading)) {
      const length = content.kind === 'file' ? content.length : content.bytes.length;
      const json = length === 0 ? '' : await text(piecesOf(content, 0, length));
      batches.push({
        number,
        kind: content.kind,
        json,
        records: lines.map(({ record }) => record),
        rejects: unreadable.map(toldReject),
      });
      release();
      assert.ok(content.kind === 'memory' || !existsSync(content.path));
    }
  } catch (error) {
    return { batches, error };
  }
  return { batches, error: undefined };
}

const jsonOf = (record: string): string => `${JSON.stringify(new RecordConverter(true).convert(record))}\n`;

test('a record of more than 1 MiB travels alone, from a file that is gone when it was delivered', async () => {
  const large = `<job id="1"><a>é&amp;</a><text>${x(2 * megabyte)}</text><a/><b><c>${x(2 * megabyte)}</c> y</b></job>`;
  const { batches } = await delivered(`<s>${small}${small}${large}${small}</s>`);
  assert.deepEqual(
    batches.map(({ number, kind, records }) => [number, kind, records]),
    [
      [0, 'memory', [1, 2]],
      [1, 'file', [3]],
      [2, 'memory', [4]],
    ],
  );
  assert.ok(batches[1]?.json === jsonOf(large));
});

test('however the document comes, and wherever reading begins, the batches are the same', async () => {
  // Each of them is whole in memory or comes in parts, depending on where its pieces are cut; the JSON of the second is twice as long.
  const edge = [
    `<job><a>1</a>${x(1_100_000)}</job>`,
    `<job>${'"'.repeat(900_000)}</job>`,
    `<job>${x(1_020_000)}</job>`,
  ];
  const document = `<s>${small}${edge.join(small)}${small}</s>`;
  const { batches } = await delivered(document, { size: 1_000 });
  assert.deepEqual(
    batches.map(({ records }) => records),
    [[1], [2], [3], [4], [5, 6, 7]],
  );
  const whole = batches.map(({ number, json, records }) => ({ number, json, records }));
  for (const size of [70_000, 1_000_003, document.length])
    for (const [done, { records }] of batches.entries()) {
      const skip = { batches: done, records: (records[0] ?? 0) - 1 };
      const again = (await delivered(document, { size, skip })).batches;
      const same = again.map(({ number, json, records: each }) => ({ number, json, records: each }));
      assert.equal(JSON.stringify(same) === JSON.stringify(whole.slice(done)), true, `from ${done} on, in ${size}`);
    }
});

test('what is told of a reject is the same as well, and so is what is refused for its names', async () => {
  const names = (count: number): string =>
    Array.from({ length: count }, (_, at) => `<n${at}>${x(270)}</n${at}>`).join('');
  const records = [
    `<job a="&#065;"><a>&unknown;</a><b>${x(1_100_000)}</b></job>`,
    `<job>${'<a/>'.repeat(40_000)}&unknown;</job>`,
    `<job>${names(4_000)}</job>`,
    `<job>${names(4_100)}</job>`,
  ];
  const document = `<!DOCTYPE s SYSTEM "x"><s>${records.join(small)}</s>`;
  const [first, ...others] = await Promise.all(
    [1_000, 62_144, 262_144, document.length].map(async (size) => (await delivered(document, { size })).batches),
  );
  assert.deepEqual(
    first?.map(({ records: each, rejects }) => [each, rejects.map(({ record }) => record)]),
    [
      [
        [2, 4],
        [1, 3],
      ],
      [[5], []],
      [[6], [7]],
    ],
  );
  const bare = (all: typeof first) =>
    all?.map(({ number, json, rejects }) => JSON.stringify({ number, json, rejects }));
  for (const other of others) assert.ok(JSON.stringify(bare(other)) === JSON.stringify(bare(first)));
});

test('a feed of one large record alone is not delivered when it is not what was published', async () => {
  const { batches, error } = await delivered(`<s><job>${x(5 * megabyte)}</job></s>`, { sha256: '0'.repeat(64) });
  assert.deepEqual(batches, []);
  assert.match(String(error), /JobError: reading s3:\/\/b\/k: its content has/);
});

test('rules are kept by large records as well, but where a text is too long for that', async () => {
  const fields = {
    '@id': { type: 'number' },
    title: { required: true, maxLength: 5 },
    text: { required: true },
  } as const;
  const record = (id: string, title: string, body: string): string =>
    `<job id="${id}">${title}<text>${body}</text></job>`;
  const long = x(2 * megabyte);
  const good = record('1', '<title>short</title>', long);
  const bad = [
    record('x', '<title>short</title>', long),
    record('3', '<title>far too long</title>', long),
    record('4', '', long),
    `<job id="5"><title>short</title><text><b>${long}</b></text></job>`,
    record('6', `<title>${x(7 * megabyte)}</title>`, 'text'),
  ];
  const { batches } = await delivered(`<s>${good}${bad.join('')}</s>`, { fields });
  assert.deepEqual(
    batches.flatMap(({ records }) => records),
    [1],
  );
  const rejects = batches.flatMap(({ rejects: each }) => each);
  assert.deepEqual(
    rejects.map(({ record: number, reason }) => [number, reason]),
    [
      [2, 'field "@id" must be a number, not "x"'],
      [3, 'field "title" must have at most 5 characters, not "far too long"'],
      [4, 'field "title" is required and has no text'],
      [5, 'field "text" is required and has no text'],
      [6, `field "title" has ${7 * megabyte + 2} bytes, too many to be held to its rule`],
    ],
  );
  assert.equal(String(rejects[0]?.content).length, 1024 * 1024 + 1);
});

test('a large record that cannot be an object is a reject with what it begins with, and the feed goes on', async () => {
  const names = Array.from({ length: 4_097 }, (_, index) => `<n${index}/>`).join('');
  const records = [`<job>${x(2 * megabyte)}&unknown;</job>`, `<job><a>${x(2 * megabyte)}</a>${names}</job>`];
  const { batches } = await delivered(`<s>\n${records.join('\n')}\n${small}</s>`);
  assert.deepEqual(
    batches.flatMap(({ rejects }) => rejects).map(({ record, line }) => [record, line]),
    [
      [1, 2],
      [2, 3],
    ],
  );
  const [unknown, many] = batches.flatMap(({ rejects }) => rejects);
  assert.match(unknown?.reason ?? '', /^xml2js cannot read the record: Invalid character entity/);
  assert.equal(unknown?.content, `<job>${x(1024 * 1024 - 5)}…`);
  assert.match(many?.reason ?? '', /^an element of it has children of more than 4096 names$/);
  assert.deepEqual(
    batches.map(({ records: each }) => each),
    [[3]],
  );
});

test('a file that cannot be written fails the job, and is no fault of a record', () => {
  assert.throws(() => new Spool('/dev/null/record', Buffer.alloc(16)), {
    name: 'JobError',
    message: /^keeping a large record in \/dev\/null\/record: ENOTDIR.*needs a file system at TMPDIR with room/,
  });
});
