import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parseCheckpoint } from '../../../jobs/feed-consumer/checkpoint.ts';
import type { SnapshotMessage } from '../../../jobs/messages/feed-message.ts';
import { sampleFeed } from '../../../scripts/local/sample-feed.ts';
import { type RunEnd, runConsumer } from '../../support/job-runs.ts';
import { ended, JobWorld } from '../../support/job-world.ts';
import { type Posted, type Reaction, startScriptedDestination } from '../../support/scripted-destination.ts';
import { xml2jsRecords } from '../../support/shared-feeds.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

/** Stores a feed as the watcher would and gives the message about it. */
async function stored(
  type: string,
  feed: string | Buffer,
  more: Partial<SnapshotMessage> = {},
): Promise<SnapshotMessage> {
  const content = Buffer.from(feed);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const key = `snapshots/${type}/1-job.xml.gz`;
  await world.put(key, gzipSync(content));
  const id = `${type}-1-${sha256.slice(0, 12)}`;
  const reading = { type, jobXmlTag: 'job', gzipped: true, emptyCDATA: true };
  return { version: 1, id, ...reading, bucket: world.bucket, key, sha256, bytes: content.length, ...more };
}

const variables = (message: unknown, url: string, more: Readonly<Record<string, string>> = {}) => ({
  DOWNLOAD_MESSAGE: JSON.stringify(message),
  DESTINATION_URL: url,
  PARALLELISM: '3',
  BATCH_SIZE: '10',
  ...more,
});

const consume = (message: unknown, url: string, more: Readonly<Record<string, string>> = {}): Promise<RunEnd> =>
  runConsumer(world, variables(message, url, more));

const checkpointOf = async ({ id }: SnapshotMessage) =>
  parseCheckpoint(String(await world.get(`checkpoints/${id}.json`)));
const rejectsOf = async ({ id }: SnapshotMessage): Promise<unknown[]> =>
  String((await world.get(`rejects/${id}.ndjson`)) ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
const take = (): Reaction => ({ does: 'take' });
const numbered = (count: number): string =>
  `<s>${Array.from({ length: count }, (_, index) => `<job><n>${index + 1}</n></job>`).join('\n')}</s>`;
const lineOf = (n: number): string => JSON.stringify({ n: String(n) });
const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => lineOf(from + index));

