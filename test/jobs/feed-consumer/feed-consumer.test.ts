import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { SnapshotMessage } from '../../../jobs/messages/feed-message.ts';
import { sampleFeed } from '../../../scripts/local/sample-feed.ts';
import { checkpointOf, consumerVariables, lines, numbered, storeFeed, take } from '../../support/consumer-runs.ts';
import { type RunEnd, runConsumer } from '../../support/job-runs.ts';
import { ended, JobWorld } from '../../support/job-world.ts';
import { type Posted, type Reaction, startScriptedDestination } from '../../support/scripted-destination.ts';
import { xml2jsRecords } from '../../support/shared-feeds.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

const stored = (type: string, feed: string, more: Partial<SnapshotMessage> = {}) => storeFeed(world, type, feed, more);
const consume = (message: unknown, url: string, more: Readonly<Record<string, string>> = {}): Promise<RunEnd> =>
  runConsumer(world, consumerVariables(message, url, more));

test('every record is delivered once, as xml2js makes it, in batches under their own keys', async () => {
  await using destination = await startScriptedDestination(take);
  const message = await stored('sample', sampleFeed(1).toString(), { records: 320 });
  const { exitCode, last } = await world.run(
    'feed-consumer',
    consumerVariables(message, destination.url, { BATCH_SIZE: '25' }),
  );
  assert.equal(exitCode, 0, JSON.stringify(last));
  const expected = xml2jsRecords(sampleFeed(1).toString(), ['job']).map((record) => JSON.stringify(record));
  assert.deepEqual(destination.taken().sort(), expected.sort());
  assert.deepEqual(
    destination.posted.map(({ key }) => key).sort(),
    Array.from({ length: 13 }, (_, index) => `${message.id}-${index}`).sort(),
  );
  const { headers } = destination.posted[0] ?? assert.fail('nothing was posted');
  assert.deepEqual([headers['content-type'], headers['x-feed-type']], ['application/x-ndjson', 'sample']);
  const { milliseconds, bytes, peakMemory, ...summary } = last;
  assert.deepEqual(summary, {
    event: 'feed delivered',
    type: 'sample',
    id: message.id,
    delivery: 'full',
    records: 320,
    batches: 13,
    rejected: 0,
    requests: 13,
  });
  assert.equal(bytes, Buffer.byteLength(expected.map((line) => `${line}\n`).join('')));
  assert.ok(typeof milliseconds === 'number');
  assert.ok(destination.peak <= 3);
});

test('a message that comes again delivers nothing again', async () => {
  await using destination = await startScriptedDestination(take);
  const message = await stored('again', numbered(5));
  await consume(message, destination.url);
  const second = await consume(message, destination.url);
  assert.deepEqual([second.exitCode, second.last.event, second.last['records']], [0, 'feed already delivered', 5]);
  assert.equal(destination.posted.length, 1);
});

test('a destination that is busy, down or breaks the line gets each batch again until it takes it', async () => {
  const weather: readonly Reaction[] = [
    { does: 'answer', status: 429, headers: { 'retry-after': '0' } },
    { does: 'answer', status: 503 },
    { does: 'break' },
    { does: 'take and break' },
  ];
  await using destination = await startScriptedDestination(({ attempt, key }) => {
    const reaction = weather[Number(key.at(-1)) % weather.length];
    return attempt === 1 && reaction !== undefined ? reaction : { does: 'take' };
  });
  const message = await stored('weather', numbered(40));
  const { exitCode, events, last } = await consume(message, destination.url);
  assert.equal(exitCode, 0, JSON.stringify(last));
  assert.deepEqual(destination.taken().sort(), lines(1, 40).sort());
  assert.deepEqual([last['requests'], last['retries']], [8, { '429': 1, '503': 1, reset: 2 }]);
  assert.equal(events.filter(({ event }) => event === 'destination trouble').length, 1);
});

test('the next attempt skips the gapless part and repeats the rest under the same keys', async () => {
  let broken = true;
  await using destination = await startScriptedDestination(({ key }) =>
    broken && key.endsWith('-2') ? { does: 'answer', status: 404 } : { does: 'take' },
  );
  const message = await stored('resumed', numbered(60));
  assert.equal((await consume(message, destination.url)).exitCode, 1);
  const checkpoint = await checkpointOf(world, message);
  assert.deepEqual([checkpoint.batches, checkpoint.records, checkpoint.complete], [2, 20, false]);
  const before = destination.posted.length;
  broken = false;
  // The batches keep the size they were begun with.
  const second = await consume(message, destination.url, { BATCH_SIZE: '7' });
  assert.equal(second.exitCode, 0);
  assert.ok(destination.posted.slice(before).every(({ key }) => !/-[01]$/.test(key)));
  assert.deepEqual(destination.taken().sort(), lines(1, 60).sort());
  assert.deepEqual([second.last['records'], second.last['batches']], [60, 6]);
});

