import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, test } from 'node:test';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { overtakingTime } from '../../../jobs/feed-consumer/order/looks.ts';
import { takeTurn } from '../../../jobs/feed-consumer/order/turn.ts';
import type { SnapshotMessage } from '../../../jobs/messages/feed-message.ts';
import {
  consumerVariables,
  lineOf,
  lines,
  numbered,
  storeChanges,
  storeFeed,
  take,
} from '../../support/consumer-runs.ts';
import { storeParts } from '../../support/feed-parts.ts';
import { quickClock, type RunEnd, runConsumer } from '../../support/job-runs.ts';
import { JobWorld } from '../../support/job-world.ts';
import { startScriptedDestination } from '../../support/scripted-destination.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

type Variables = Readonly<Record<string, string>>;

/** A version of a feed of so many records. */
const version = (type: string, sequence: number, records: number): Promise<SnapshotMessage> =>
  storeFeed(world, type, numbered(records), { records }, sequence);
const consume = (message: unknown, url: string, more: Variables = {}): Promise<RunEnd> =>
  runConsumer(world, consumerVariables(message, url, more));
const ended = ({ exitCode, last }: RunEnd): unknown[] => [exitCode, last.event, last['id'], last['by']];

test('a message that comes after that of a later snapshot is no failure, and nothing of it is sent', async () => {
  await using destination = await startScriptedDestination(take);
  await using other = await startScriptedDestination(take);
  const [first, second] = [await version('late', 1, 3), await version('late', 2, 4)];
  await consume(second, destination.url);
  assert.deepEqual(ended(await consume(first, destination.url)), [0, 'delivery superseded', first.id, second.id]);
  assert.deepEqual(destination.taken(), lines(1, 4));
  // Another destination has turns of its own, and another feed as well.
  assert.equal((await consume(first, other.url)).last.event, 'feed delivered');
  assert.equal((await consume(await version('later', 1, 3), destination.url)).last.event, 'feed delivered');
});

test('a delivery that a later snapshot overtakes leaves off, and its next attempt does not begin', async () => {
  const [first, second] = [await version('overtaken', 1, 60), await version('overtaken', 2, 61)];
  let overtaking: Promise<RunEnd> | undefined;
  await using destination = await startScriptedDestination(async ({ key }) => {
    if (key !== `${first.id}-1`) return { does: 'take' };
    overtaking ??= consume(second, destination.url);
    await overtaking;
    return { does: 'take' };
  });
  const variables = { PARALLELISM: '1', CHECKPOINT_SECONDS: '0' };
  const end = await consume(first, destination.url, variables);
  assert.deepEqual(ended(end), [0, 'delivery superseded', first.id, second.id]);
  assert.equal((await overtaking)?.last.event, 'feed delivered');
  const latest = destination.posted.filter(({ key }) => key.startsWith(first.id)).map(({ key }) => key);
  assert.deepEqual(latest, [`${first.id}-0`, `${first.id}-1`]);
  assert.equal((await consume(first, destination.url)).last.event, 'delivery superseded');
  assert.equal(destination.posted.length, 2 + 7);
});

test('a delivery in trouble finds out that it was overtaken before it tries again', async () => {
  const [first, second] = [await version('retrying', 1, 60), await version('retrying', 2, 61)];
  let overtaking: Promise<RunEnd> | undefined;
  let sentBefore: number | undefined;
  const begun = new EventEmitter();
  await using destination = await startScriptedDestination(async ({ headers }) => {
    if (headers['x-feed-sequence'] === '2') return { does: 'take' };
    // Its three requests are all under way.
    if (destination.posted.length < 3) await once(begun, 'third');
    else begun.emit('third');
    overtaking ??= runConsumer(world, consumerVariables(second, destination.url), undefined, {
      clock: quickClock(() => {
        sentBefore = destination.posted.length;
      }),
    });
    await overtaking;
    return { does: 'answer', status: 503, headers: { 'retry-after': '0' } };
  });
  const end = await consume(first, destination.url, { CHECKPOINT_SECONDS: '0' });
  assert.deepEqual(ended(end), [0, 'delivery superseded', first.id, second.id]);
  // The newer one asks for time first, since the one before has not come to its end.
  assert.deepEqual([sentBefore, destination.posted.length], [3, 3 + 7]);
  assert.deepEqual(destination.taken().sort(), lines(1, 61).sort());
});

