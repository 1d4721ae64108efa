import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { LocalProcess } from './local-process.ts';

async function feedFile(t: TestContext, name: string, content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'given-feed-'));
  t.after(() => rm(folder, { recursive: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test('a gzipped feed of other records goes through in two days, told to a pipe in plain lines', async (t) => {
  const xml = '<shop><product sku="1"><name>Été</name></product><product sku="2"><name/></product></shop>';
  const feed = await feedFile(t, 'products.xml.gz', gzipSync(xml));
  const process = new LocalProcess(t, ['start', '--feed', feed, '--record-tag', 'product', '--type', 'shop']);
  const { code, out, err } = await process.ended;
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  // Nothing that moves a cursor, colours, or writes over a line.
  assert.doesNotMatch(out, /[^\n\P{Cc}]/u);
  assert.match(
    out,
    /^plan {3}\d+ resources to create\napply {2}\d+ resources created in .* s\nagain {2}nothing to do$/m,
  );
  assert.match(out, /^day 1 .* the feed is new$/m);
  assert.match(out, /^ {2}\d\d:\d\d:\d\d {2}SUCCEEDED {2}lambda-feed-consumer-shop-1-[0-9a-f]{12} {2}\d+\.\d s$/m);
  assert.match(out, /^day 2 .* the feed is unchanged$/m);
  assert.match(out, /^2 records \(\d+ B\) delivered to .*records\.ndjson\nsucceeded in .* s\n$/m);
  assert.equal(
    readFileSync(join(process.output, 'records.ndjson'), 'utf8'),
    '{"$":{"sku":"1"},"name":"Été"}\n{"$":{"sku":"2"},"name":""}\n',
  );
});

test('a malformed feed ends the story with the log of the job, the reason and its place', async (t) => {
  const feed = await feedFile(t, 'broken.xml', '<source>\n  <job><title>One</title></job>\n  <job><title>Two</job>\n');
  const process = new LocalProcess(t, ['start', '--feed', feed]);
  const { code, out, err } = await process.ended;
  assert.deepEqual({ code, err }, { code: 1, err: '' });
  const [reason = '', url = ''] =
    /the feed is refused: it is not well-formed XML, <\/job> where <\/title> is expected at line 3, column 18; it came from (http:[\w/.:]+)/.exec(
      out,
    ) ?? [];
  assert.notEqual(reason, '', out);
  assert.match(out, /^the end of the log of Lambda-Broadbean-\d{8}T\d{6}Z:\n {2}\{"event":"watch started"/m);
  const place = `"type":"broadbean","url":"${url}","line":3,"column":18,"offset":58`;
  assert.ok(out.includes(`{"event":"job failed","error":"${reason}",${place}}\n`), out);
  assert.match(out, new RegExp(`^day 1: job Lambda-Broadbean-\\S+ is FAILED: ${reason}\nfailed in .* s\n$`, 'm'));
  assert.doesNotMatch(out, /^day 2/m);
  assert.equal(readFileSync(join(process.output, 'records.ndjson'), 'utf8'), '');
  await process.assertNothingLeft();
});