test('told to stop, it finishes what is under way, notes it and exits with 143', async () => {
  const held: (() => void)[] = [];
  let arrived = (_: Posted): void => {};
  const first = new Promise<Posted>((resolve) => {
    arrived = resolve;
  });
  await using destination = await startScriptedDestination(async (batch) => {
    arrived(batch);
    if (stopping) return { does: 'take' };
    await new Promise<void>((resolve) => held.push(resolve));
    return { does: 'take' };
  });
  let stopping = false;
  const message = await stored('stopped', numbered(500));
  const child = await world.start('feed-consumer', consumerVariables(message, destination.url, { PARALLELISM: '1' }));
  await first;
  const end = ended(child);
  child.stdout?.on('data', (data) => {
    if (!String(data).includes('job stopping')) return;
    stopping = true;
    for (const go of held) go();
  });
  child.kill('SIGTERM');
  const { exitCode, last } = await end;
  assert.deepEqual([exitCode, last.event], [143, 'delivery stopped']);
  const { records } = await checkpointOf(world, message);
  assert.ok(records > 0 && records < 500);
  assert.equal(records, destination.taken().length);
  assert.equal((await consume(message, destination.url)).exitCode, 0);
  assert.deepEqual(destination.taken().sort(), lines(1, 500).sort());
});

test('told to stop, it cuts off what does not end in time, and sends it again under the same key', async () => {
  let child: ChildProcess | undefined;
  await using destination = await startScriptedDestination(({ key, attempt }) => {
    if (!key.endsWith('-2') || attempt > 1) return { does: 'take' };
    child?.kill('SIGTERM');
    return { does: 'say nothing' };
  });
  const message = await stored('cut-off', numbered(60));
  const more = { PARALLELISM: '1', STOP_SECONDS: '1', CHECKPOINT_SECONDS: '3600' };
  child = await world.start('feed-consumer', consumerVariables(message, destination.url, more));
  const { exitCode, last } = await ended(child);
  assert.deepEqual([exitCode, last.event], [143, 'delivery stopped']);
  assert.equal((await checkpointOf(world, message)).batches, 2);
  assert.equal((await consume(message, destination.url)).exitCode, 0);
  assert.deepEqual(
    destination.posted.filter(({ key }) => key.endsWith('-2')).map(({ attempt, lines: posted }) => [attempt, posted]),
    [1, 2].map((attempt) => [attempt, lines(21, 30)]),
  );
  assert.deepEqual(destination.taken().sort(), lines(1, 60).sort());
});

test('a failure while stopping is told, and not taken for the stop', async () => {
  const stop = new AbortController();
  await using destination = await startScriptedDestination(() => {
    stop.abort();
    return { does: 'answer', status: 403 };
  });
  const message = await stored('failing-stop', numbered(5));
  const { exitCode, last } = await runConsumer(world, consumerVariables(message, destination.url), stop.signal);
  assert.deepEqual([exitCode, last.event], [1, 'job failed']);
  assert.match(String(last['error']), /answered 403/);
});

test('a wait for the next try ends when told to stop, with the progress noted', async () => {
  const stop = new AbortController();
  await using destination = await startScriptedDestination(({ key }) => {
    if (!key.endsWith('-1')) return { does: 'take' };
    stop.abort();
    return { does: 'answer', status: 503, headers: { 'retry-after': '100' } };
  });
  const message = await stored('waiting-stop', numbered(20));
  const more = consumerVariables(message, destination.url, { PARALLELISM: '1' });
  const { last } = await runConsumer(world, more, stop.signal);
  assert.deepEqual([last.event, (await checkpointOf(world, message)).batches], ['delivery stopped', 1]);
});

test('a snapshot that is not what was published fails, and its last batch is never sent', async () => {
  await using destination = await startScriptedDestination(take);
  const message = await stored('tampered', numbered(25));
  await world.put(message.key, gzipSync(numbered(26)));
  const { exitCode, last } = await consume(message, destination.url);
  assert.equal(exitCode, 1);
  assert.match(String(last['error']), /its content has \d+ bytes and sha256/);
  assert.ok(destination.taken().length <= 20);
});

test('the historic message takes the current snapshot of its type', async () => {
  await using destination = await startScriptedDestination(take);
  const historic = { type: 'lovelive', jobXmlTag: 'job', gzipped: true, emptyCDATA: false };
  const early = await consume(historic, destination.url);
  assert.equal(early.exitCode, 1);
  assert.match(String(early.last['error']), /state\/lovelive\.json names none; run its watcher first/);
  const current = await stored('lovelive', '<s><job><a><![CDATA[]]></a><b>1</b></job></s>');
  await world.put('state/lovelive.json', JSON.stringify({ version: 1, sequence: 1, current }));
  assert.equal((await consume(historic, destination.url)).exitCode, 0);
  assert.deepEqual(destination.taken(), ['{"b":"1"}']);
});
