import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type TakenIn, takeIn } from '../../../jobs/feed-watcher/intake/intake.ts';
import { type FeedParts, parseFeedParts, partKey } from '../../../jobs/messages/feed-parts.ts';
import { parseFeedSettings } from '../../../jobs/messages/feed-settings.ts';
import { runJob } from '../../../jobs/process/run-job.ts';
import { WorkFolder } from '../../../jobs/process/work-folder.ts';
import { DocumentChecker } from '../../../jobs/xml/document-checker.ts';
import { deliveredRecords } from '../../support/delivered-records.ts';
import { JobWorld } from '../../support/job-world.ts';
import { WatchedFeed } from '../../support/watched-feed.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Taken extends TakenIn {
  /** The texts of the parts, or of the one object. */
  readonly texts: readonly Buffer[];
}

/** Takes a feed in that may be stored as one object up to so many bytes, and in parts of as many. */
async function take(body: AsyncIterable<Uint8Array>, partsAbove: number): Promise<Taken> {
  using folder = new WorkFolder('feed-watcher');
  const texts: Buffer[] = [];
  const store = {
    remove: async (): Promise<void> => {},
    upload: async (_: string, path: string): Promise<string> => {
      texts.push(gunzipSync(readFileSync(path)));
      return `"${texts.length}"`;
    },
  };
  const feed = { ...parseFeedSettings('{}'), partsAbove, partSize: partsAbove };
  const taken = await takeIn({ tag: 'job', feed, folder, store, partsBase: 'base' }, body);
  if (taken.stored.kind === 'file') texts.push(gunzipSync(readFileSync(taken.stored.path)));
  return { ...taken, texts };
}

function assertWellFormed(text: Uint8Array): void {
  const checker = new DocumentChecker('job');
  checker.write(text);
  checker.end();
}

const doctypes = [
  '',
  '<!DOCTYPE s>',
  '<!DOCTYPE s [<!ENTITY co "A &amp; B]>"> <!-- \' > ] --> <?p ]> ?>]>',
  '<!DOCTYPE s SYSTEM "a>b.dtd" [\n<!ENTITY co \'"\'>\n] >',
];
const roots = [
  ['<s>', '</s>'],
  ['<s a=">" b="x\'/">\n<head>no</head>', '<foot/></s>'],
  ['<m:s xmlns:m="urn:m"><deep><er>', '</er></deep></m:s>'],
] as const;
const records = [
  '<job/>',
  '<job a=">"/>',
  '<m:job>ü</m:job>',
  '<job><job>inner</job></job>',
  '<job><![CDATA[</job>]]></job>',
  '<job>\n1</job >',
];
const documents = fc.record({
  declaration: fc.constantFrom(
    '',
    '\uFEFF',
    '<?xml version="1.0" encoding="utf-8"?>\n',
    '<?xml version="1.0"?><!-- <s> --><?p <s> ?>',
  ),
  doctype: fc.constantFrom(...doctypes),
  root: fc.constantFrom(...roots),
  records: fc.array(fc.constantFrom(...records), { minLength: 1, maxLength: 12 }),
  between: fc.constantFrom('', '\n', '<!-- <job/> -->', '<other>x</other>'),
});

test('parts hold every record once, in order, each within the same document type and root, in whatever pieces it comes', async () => {
  const size = fc.oneof(fc.constantFrom(1, 2, 3, 7), fc.integer({ min: 1, max: 400 }));
  await fc.assert(
    fc.asyncProperty(
      documents,
      size,
      fc.integer({ min: 20, max: 300 }),
      fc.boolean(),
      async (each, chunk, most, isGzip) => {
        const { declaration, doctype, root, between } = each;
        const xml = Buffer.from(`${declaration}${doctype}${root[0]}${each.records.join(between)}${root[1]}`);
        const { content, stored, texts } = await take(pieces(isGzip ? gzipSync(xml) : xml, chunk), most);
        assert.equal(content.sha256, createHash('sha256').update(xml).digest('hex'));
        assert.deepEqual([content.bytes, content.records], [xml.length, each.records.length]);
        assert.equal(stored.kind, xml.length > most ? 'parts' : 'file');
        if (stored.kind === 'file') return assert.deepEqual(texts, [xml]);
        const tag = /^<(?:"[^"]*"|[^">])*>/.exec(root[0])?.[0];
        const head = ['<?xml version="1.0" encoding="UTF-8"?>', doctype, tag].filter((line) => line !== '').join('\n');
        const tail = `</${/^<([^\s>]+)/.exec(root[0])?.[1]}>\n`;
        let next = 0;
        for (const [index, part] of stored.parts.entries()) {
          const text = texts[index] ?? Buffer.alloc(0);
          const own = each.records.slice(next, next + part.records);
          assert.equal(text.toString(), `${head}\n${own.map((record) => `${record}\n`).join('')}${tail}`);
          assertWellFormed(text);
          assert.deepEqual(
            [part.key, part.firstRecord, part.bytes, part.sha256],
            [partKey('base', index), next + 1, text.length, createHash('sha256').update(text).digest('hex')],
          );
          next += part.records;
        }
        assert.equal(next, each.records.length);
      },
    ),
    { numRuns: 150 },
  );
});

