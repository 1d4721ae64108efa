import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SnapshotMessage } from '../../../jobs/messages/feed-message.ts';
import {
  checkpointOf,
  consumerVariables,
  lineOf,
  lines,
  numbered,
  rejectsOf,
  storeChanges,
  storeFeed,
  take,
} from '../../support/consumer-runs.ts';
import { type RunEnd, runConsumer } from '../../support/job-runs.ts';
import { JobWorld } from '../../support/job-world.ts';
import { type Posted, type Reaction, startScriptedDestination } from '../../support/scripted-destination.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

const stored = (type: string, feed: string): Promise<SnapshotMessage> => storeFeed(world, type, feed);
const consume = (message: unknown, url: string, more: Readonly<Record<string, string>> = {}): Promise<RunEnd> =>
  runConsumer(world, consumerVariables(message, url, more));

test('records that the service refuses are noted with reason and place, and the job succeeds', async () => {
  await using destination = await startScriptedDestination(({ lines: posted }) => {
    const index = posted.indexOf(lineOf(17));
    return index < 0 ? { does: 'take' } : { does: 'refuse lines', rejected: [{ index, reason: 'no seventeen' }] };
  });
  const message = await stored('picky', numbered(30));
  const { exitCode, last, events } = await consume(message, destination.url);
  assert.deepEqual([exitCode, last['records'], last['rejected']], [0, 30, 1]);
  assert.ok(events.some(({ event }) => event === 'records rejected'));
  assert.deepEqual(await rejectsOf(world, message), [
    { record: 17, line: 17, reason: 'no seventeen', content: { n: '17' } },
  ]);
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
    (await rejectsOf(world, message)).map((reject) =>
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
  assert.equal((await rejectsOf(world, message)).length, 3);
  reaction = { does: 'take' };
  const second = await consume(message, destination.url);
  assert.deepEqual([second.exitCode, second.last['records'], second.last['rejected']], [0, 3, 0]);
  assert.deepEqual(destination.taken(), lines(1, 3));
  assert.deepEqual(await rejectsOf(world, message), []);
});

const refuseAll = ({ lines: posted }: Posted): Reaction => ({
  does: 'refuse lines',
  rejected: posted.map((_, index) => ({ index, reason: 'no' })),
});

test('a delta whose few records are all refused is no failure, and a second one after it is', async () => {
  await using destination = await startScriptedDestination(({ lines: posted, ...batch }) =>
    posted.includes('{"n":"1"}') ? { does: 'take' } : refuseAll({ lines: posted, ...batch }),
  );
  const first = await stored('few', numbered(5));
  let before = first;
  const ends: unknown[] = [];
  await consume(first, destination.url);
  for (const sequence of [2, 3, 4]) {
    const message = await storeFeed(world, 'few', numbered(5 + sequence), {}, sequence);
    before = await storeChanges(world, message, [[5 + sequence, 5 + sequence]], ['gone'], before);
    const { exitCode, last, events } = await consume(before, destination.url);
    const rejected = events.find(({ event }) => event === 'records rejected');
    ends.push([
      exitCode,
      last['delivery'] ?? String(last['error']).split(';')[0],
      rejected?.['rejected'],
      rejected?.['of'],
    ]);
  }
  assert.deepEqual(ends, [
    [0, 'delta', 2, 2],
    [1, 'delivering the feed: all 2 records were refused', undefined, undefined],
    // What failed is nothing to build on, and a whole feed tells.
    [0, 'full', 1, 10],
  ]);
});

test('a destination that takes none of a hundred changes refuses them all, and none of them counts as done', async () => {
  await using destination = await startScriptedDestination(refuseAll);
  const message = await storeChanges(world, await stored('hundred', numbered(120)), [[1, 100]], []);
  const { exitCode, last } = await consume(message, destination.url);
  assert.deepEqual([exitCode, /all 100 records were refused/.test(String(last['error']))], [1, true]);
  assert.equal((await checkpointOf(world, { ...message, id: `${message.id}-delta` })).records, 0);
});

test('records that break rules say nothing about the destination, but a feed of nothing else is a failure', async () => {
  await using destination = await startScriptedDestination(take);
  const fields = { m: { required: true } };
  const whole = await stored('ruled', numbered(3));
  const { exitCode, last } = await consume({ ...whole, fields }, destination.url);
  assert.equal(exitCode, 1);
  assert.match(String(last['error']), /none of its 3 records can be read and keeps the rules of its fields; .*rejects/);
  const delta = await storeChanges(world, await stored('ruled-delta', numbered(150)), [[1, 120]], []);
  const end = await consume({ ...delta, fields }, destination.url);
  assert.deepEqual([end.exitCode, end.last['records'], end.last['rejected']], [0, 120, 120]);
  assert.deepEqual(destination.posted, []);
});

test('where all records of a feed have changed and none can be sent, its delta is a failure too, deletions or not', async () => {
  await using destination = await startScriptedDestination(take);
  const fields = { m: { required: true } };
  const whole = { ...(await stored('renamed', numbered(20))), records: 20 };
  for (const removed of [[], ['gone']]) {
    const message = { ...(await storeChanges(world, whole, [[1, 20]], removed)), fields };
    const { exitCode, last } = await consume(message, destination.url);
    assert.equal(exitCode, 1, JSON.stringify(last));
    assert.match(String(last['error']), /none of its 20 records can be read and keeps the rules of its fields/);
  }
});

test('a destination that takes none of the first thousand records is told at once, and nothing counts as done', async () => {
  let reaction: (batch: Posted) => Reaction = refuseAll;
  await using destination = await startScriptedDestination((batch) => reaction(batch));
  const message = await stored('none-at-first', numbered(5_000));
  const size = { BATCH_SIZE: '500' };
  const first = await consume(message, destination.url, size);
  assert.match(
    String(first.last['error']),
    /none of the first 1[05]00 records was taken, and the rest is not tried; .*s3:\/\/feeds\/rejects\/none.*MAX_REJECTS=100%/,
  );
  assert.ok(destination.posted.length < 7, `${destination.posted.length} requests`);
  assert.equal((await checkpointOf(world, message)).records, 0);
  assert.ok((await rejectsOf(world, message)).length >= 1_000);
  // Whoever says that all may be refused has it go on.
  reaction = (batch) => (batch.lines.includes(lineOf(5_000)) ? take() : refuseAll(batch));
  const second = await consume(message, destination.url, { ...size, MAX_REJECTS: '100%' });
  assert.deepEqual([second.exitCode, second.last['rejected']], [0, 4_500], JSON.stringify(second.last));
});

test('a delivery with more rejects than it may have goes to its end and fails, as often as it is run, until so many are allowed', async () => {
  await using destination = await startScriptedDestination(({ lines: posted }) => ({
    does: 'refuse lines',
    rejected: posted.flatMap((line, index) => (line.endsWith('0"}') ? [{ index, reason: 'round' }] : [])),
  }));
  const message = await stored('too-many', numbered(50));
  for (const { limit, allows } of [
    { limit: '4', allows: 4 },
    { limit: '8.5%', allows: 4 },
  ]) {
    const more = { MAX_REJECTS: limit, DESTINATION_END: 'true' };
    const { exitCode, last } = await consume(message, destination.url, more);
    assert.deepEqual([exitCode, last['rejected'], last['of']], [1, 5, 50]);
    assert.equal(
      last['error'],
      `delivering the feed: 5 of 50 records were not delivered, and MAX_REJECTS (${limit}) allows ${allows}; the reasons are in s3://feeds/rejects/${message.id}/; the others were delivered, and running the job again sends no record: with MAX_REJECTS=5 it succeeds, with AGAIN=<word> it delivers all of them once more`,
    );
    assert.equal((await rejectsOf(world, message)).length, 5);
    assert.deepEqual([destination.posted.length, destination.taken().length], [5, 45]);
  }
  assert.deepEqual(destination.ends, []);
  const end = await consume(message, destination.url, { MAX_REJECTS: '10%', DESTINATION_END: 'true' });
  assert.deepEqual([end.exitCode, end.last['rejected'], destination.posted.length], [0, 5, 5]);
  assert.equal(destination.ends.length, 1);
  assert.equal((await rejectsOf(world, message)).length, 5);
});

test('a tenth of a large feed may be rejects, and of any feed 10,000, all of which are stored', async () => {
  const fields = { n: { pattern: '[^0]$' } };
  await using destination = await startScriptedDestination(take);
  const message = { ...(await stored('tenth', numbered(100_200))), fields };
  const { exitCode, last } = await consume(message, destination.url, { BATCH_SIZE: '10000' });
  assert.deepEqual([exitCode, last['rejected']], [0, 10_020], JSON.stringify(last));
  assert.equal((await rejectsOf(world, message)).length, 10_020);
  assert.equal(destination.taken().length, 90_180);
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
  assert.deepEqual(await rejectsOf(world, message), []);
});

test('a failure whose progress is not saved either tells both reasons, each of them once', async (t) => {
  let reaction: Reaction = { does: 'answer', status: 403, body: 'who are you' };
  let isFull = false;
  await using destination = await startScriptedDestination(() => {
    isFull = true;
    return reaction;
  });
  world.s3.middlewareStack.add(
    (next) => (call) => {
      const isCheckpoint = 'Key' in call.input && String(call.input.Key).startsWith('checkpoints/');
      if (isFull && isCheckpoint && 'Body' in call.input) throw new Error('no room');
      return next(call);
    },
    { step: 'initialize', name: 'noCheckpoints' },
  );
  t.after(() => world.s3.middlewareStack.remove('noCheckpoints'));
  const message = await stored('unsaved', numbered(5));
  const { error, stack } = (await consume(message, destination.url)).last;
  assert.match(
    String(error),
    /^delivering .* answered 403: who are you; .*; and its progress was not saved: storing s3:.*: no room$/,
  );
  for (const reason of ['who are you', 'no room']) assert.equal(String(error).split(reason).length, 2, String(error));
  assert.equal(stack, undefined);
  // Where the progress is what it failed for, it is told as that.
  reaction = { does: 'take' };
  isFull = false;
  const { last } = await consume(message, destination.url, { CHECKPOINT_SECONDS: '0' });
  assert.match(String(last['error']), /^storing s3:[^;]*: no room$/);
});

test('rejects that were noted for another destination are gone when this one takes all', async () => {
  const message = await stored('moved', numbered(3));
  {
    await using picky = await startScriptedDestination(() => ({
      does: 'refuse lines',
      rejected: [{ index: 0, reason: 'no' }],
    }));
    assert.equal((await consume(message, picky.url)).exitCode, 0);
    assert.equal((await rejectsOf(world, message)).length, 1);
  }
  await using destination = await startScriptedDestination(take);
  assert.equal((await consume(message, destination.url)).exitCode, 0);
  assert.deepEqual(await rejectsOf(world, message), []);
});

test('a destination that has its turn again gets the same records under the same keys, whatever the batch size is then', async () => {
  const message = await stored('again', numbered(10));
  await using destination = await startScriptedDestination(take);
  await using other = await startScriptedDestination(take);
  for (const [url, size] of [
    [destination.url, '4'],
    [other.url, '3'],
    [destination.url, '5'],
  ] as const)
    assert.equal((await consume(message, url, { BATCH_SIZE: size })).exitCode, 0);
  const byKey = new Map<string, Set<string>>();
  for (const { key, lines: posted } of destination.posted)
    byKey.set(key, (byKey.get(key) ?? new Set()).add(posted.join('\n')));
  assert.equal(destination.posted.length, 6);
  assert.deepEqual(
    [...byKey.values()].map((bodies) => bodies.size),
    [1, 1, 1],
  );
});
