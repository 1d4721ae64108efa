import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import test from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { closed, listening } from '../../../scripts/local/loopback.ts';
import { consumerVariables, storeFeed } from '../../support/consumer-runs.ts';
import { ended, JobWorld } from '../../support/job-world.ts';
import { VariedAds } from '../../support/varied-ads.ts';

const megabyte = 1_000_000;

/** A service that answers after a while, whatever it gets. */
async function slowService(milliseconds: number) {
  let bytes = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => void after(milliseconds).then(() => response.end()));
  });
  return { url: await listening(server, 0), received: () => bytes, [Symbol.asyncDispose]: () => closed(server) };
}

function ads(count: number): string {
  const all = new VariedAds();
  return Array.from({ length: count }, () => all.next()).join('');
}

/** What the real job took at most for a feed, in its own process. */
async function peakOf(feed: string, waits: number, parallelism: number): Promise<{ peak: number; received: number }> {
  await using world = await JobWorld.start();
  await using service = await slowService(waits);
  const message = await storeFeed(world, 'large', `<s>${feed}</s>`);
  const variables = { ...consumerVariables(message, service.url), PARALLELISM: String(parallelism), BATCH_SIZE: '100' };
  const { last, stderr } = await ended(await world.start('feed-consumer', variables));
  assert.equal(last.event, 'feed delivered');
  assert.equal(stderr, '');
  return { peak: Number(last['peakMemory']), received: service.received() };
}

test('64 requests to a slow service, and 45 MB of records, take less than 120 MB', async () => {
  const { peak, received } = await peakOf(ads(22_000), 50, 64);
  assert.ok(received > 40 * megabyte, `${received} bytes came`);
  assert.ok(peak < 120 * megabyte, `${Math.round(peak / megabyte)} MB`);
});

/** What large records are made of, with megabytes: what takes the longest to read is less. */
const contents: Readonly<Record<string, readonly [content: string, megabytes: number]>> = {
  'one text': ['x', 60],
  'elements, texts beside them, and what xml2js reads': [`${'<a>1</a> text <b x="1">&amp;</b>'.repeat(50)}&#0065;`, 12],
};

for (const [what, [content, megabytes]] of Object.entries(contents))
  test(`two records of ${megabytes} MB between small ones take less than 120 MB: ${what}`, async () => {
    const record = `<job><content>${content.repeat((megabytes * megabyte) / content.length)}</content></job>`;
    const { peak, received } = await peakOf(`${ads(200)}${record}${ads(200)}${record}`, 1, 64);
    assert.ok(received > megabytes * megabyte, `${received} bytes came`);
    assert.ok(peak < 120 * megabyte, `${Math.round(peak / megabyte)} MB`);
  });

/** Answers that nobody asked for: 4 MiB of them, what was posted, a long reason for each record, a no to all. */
async function talkativeService() {
  const blank = Buffer.alloc(4 * 1024 * 1024 - 2, ' ');
  let requests = 0;
  let told = 0;
  let answered = 0;
  let release = (): void => {};
  const manyAnswered = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const number = ++requests;
    const records = body.toString('latin1').split('\n').length - 1;
    const answer = (status: number, content: string | Buffer): void => {
      told += content.length;
      response.writeHead(status, { 'retry-after': '0' }).end(content);
      // Not many more: with so many rejects that are not stored the job waits for the first batch as well.
      if (++answered === 15) release();
    };
    // Everything else waits for the first batch to be stored.
    if (number === 1) await manyAnswered;
    if (records === 1 && body.length > 100_000) answer(422, body);
    else if (number % 3 === 0) answer(503, body);
    else if (number % 3 === 1) answer(207, refusalsOf(records));
    else answer(200, blank);
  });
  return { url: await listening(server, 0), told: () => told, [Symbol.asyncDispose]: () => closed(server) };
}

const refusalsOf = (records: number): string =>
  JSON.stringify({ rejected: Array.from({ length: records }, (_, index) => ({ index, reason: 'é'.repeat(10_000) })) });

test('answers of megabytes, and rejects that wait for a slow batch, take less than 130 MB at 64 requests', async () => {
  await using world = await JobWorld.start();
  await using service = await talkativeService();
  const large = 'lorem ipsum '.repeat(65_000);
  const records = Array.from({ length: 40 }, (_, at) => `<job><n>${at % 2 ? at : 'x'}</n><t>${large}</t></job>`);
  const feed = `<s>${ads(1_500)}${records.join('')}${ads(5_000)}</s>`;
  const message = await storeFeed(world, 'talkative', feed, { fields: { n: { type: 'number' } } });
  const more = { PARALLELISM: '64', BATCH_SIZE: '100', MAX_REJECTS: '100%' };
  const child = await world.start('feed-consumer', consumerVariables(message, service.url, more));
  const { last, stderr } = await ended(child);
  assert.deepEqual([last.event, stderr], ['feed delivered', ''], JSON.stringify(last));
  assert.ok(Number(last['rejected']) > 1_000, `${last['rejected']} rejects`);
  assert.ok(service.told() > 100 * megabyte, `${service.told()} bytes of answers`);
  const peak = Number(last['peakMemory']);
  assert.ok(peak < 130 * megabyte, `${Math.round(peak / megabyte)} MB`);
});
