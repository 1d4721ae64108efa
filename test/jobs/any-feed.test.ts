import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { deliveredRecords } from '../support/delivered-records.ts';
import { type RunEnd, runWatcher } from '../support/job-runs.ts';
import { JobWorld } from '../support/job-world.ts';
import { answers, type MoodyServer, startMoodyServer } from '../support/moody-server.ts';

let world: JobWorld;
let server: MoodyServer;
before(async () => {
  world = await JobWorld.start();
  server = await startMoodyServer();
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

type Headers = Readonly<Record<string, string>>;

interface Served {
  readonly path?: string;
  readonly headers?: Headers;
  readonly variables?: Readonly<Record<string, string>>;
}

let looks = 0;

async function watch(body: string | Uint8Array, { path = '/feed', headers, variables }: Served): Promise<RunEnd> {
  server.will(answers(200, headers, body));
  const FEED_URL = `${server.origin}${path}`;
  return await runWatcher(world, { FEED_URL, FEED_TYPE: `feed-${++looks}`, ...variables });
}

/** What the destination gets of a feed that is served in this way. */
async function delivered(body: string | Uint8Array, served: Served = {}): Promise<string[]> {
  const { last } = await watch(body, served);
  assert.equal(last.event, 'feed changed', JSON.stringify(last));
  return await deliveredRecords(world, world.topic.published.at(-1) ?? '');
}

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const declared = (encoding: string, content: string): Buffer =>
  Buffer.concat([
    Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><s><job>`),
    bytesOf(content),
    Buffer.from('</job></s>'),
  ]);

/** Bytes as Python's codecs write a text. */
const encoded: readonly (readonly [feed: Buffer, text: string])[] = [
  [Buffer.from('\ufeff<s><job>ä€</job></s>'), 'ä€'],
  [Buffer.from('\ufeff<s><job>ä€🚀</job></s>', 'utf16le'), 'ä€🚀'],
  [utf16be('\ufeff<s><job>ä€🚀</job></s>'), 'ä€🚀'],
  [declared('ISO-8859-2', 'b3 f3 bc e6'), 'łóźć'],
  [declared('windows-1252', '80 e4'), '€ä'],
  [declared('Shift_JIS', '93fa 967b'), '日本'],
  [declared('EUC-JP', 'c6fc cbdc'), '日本'],
];

test('whatever a feed is encoded in, its records arrive in UTF-8', async () => {
  for (const [feed, text] of encoded) assert.deepEqual(await delivered(feed), [JSON.stringify(text)]);
});

test('whether a feed is gzip its first bytes tell, and neither its name nor a header', async () => {
  const plain = '<s><job>1</job></s>';
  const packed = { path: '/feed.xml.gz', headers: { 'content-type': 'application/gzip', 'content-encoding': 'gzip' } };
  assert.deepEqual(await delivered(plain, packed), ['"1"']);
  const named = { path: '/feed.xml', headers: { 'content-type': 'text/xml' } };
  assert.deepEqual(await delivered(gzipSync(plain), named), ['"1"']);
});

test('an empty CDATA section is a field left out or an empty text, as the setting says', async () => {
  const feed = '<s><job><a><![CDATA[]]></a><b>1</b></job></s>';
  assert.deepEqual(await delivered(feed, { variables: { EMPTY_CDATA: 'false' } }), ['{"b":"1"}']);
  assert.deepEqual(await delivered(feed, { variables: { EMPTY_CDATA: 'true' } }), ['{"a":"","b":"1"}']);
  assert.deepEqual(await delivered(feed), ['{"a":"","b":"1"}']);
});

test('what a feed wants to have fetched from elsewhere neither job fetches, and the record that needs it is a reject', async () => {
  const doctype = `<!DOCTYPE s SYSTEM "${server.origin}/s.dtd" [<!ENTITY e SYSTEM "${server.origin}/e">
    <!ENTITY % p SYSTEM "${server.origin}/p"> %p;]>`;
  const feed = `${doctype}<s xmlns="${server.origin}/s"><job>&e;</job><job>2</job></s>`;
  assert.deepEqual(await delivered(feed), ['"2"']);
  assert.equal(server.asked.length, 1);
  const [rejects = ''] = await world.keys(`rejects/feed-${looks}-`);
  assert.match(String(await world.get(rejects)), /^{"record":1,.*&e;/);
});
