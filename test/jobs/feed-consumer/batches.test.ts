import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Batch } from '../../../jobs/feed-consumer/batches/batch.ts';
import type { Start } from '../../../jobs/feed-consumer/batches/batcher.ts';
import { batchesOf } from '../../../jobs/feed-consumer/batches/batches.ts';
import type { SnapshotMessage } from '../../../jobs/messages/feed-message.ts';
import type { Log } from '../../../jobs/process/log.ts';
import { WorkFolder } from '../../../jobs/process/work-folder.ts';
import { toldReject } from '../../support/told-reject.ts';

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

/** What opens an object of these bytes, which come in pieces. */
const object = (bytes: Uint8Array, size: number) => async () => ({ etag: '"1"', bytes: pieces(bytes, size) });

async function batches(snapshot: SnapshotMessage, start: Start, size = 5): Promise<Omit<Batch, 'release'>[]> {
  const stored = snapshot.gzipped ? gzipSync(feed) : Buffer.from(feed);
  const made: Omit<Batch, 'release'>[] = [];
  using folder = new WorkFolder('batches-test');
  const reading = { snapshot, open: object(stored, size), batchSize: 10, start, folder, log: () => {} };
  for await (const { release, ...batch } of batchesOf(reading)) made.push(batch);
  return made;
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
  const otherHash = { sha256: '0'.repeat(64) };
  const isTheObject = { etag: '"1"' };
  for (const wrong of [
    ...[otherHash, { bytes: 1 }, { records: 24 }, { ...otherHash, etag: '"0"' }],
    ...[
      { ...isTheObject, bytes: 1 },
      { ...isTheObject, records: 24 },
    ],
  ]) {
    const given: number[] = [];
    using folder = new WorkFolder('batches-test');
    const read = async (): Promise<void> => {
      const source = batchesOf({
        snapshot: { ...message, ...wrong },
        open: object(gzipSync(feed), 100),
        batchSize: 10,
        start: { batches: 0, records: 0 },
        folder,
        log: () => {},
      });
      for await (const { number } of source) given.push(number);
    };
    await assert.rejects(read, { name: 'JobError', message: /message x-1-abc says/ });
    assert.deepEqual(given, [0, 1]);
  }
});

test('the very object that was published is known by its entity tag, and the same content stored again by its hash', async () => {
  const start = { batches: 0, records: 0 };
  const all = await batches(message, start);
  assert.deepEqual(await batches({ ...message, etag: '"1"', sha256: '0'.repeat(64) }, start), all);
  assert.deepEqual(await batches({ ...message, etag: '"0"' }, start), all);
});

/** The batches of a document that is as the message says. */
async function batchesOfDocument(
  document: string,
  more: Partial<SnapshotMessage>,
  events: string[] = [],
): Promise<Batch[]> {
  const bytes = Buffer.from(document);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { records: _, ...known } = message;
  const snapshot = { ...known, gzipped: false, sha256, bytes: bytes.length, ...more };
  const log: Log = (event, fields) => void events.push(JSON.stringify({ event, ...fields }));
  using folder = new WorkFolder('batches-test');
  const reading = { snapshot, open: object(bytes, 10_000), batchSize: 10, start: { batches: 0, records: 0 } };
  return await Readable.from(batchesOf({ ...reading, folder, log })).toArray();
}

const bytesOf = ({ content }: Pick<Batch, 'content'>): Buffer => {
  assert.ok(content.kind === 'memory');
  return Buffer.from(content.bytes);
};

const lineTexts = (batch: Batch): string[] =>
  batch.lines.map(({ start, end }) => bytesOf(batch).toString('utf8', start, end));

test('the lines of a batch follow each other, each with a newline behind it, whoever made them', async () => {
  const document = '<s><job>1</job><job>&unknown;</job><job _="x"><_>2</_></job><job>3</job><job><a>4</a></job></s>';
  const events: string[] = [];
  const [batch] = await batchesOfDocument(document, {}, events);
  assert.ok(batch !== undefined);
  assert.deepEqual(lineTexts(batch), ['"1"', '{"$":{"_":"x"},"_":"2"}', '"3"', '{"a":"4"}']);
  assert.equal(
    bytesOf(batch).toString(),
    lineTexts(batch)
      .map((line) => `${line}\n`)
      .join(''),
  );
  assert.deepEqual(
    batch.lines.map(({ record }) => record),
    [1, 3, 4, 5],
  );
  assert.deepEqual(events, ['{"event":"records read by xml2js","id":"x-1-abc","records":2}']);
});

test('a record that xml2js cannot read either is a reject with its text, and the feed goes on', async () => {
  const [batch] = await batchesOfDocument('<s>\n<job>&unknown;</job><job/></s>', {});
  assert.deepEqual(
    batch?.unreadable.map(toldReject).map(({ record, line, content }) => ({ record, line, content })),
    [{ record: 1, line: 2, content: '<job>&unknown;</job>' }],
  );
  assert.match(
    batch?.unreadable.map(toldReject)[0]?.reason ?? '',
    /xml2js cannot read the record: Invalid character entity/,
  );
  assert.equal(batch?.lines.length, 1);
});