test('every record is delivered once, as xml2js makes it, in batches under their own keys', async () => {
  await using destination = await startScriptedDestination(take);
  const message = await stored('sample', sampleFeed(1), { records: 320 });
  const { exitCode, last } = await world.run(
    'feed-consumer',
    variables(message, destination.url, { BATCH_SIZE: '25' }),
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
  const { milliseconds, bytes, ...summary } = last;
  assert.deepEqual(summary, {
    event: 'feed delivered',
    type: 'sample',
    id: message.id,
    records: 320,
    batches: 13,
    rejected: 0,
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
  const { exitCode, events } = await consume(message, destination.url);
  assert.equal(exitCode, 0, JSON.stringify(events.at(-1)));
  assert.deepEqual(destination.taken().sort(), lines(1, 40).sort());
  assert.equal(events.filter(({ event }) => event === 'batch retried').length, 4);
});

test('records that the service refuses are noted with reason and place, and the job succeeds', async () => {
  await using destination = await startScriptedDestination(({ lines: posted }) => {
    const index = posted.indexOf(lineOf(17));
    return index < 0 ? { does: 'take' } : { does: 'refuse lines', rejected: [{ index, reason: 'no seventeen' }] };
  });
  const message = await stored('picky', numbered(30));
  const { exitCode, last, events } = await consume(message, destination.url);
  assert.deepEqual([exitCode, last['records'], last['rejected']], [0, 30, 1]);
  assert.ok(events.some(({ event }) => event === 'records rejected'));
  assert.deepEqual(await rejectsOf(message), [{ record: 17, line: 17, reason: 'no seventeen', content: { n: '17' } }]);
  assert.deepEqual(
    destination.taken().sort(),
    lines(1, 30)
      .filter((line) => line !== lineOf(17))
      .sort(),
  );
});

test('a batch that is refused as a whole is halved down to the records at fault', async () => {
  await using destination = await startScriptedDestination(({ lines: posted }) =>
    posted.some((line) => line === lineOf(3) || line === lineOf(8))
      ? { does: 'answer', status: 422, body: 'bad' }
      : { does: 'take' },
  );
  const message = await stored('halved', numbered(12));
  const { exitCode } = await consume(message, destination.url);
  assert.equal(exitCode, 0);
  assert.deepEqual(
    (await rejectsOf(message)).map((reject) =>
      typeof reject === 'object' && reject !== null && 'record' in reject ? reject.record : reject,
    ),
    [3, 8],
  );
  assert.deepEqual(destination.taken().sort(), [...lines(1, 2), ...lines(4, 7), ...lines(9, 12)].sort());
});

test('when every record is refused the job fails, and delivers them all once the destination is mended', async () => {
  let reaction: Reaction = { does: 'answer', status: 400, body: 'no' };
  await using destination = await startScriptedDestination(() => reaction);
  const message = await stored('all-refused', numbered(3));
  const { exitCode, last } = await consume(message, destination.url);
  assert.equal(exitCode, 1);
  assert.match(String(last['error']), /all 3 records were refused/);
  assert.equal((await rejectsOf(message)).length, 3);
  reaction = { does: 'take' };
  const second = await consume(message, destination.url);
  assert.deepEqual([second.exitCode, second.last['records'], second.last['rejected']], [0, 3, 0]);
  assert.deepEqual(destination.taken(), lines(1, 3));
  assert.deepEqual(await rejectsOf(message), []);
});

test('when too much is refused, nothing counts as done for the next attempt', async () => {
  let mended = false;
  await using destination = await startScriptedDestination(({ lines: posted }) => {
    const rejected = posted.map((_, index) => ({ index, reason: 'no' }));
    return mended ? { does: 'take' } : { does: 'refuse lines', rejected };
  });
  const message = await stored('over-limit', numbered(10_020));
  const first = await consume(message, destination.url, { BATCH_SIZE: '5000' });
  assert.match(String(first.last['error']), /over 10000 records/);
  assert.deepEqual([(await checkpointOf(message)).records, (await rejectsOf(message)).length], [0, 10_020]);
  mended = true;
  const second = await consume(message, destination.url);
  assert.deepEqual([second.exitCode, second.last['records'], second.last['rejected']], [0, 10_020, 0]);
});

test('an address that refuses us fails the job at once, and no record is taken for a reject', async () => {
  await using destination = await startScriptedDestination(() => ({
    does: 'answer',
    status: 403,
    body: 'who are you',
  }));
  const message = await stored('denied', numbered(30));
  const { exitCode, last } = await consume(message, destination.url);
  assert.equal(exitCode, 1);
  assert.match(String(last['error']), /answered 403: who are you; check DESTINATION_URL/);
  assert.ok(destination.posted.length <= 3);
  assert.deepEqual(await rejectsOf(message), []);
});

test('the next attempt skips the gapless part and repeats the rest under the same keys', async () => {
  let broken = true;
  await using destination = await startScriptedDestination(({ key }) =>
    broken && key.endsWith('-2') ? { does: 'answer', status: 404 } : { does: 'take' },
  );
  const message = await stored('resumed', numbered(60));
  assert.equal((await consume(message, destination.url)).exitCode, 1);
  const checkpoint = await checkpointOf(message);
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
  const child = await world.start('feed-consumer', variables(message, destination.url, { PARALLELISM: '1' }));
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
  const { records } = await checkpointOf(message);
  assert.ok(records > 0 && records < 500);
  assert.equal(records, destination.taken().length);
  assert.equal((await consume(message, destination.url)).exitCode, 0);
  assert.deepEqual(destination.taken().sort(), lines(1, 500).sort());
});

test('a failure while stopping is told, and not taken for the stop', async () => {
  const stop = new AbortController();
  await using destination = await startScriptedDestination(() => {
    stop.abort();
    return { does: 'answer', status: 403 };
  });
  const message = await stored('failing-stop', numbered(5));
  const { exitCode, last } = await runConsumer(world, variables(message, destination.url), stop.signal);
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
  const more = variables(message, destination.url, { PARALLELISM: '1' });
  const { last } = await runConsumer(world, more, stop.signal);
  assert.deepEqual([last.event, (await checkpointOf(message)).batches], ['delivery stopped', 1]);
});

test('rejects that were noted for another destination are gone when this one takes all', async () => {
  const message = await stored('moved', numbered(3));
  {
    await using picky = await startScriptedDestination(() => ({
      does: 'refuse lines',
      rejected: [{ index: 0, reason: 'no' }],
    }));
    assert.equal((await consume(message, picky.url)).exitCode, 0);
    assert.equal((await rejectsOf(message)).length, 1);
  }
  await using destination = await startScriptedDestination(take);
  assert.equal((await consume(message, destination.url)).exitCode, 0);
  assert.deepEqual(await rejectsOf(message), []);
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
