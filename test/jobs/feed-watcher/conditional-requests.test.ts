import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { FeedExchange } from '../../../jobs/feed-watcher/download/feed-exchange.ts';
import { requestFeed } from '../../../jobs/feed-watcher/download/feed-request.ts';
import { patience } from '../../../jobs/feed-watcher/download/patience.ts';
import type { Validators } from '../../../jobs/messages/feed-state.ts';
import { closed, listening } from '../../../scripts/local/loopback.ts';

/** A server that answers every request with this status and these headers, and keeps the headers that it got. */
async function startServer(status: number, headers: Readonly<Record<string, string>>) {
  const asked: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers);
    response.writeHead(status, headers).end();
  });
  const url = new URL(await listening(server, 0));
  return { asked, url, [Symbol.asyncDispose]: () => closed(server) };
}

const exchange = (url: URL): FeedExchange =>
  new FeedExchange(url, { ...patience, total: 60_000, delays: [] }, () => {});

const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 1, 3, 0, seconds)).toUTCString();

async function validatorsFrom(headers: Readonly<Record<string, string>>): Promise<Validators> {
  await using server = await startServer(200, headers);
  const answer = await requestFeed(exchange(server.url), undefined);
  assert.equal(answer.kind, 'content');
  const { url: _, ...validators } = answer.kind === 'content' ? answer.validators : { url: '' };
  return { ...validators, url: '' };
}

test('what the server said of its version is sent back to the same address only', async () => {
  await using server = await startServer(304, {});
  const known = { url: server.url.href, etag: '"v1"', lastModified: at(0) };
  assert.deepEqual(await requestFeed(exchange(server.url), known), { kind: 'not modified' });
  const [first] = server.asked;
  assert.deepEqual([first?.['if-none-match'], first?.['if-modified-since']], ['"v1"', at(0)]);
});

test('an address with secrets in it is known again by a name that tells none of them', async () => {
  await using server = await startServer(200, { etag: '"v1"' });
  const secret = new URL('/feed.xml?token=hush', server.url);
  secret.password = 'mute';
  const first = await requestFeed(exchange(secret), undefined);
  assert.ok(first.kind === 'content');
  assert.match(first.validators.url, /\/feed\.xml\?[0-9a-f]{16}$/);
  const other = new URL('/feed.xml?token=loud', server.url);
  for (const url of [secret, other]) await requestFeed(exchange(url), first.validators);
  assert.deepEqual(
    server.asked.map((headers) => headers['if-none-match']),
    [undefined, '"v1"', undefined],
  );
});

test('a 304 that nobody asked for is refused: it would hide the feed', async () => {
  await using server = await startServer(304, {});
  for (const known of [undefined, { url: 'http://elsewhere.example/feed', etag: '"v1"' }, { url: server.url.href }]) {
    await assert.rejects(requestFeed(exchange(server.url), known), {
      name: 'JobError',
      message: /the server answered 304/,
    });
    assert.equal(server.asked.at(-1)?.['if-none-match'], undefined);
  }
});

test('a date is kept only when the feed can no longer change under it', async () => {
  assert.deepEqual(await validatorsFrom({ date: at(1), 'last-modified': at(0) }), { url: '', lastModified: at(0) });
  assert.deepEqual(await validatorsFrom({ date: at(0), 'last-modified': at(0) }), { url: '' });
  assert.deepEqual(await validatorsFrom({ date: at(0), 'last-modified': at(0), etag: '"v"' }), {
    url: '',
    etag: '"v"',
  });
  assert.deepEqual(await validatorsFrom({ date: at(9), 'last-modified': 'yesterday' }), { url: '' });
});