test('a download that breaks off is not given back before its parts are: those of the next one have the same keys', async () => {
  using folder = new WorkFolder('feed-watcher');
  const events: string[] = [];
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const store = {
    remove: async (): Promise<void> => {},
    upload: async (key: string): Promise<string> => {
      events.push(`begun ${key}`);
      // What breaks the download off comes while the first part is on its way.
      await released;
      events.push(`done ${key}`);
      return '"1"';
    },
  };
  const breaking = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`<s>${'<job>1</job>'.repeat(1_000)}`);
    yield Buffer.from('<job>2</job>');
    setImmediate(release);
    throw new Error('broken off');
  };
  const feed = { ...parseFeedSettings('{}'), partsAbove: 100, partSize: 7_000 };
  const taking = takeIn({ tag: 'job', feed, folder, store, partsBase: 'base' }, breaking());
  await assert.rejects(
    taking.catch((error: unknown) => {
      events.push('given back');
      throw error;
    }),
    /broken off/,
  );
  assert.equal(events[0], 'begun base/part-00000.xml.gz');
  assert.equal(events.at(-1), 'given back');
  assert.equal(
    events.filter((event) => event.startsWith('begun')).length,
    events.filter((event) => event.startsWith('done')).length,
  );
});

test('a feed that is refused, and whose parts cannot be removed, is told with both reasons and its place', async () => {
  using folder = new WorkFolder('feed-watcher');
  const remove = async (): Promise<void> => {
    throw new Error('no way to S3');
  };
  const store = { remove, upload: async (): Promise<string> => '"1"' };
  const feed = { ...parseFeedSettings('{}'), partsAbove: 100, partSize: 1_000 };
  const told: unknown[] = [];
  const body = pieces(Buffer.from(`<s>${'<job>1</job>'.repeat(1_000)}</t>`), 500);
  const exitCode = await runJob(
    (_event, fields) => void told.push(fields),
    async () => {
      await takeIn({ tag: 'job', feed, folder, store, partsBase: 'base' }, body);
      return 0;
    },
  );
  assert.equal(exitCode, 1);
  const refusal = 'the feed is refused: it is not well-formed XML, </t> where </s> is expected at line 1, column 12004';
  const error = `${refusal}; and its parts were not removed: no way to S3`;
  assert.deepEqual(told, [{ error, line: 1, column: 12_004, offset: 12_003 }]);
});