test('entities of the document are replaced, but not in CDATA; those that grow without bound or hold themselves are refused', async () => {
  const dtd = `<!DOCTYPE s [ <!-- <!ENTITY no "comment"> it's --> <!ENTITY co "A &amp; B"> <!ENTITY both '&co;!'> <!ENTITY co "second"> ]>`;
  const [batch] = await batchesOfDocument(`${dtd}<s><job n="&co;">&both;<![CDATA[&co;]]>&lt;</job></s>`, {});
  assert.deepEqual(batch && lineTexts(batch), ['{"_":"A & B!&co;<","$":{"n":"A & B"}}']);
  const levels = Array.from({ length: 30 }, (_, level) => `<!ENTITY e${level + 1} "&e${level};&e${level};">`).join('');
  const bomb = `<!DOCTYPE s [<!ENTITY e0 "0123456789">${levels}]><s><job>&e30;</job></s>`;
  await assert.rejects(batchesOfDocument(bomb, {}), { name: 'FeedError', message: /add more than/ });
  const loop = '<!DOCTYPE s [<!ENTITY a "&b;"><!ENTITY b "&a;">]><s><job>&a;</job></s>';
  await assert.rejects(batchesOfDocument(loop, {}), { name: 'FeedError', message: /entity "a" refers to itself/ });
});

test('an entity is the one that the document declares, also through parameter entities', async () => {
  const texts = async (subset: string): Promise<readonly string[]> => {
    const [batch] = await batchesOfDocument(`<!DOCTYPE s [ ${subset} ]><s><job>&b;</job></s>`, {});
    return batch === undefined ? [] : lineTexts(batch);
  };
  assert.deepEqual(await texts(`<!ENTITY % p "<!ENTITY b 'late'>"> <!ENTITY b 'first'> %p;`), ['"first"']);
  assert.deepEqual(await texts(`<!ENTITY % n 'b'> <!ENTITY % p "<!ENTITY &#37;n; 'built'>"> %p;`), ['"built"']);
  await assert.rejects(texts('<!ENTITY b>'), { name: 'FeedError', message: /its DOCTYPE is not well-formed/ });
});

test('a record that breaks a rule is a reject that names field, rule and value, whoever read it', async () => {
  const fields = { n: { type: 'number' }, t: { required: true } } as const;
  const document =
    '<s><job><n>1</n><t>a</t></job>\n<job><n>x</n><t>a</t></job><job><t>&#0065;</t><n>y</n></job><job><n>2</n></job></s>';
  const [batch] = await batchesOfDocument(document, { fields });
  assert.deepEqual(batch && lineTexts(batch), ['{"n":"1","t":"a"}']);
  assert.deepEqual(batch?.unreadable.map(toldReject), [
    { record: 2, line: 2, reason: 'field "n" must be a number, not "x"', content: { n: 'x', t: 'a' } },
    { record: 3, line: 2, reason: 'field "n" must be a number, not "y"', content: { t: 'A', n: 'y' } },
    { record: 4, line: 2, reason: 'field "t" is required and has no text', content: { n: '2' } },
  ]);
});

test('a record of more than 64 MiB is a reject with its place, and the others are delivered', async () => {
  const document = `<s><job>1</job>\n<job>${'x'.repeat(64 * 1024 * 1024)}</job><job>3</job></s>`;
  const [batch] = await batchesOfDocument(document, {});
  assert.deepEqual(batch && lineTexts(batch), ['"1"', '"3"']);
  assert.deepEqual(
    batch?.unreadable.map(toldReject).map(({ record, line, reason }) => ({ record, line, reason })),
    [{ record: 2, line: 2, reason: 'it has more than 64 MiB; it begins at byte 16 of the text in UTF-8' }],
  );
});

test('an element that holds only an empty CDATA section is absent, or an empty text, as the message says', async () => {
  const document = '<s><job><a><![CDATA[]]></a><b/><c>&#0065;</c></job><job><a><![CDATA[]]></a><b/></job></s>';
  const [absent] = await batchesOfDocument(document, { emptyCDATA: false });
  assert.deepEqual(absent && lineTexts(absent), ['{"b":"","c":"A"}', '{"b":""}']);
  const [empty] = await batchesOfDocument(document, { emptyCDATA: true });
  assert.deepEqual(empty && lineTexts(empty), ['{"a":"","b":"","c":"A"}', '{"a":"","b":""}']);
});

test('a batch is full at 4 MB as well', async () => {
  const record = `<job>${'x'.repeat(900_000)}</job>`;
  const batches = await batchesOfDocument(`<s>${record.repeat(8)}</s>`, {});
  assert.deepEqual(
    batches.map(({ lines }) => lines.length),
    [5, 3],
  );
});