test('a delivery waits for the one before where that may be under way: not come to its end, or asked for with AGAIN', async () => {
  await using destination = await startScriptedDestination(take);
  const versions = await Promise.all([1, 2, 3, 4, 5].map((sequence) => version('settling', sequence, sequence)));
  const [first, second, third, fourth, fifth] = versions;
  let waits = 0;
  const clock = quickClock((milliseconds) => {
    assert.equal(milliseconds, overtakingTime);
    waits++;
  });
  const waitsOf = async (message: unknown, more: Variables = {}): Promise<number> => {
    waits = 0;
    await runConsumer(world, consumerVariables(message, destination.url, more), undefined, { clock });
    return waits;
  };
  assert.deepEqual([await waitsOf(first), await waitsOf(second)], [0, 0]);
  assert.deepEqual([await waitsOf(second, { AGAIN: 'x' }), await waitsOf(third)], [0, 1]);
  // Nobody knows what became of it.
  await world.s3.send(new DeleteObjectCommand({ Bucket: world.bucket, Key: `checkpoints/${third?.id}.json` }));
  assert.equal(await waitsOf(fourth), 1);
  // The first child of an array job has waited for all that come later.
  const [key = ''] = (await world.keys('turns/settling-')).slice(-1);
  const turn = JSON.parse(String(await world.get(key)));
  await world.put(key, JSON.stringify({ ...turn, overtook: new Date(Date.now() - 61_000).toISOString() }));
  await world.s3.send(new DeleteObjectCommand({ Bucket: world.bucket, Key: `checkpoints/${fourth?.id}.json` }));
  assert.deepEqual([await waitsOf(fourth), await waitsOf(fifth)], [0, 0]);
});

test('whose turn it is is read once for all that ask at the same time, and not again within the interval', async (t) => {
  const reads: unknown[] = [];
  world.s3.middlewareStack.add(
    (next, { commandName }) =>
      (call) => {
        if (commandName === 'GetObjectCommand') reads.push(call.input);
        return next(call);
      },
    { step: 'initialize', name: 'reads' },
  );
  t.after(() => world.s3.middlewareStack.remove('reads'));
  const { id: messageId, ...snapshot } = await version('looks', 1, 1);
  const claim = { messageId, changes: undefined, snapshot: { ...snapshot, id: messageId } };
  const readsOf = async (interval: number): Promise<number> => {
    const place = { s3: world.s3, bucket: world.bucket, destination: 'http://looks.example', interval };
    const turn = await takeTurn(place, claim, undefined);
    reads.length = 0;
    await Promise.all(Array.from({ length: 5 }, () => turn.check()));
    await turn.check();
    return reads.length;
  };
  assert.deepEqual([await readsOf(0), await readsOf(3_600_000)], [2, 0]);
});

test('where snapshot after snapshot is overtaken and none comes to its end, one of them fails and says so', async () => {
  const versions = await Promise.all([1, 2, 3, 4].map((sequence) => version('hurried', sequence, 40 + sequence)));
  const ids = versions.map(({ id }) => id);
  const begun = new EventEmitter();
  const runs: Promise<RunEnd>[] = [];
  // In the second batch of each, when the one before has ended, the next one begins.
  await using destination = await startScriptedDestination(async ({ key }) => {
    begun.emit(key);
    const at = ids.findIndex((id) => key === `${id}-1`);
    if (at < 0) return { does: 'take' };
    await runs[at - 1];
    const next = versions[at + 1];
    if (next === undefined) return { does: 'take' };
    const begins = once(begun, `${next.id}-0`);
    runs.push(run(next));
    await begins;
    return { does: 'take' };
  });
  const run = (message: SnapshotMessage): Promise<RunEnd> =>
    consume(message, destination.url, { PARALLELISM: '1', CHECKPOINT_SECONDS: '0' });
  runs.push(run(versions[0] ?? assert.fail()));
  const ends: RunEnd[] = [];
  for (const at of ids.keys()) ends.push((await runs[at]) ?? assert.fail());
  assert.deepEqual(
    ends.map(({ exitCode, last }) => [exitCode, last.event]),
    [
      [0, 'delivery superseded'],
      [0, 'delivery superseded'],
      [1, 'job failed'],
      [0, 'feed delivered'],
    ],
  );
  assert.equal(
    ends[2]?.last['error'],
    `delivering ${ids[2]}: ${ids[3]} came before it was delivered, and none of the 3 snapshots before that one came to its end; look at the feed less often, or raise PARALLELISM`,
  );
  // The latest one has come to its end now.
  assert.equal((await run(versions[2] ?? assert.fail())).last.event, 'delivery superseded');
});

test('all children of an array job and all attempts of them share one turn', async () => {
  await using destination = await startScriptedDestination(take);
  const put = (key: string, body: Uint8Array): Promise<string> => world.put(key, body);
  const parts = await storeParts(put, world.bucket, 'children', [2, 2, 2, 2]);
  const child = (index: number): Promise<RunEnd> =>
    consume(parts, destination.url, { AWS_BATCH_JOB_ARRAY_INDEX: String(index) });
  const ends = await Promise.all([0, 1, 2].map(child));
  assert.deepEqual(
    ends.map(({ last }) => last.event),
    Array.from({ length: 3 }, () => 'feed delivered'),
  );
  const next = await version('children', 2, 9);
  await consume(next, destination.url);
  assert.deepEqual(ended(await child(3)), [0, 'delivery superseded', parts.id, next.id]);
  assert.deepEqual(destination.taken().sort(), [...lines(1, 6), ...lines(1, 9)].sort());
});