test('parts are in UTF-8, whatever the feed is in', async () => {
  const jobs = Array.from({ length: 30 }, (_, n) => `<job>grün ${n}</job>`);
  const document = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?><s>${jobs.join('')}</s>`;
  const bodies = [
    Buffer.from(document('iso-8859-1'), 'latin1'),
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(document('utf-16'), 'utf16le')]),
  ];
  for (const body of bodies) {
    const { texts } = await take(pieces(body, 100), 200);
    assert.ok(texts.length > 2);
    assert.deepEqual(
      texts.flatMap((text) => text.toString().match(/<job>.*<\/job>/g) ?? []),
      jobs,
    );
    for (const text of texts) assert.match(text.toString(), /^<\?xml version="1.0" encoding="UTF-8"\?>\n<s>\n/);
  }
});

test('where the record is the root it stays as it is', async () => {
  const { texts } = await take(pieces(Buffer.from(`<?p?><job>${'x'.repeat(300)}</job>`), 50), 100);
  assert.deepEqual(texts.map(String), [`<?xml version="1.0" encoding="UTF-8"?>\n<job>${'x'.repeat(300)}</job>\n`]);
});

const numbered = (count: number, text = ''): string =>
  `<s>${Array.from({ length: count }, (_, n) => `<job><n>${n}</n>${text}</job>`).join('\n')}</s>`;
const manifestOf = async (key: string): Promise<FeedParts> =>
  parseFeedParts(String(await world.get(`${key}/manifest.json`)));

test('a feed above the size is published in parts, which the consumer delivers whole', async () => {
  await using feed = await WatchedFeed.start(world, 'parts', {
    id: 'n',
    partsAbove: 5_000,
    partSize: 2_000,
    delta: true,
  });
  for (const body of [numbered(500), gzipSync(numbered(600))]) {
    const { exitCode, last } = await feed.publish(body);
    assert.equal(exitCode, 0, JSON.stringify(last));
    const { key, parts = 0, records } = feed.latest;
    const manifest = await manifestOf(key);
    assert.ok(parts > 4 && manifest.parts.length === parts);
    const kept = [
      `${key}/manifest.json`,
      ...manifest.parts.map((part) => part.key),
      `${key}.records.gz`,
      feed.latest.changes?.key,
    ];
    assert.deepEqual(await world.keys(key), kept.filter((each) => each !== undefined).sort());
    for (const part of manifest.parts) assert.equal(part.etag, await world.etagOf(part.key));
    const { changes: _, ...whole } = feed.latest;
    const delivered = await deliveredRecords(world, JSON.stringify(whole));
    assert.deepEqual(
      delivered,
      Array.from({ length: records ?? 0 }, (__, n) => JSON.stringify({ n: String(n) })).sort(),
    );
  }
  const { added, removed, changed } = feed.latest.changes ?? {};
  assert.deepEqual([added, removed, changed], [100, 0, 0]);
  const { since, ...changes } = feed.latest.changes ?? assert.fail();
  assert.deepEqual(since, { id: feed.messages[0]?.id, parts: feed.messages[0]?.parts });
  assert.equal((await deliveredRecords(world, JSON.stringify({ ...feed.latest, changes }))).length, 100);
  // A destination that did not get the version before.
  assert.equal((await deliveredRecords(world, JSON.stringify(feed.latest))).length, 600);
});

test('a feed below the size is one object, and one that grows beyond it and back changes its form', async () => {
  await using feed = await WatchedFeed.start(world, 'grows', { partsAbove: 2_000 });
  const forms: (number | undefined)[] = [];
  for (const count of [60, 120, 70]) {
    await feed.publish(numbered(count));
    forms.push(feed.latest.parts);
  }
  assert.deepEqual(forms, [undefined, 3, undefined]);
});

test('a large feed that has not changed leaves nothing behind', async () => {
  await using feed = await WatchedFeed.start(world, 'same', { partsAbove: 1_000 });
  await feed.publish(numbered(200));
  const before = await world.keys('snapshots/same/');
  assert.equal((await feed.publish(gzipSync(numbered(200)))).last['reason'], 'same content');
  assert.deepEqual(await world.keys('snapshots/same/'), before);
});

test('a large feed that is refused at its end leaves nothing behind', async () => {
  await using feed = await WatchedFeed.start(world, 'refused', { partsAbove: 1_000 });
  const { exitCode, last } = await feed.publish(`${numbered(200)}<more/>`);
  assert.equal(exitCode, 1);
  assert.match(String(last['error']), /not well-formed/);
  assert.deepEqual(await world.keys('snapshots/refused/'), []);
});

test('a large feed whose records come to a single part is a snapshot that is that part, and is known again', async () => {
  await using feed = await WatchedFeed.start(world, 'single', { partsAbove: 1_000 });
  const xml = numbered(1, 'x'.repeat(2_000));
  await feed.publish(xml);
  assert.match(feed.latest.key, /^snapshots\/single\/1-job-1\/part-00000.xml.gz$/);
  assert.equal(feed.latest.parts, undefined);
  assert.equal(feed.latest.etag, await world.etagOf(feed.latest.key));
  assert.equal((await deliveredRecords(world, JSON.stringify(feed.latest))).length, 1);
  assert.equal((await feed.publish(gzipSync(xml))).last['reason'], 'same content');
  assert.equal((await feed.publish(numbered(2, 'x'.repeat(2_000)))).exitCode, 0);
  assert.equal((await feed.state()).content, undefined);
});

test('what runs that died have left of the current version is removed, and nothing of the one to come', async () => {
  await using feed = await WatchedFeed.start(world, 'swept');
  const dead = [
    'snapshots/swept/1-dead.xml.gz',
    'snapshots/swept/1-dead/part-00000.xml.gz',
    'snapshots/swept/1-job-1.changes.gz',
  ];
  const toCome = 'snapshots/swept/2-other/part-00000.xml.gz';
  for (const key of [...dead, toCome]) await world.put(key, 'x');
  const first = await feed.publish(numbered(1));
  assert.deepEqual(await world.keys('snapshots/swept/'), ['snapshots/swept/1-job-1.xml.gz', toCome]);
  assert.ok(first.events.some(({ event, objects }) => event === 'leftovers removed' && objects === 3));
  await world.put('snapshots/swept/1-late.xml.gz', 'x');
  await feed.look();
  assert.equal(await world.get('snapshots/swept/1-late.xml.gz'), undefined);
});
