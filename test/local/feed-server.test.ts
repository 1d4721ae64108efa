import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { startFeedServer } from '../../scripts/local/feed-server.ts';

test('one address serves the current version, and 304 to who has it', async () => {
  await using server = await startFeedServer();
  assert.equal((await fetch(server.url)).status, 404);
  server.serve(Buffer.from('<a/>'));
  const first = await fetch(server.url);
  assert.equal(await first.text(), '<a/>');
  const known = {
    'if-none-match': first.headers.get('etag') ?? '',
    'if-modified-since': first.headers.get('last-modified') ?? '',
  };
  assert.equal((await fetch(server.url, { headers: known })).status, 304);
  assert.equal((await fetch(server.url, { headers: { 'if-modified-since': known['if-modified-since'] } })).status, 304);
  server.serve(Buffer.from('<b/>'));
  const second = await fetch(server.url, { headers: known });
  assert.deepEqual([second.status, await second.text()], [200, '<b/>']);
});

test('a file is served as it is, gzip included, with its length', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'feed-server-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const gzip = gzipSync('<feed/>');
  writeFileSync(join(directory, 'feed.xml.gz'), gzip);
  await using server = await startFeedServer();
  server.serve(join(directory, 'feed.xml.gz'));
  const response = await fetch(server.url);
  assert.equal(response.headers.get('content-encoding'), null);
  assert.equal(response.headers.get('content-length'), String(gzip.length));
  const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  assert.equal(hash(new Uint8Array(await response.arrayBuffer())), hash(gzip));
});