test('what the delivery before came to is looked up once for all children of an array job', async () => {
  await using destination = await startScriptedDestination(take);
  const put = (key: string, body: Uint8Array): Promise<string> => world.put(key, body);
  const first = await version('once', 1, 5);
  await consume(first, destination.url);
  const second = { ...(await storeParts(put, world.bucket, 'once', [3, 3])), id: first.id.replace('-1-', '-2-') };
  const message = await storeChanges(world, second, [[5, 6]], ['gone'], first);
  const child = async (index: number): Promise<unknown> =>
    (await consume(message, destination.url, { AWS_BATCH_JOB_ARRAY_INDEX: String(index) })).last['delivery'];
  assert.equal(await child(0), 'delta');
  // Whoever looked again would not find it.
  await world.put(`checkpoints/${first.id}.json`, 'gone');
  assert.equal(await child(1), 'delta');
  assert.deepEqual(destination.taken(), [...lines(1, 5), '{"$deleted":"gone"}', ...lines(5, 6)]);
  const { headers } = destination.posted.at(-1) ?? assert.fail();
  const told = ['delivery', 'snapshot', 'sequence', 'records', 'part'].map((name) => headers[`x-feed-${name}`]);
  assert.deepEqual(told, ['delta', message.id, '2', '6', '1/2']);
});

test('with AGAIN an older snapshot is delivered once more, under keys of its own, and what comes after does not build on it', async () => {
  await using destination = await startScriptedDestination(take);
  const first = await version('back', 1, 3);
  const second = await storeChanges(world, await version('back', 2, 4), [[4, 4]], [], first);
  const third = await storeChanges(world, await version('back', 3, 5), [[5, 5]], [], second);
  await consume(first, destination.url);
  assert.equal((await consume(second, destination.url)).last['delivery'], 'delta');
  const AGAIN = 'rollback';
  const again = await consume(first, destination.url, { AGAIN });
  assert.deepEqual(ended(again).slice(0, 3), [0, 'feed delivered', `${first.id}-rollback`]);
  assert.deepEqual(destination.taken(), [...lines(1, 3), lineOf(4), ...lines(1, 3)]);
  // Its next attempt finds it done; the snapshot that it stands in for is not there any more.
  assert.equal((await consume(first, destination.url, { AGAIN })).last.event, 'feed already delivered');
  const undone = await consume(second, destination.url);
  assert.match(String(undone.last['error']), /it was delivered, and back-1-\w+ after it; .* AGAIN=<word>$/);
  const last = await consume(third, destination.url);
  assert.deepEqual([last.last['delivery'], last.last['records']], ['full', 5]);
  // It had its turn once.
  assert.equal((await consume(first, destination.url, { AGAIN })).last.event, 'delivery superseded');
});

test('with AGAIN the latest snapshot is delivered once more, and the next one builds on it as ever', async () => {
  await using destination = await startScriptedDestination(take);
  const first = await version('more', 1, 3);
  const second = await storeChanges(world, await version('more', 2, 4), [[4, 4]], [], first);
  const third = await storeChanges(world, await version('more', 3, 5), [[5, 5]], [], second);
  for (const message of [first, second]) await consume(message, destination.url);
  const { last } = await consume(second, destination.url, { AGAIN: '2' });
  assert.deepEqual([last['delivery'], last['records'], last['id']], ['full', 4, `${second.id}-2`]);
  assert.deepEqual(destination.taken(), [...lines(1, 4), ...lines(1, 4)]);
  const plain = (await consume(second, destination.url)).last;
  assert.deepEqual([plain.event, plain['delivery']], ['feed already delivered', 'delta']);
  assert.equal((await consume(third, destination.url)).last['delivery'], 'delta');
});

test('where the state of a feed was removed and it is counted anew, its current snapshot is not taken for an old one', async () => {
  await using destination = await startScriptedDestination(take);
  await consume(await version('anew', 7, 3), destination.url);
  const current = await version('anew', 1, 4);
  await world.put('state/anew.json', JSON.stringify({ version: 1, sequence: 1, current }));
  assert.equal((await consume(current, destination.url)).last.event, 'feed delivered');
  const stale = await version('anew', 1, 2);
  assert.equal((await consume(stale, destination.url)).last.event, 'delivery superseded');
});

test('a message that no watcher made has no place in the order, and is delivered', async () => {
  await using destination = await startScriptedDestination(take);
  await consume(await version('manual', 3, 3), destination.url);
  const made = { ...(await version('manual', 1, 30)), id: 'by-hand' };
  // Whose turn it is would be looked at after each batch.
  const end = await consume(made, destination.url, { CHECKPOINT_SECONDS: '0', PARALLELISM: '1' });
  assert.deepEqual([end.exitCode, end.last.event, end.last['records']], [0, 'feed delivered', 30]);
  assert.equal(destination.posted.at(-1)?.headers['x-feed-sequence'], undefined);
});
