import assert from 'node:assert/strict';
import { createServer } from 'node:http';
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
