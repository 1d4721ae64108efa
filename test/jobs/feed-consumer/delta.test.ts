import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { Batch } from '../../../jobs/feed-consumer/batches/batch.ts';
import { type Consignment, changesOnly } from '../../../jobs/feed-consumer/delivery/consignments.ts';
import type { Delta } from '../../../jobs/feed-consumer/delivery/delta.ts';
import type { SnapshotMessage } from '../../../jobs/messages/feed-message.ts';
import type { RecordRun } from '../../../jobs/messages/record-set.ts';
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
import { storeParts } from '../../support/feed-parts.ts';
import { runConsumer } from '../../support/job-runs.ts';
import { JobWorld } from '../../support/job-world.ts';
import { startScriptedDestination } from '../../support/scripted-destination.ts';
import { rejectTelling } from '../../support/told-reject.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

const deletion = (id: string): string => JSON.stringify({ $deleted: id });

async function stored(type: string, records: number, runs: readonly RecordRun[], removed: readonly string[]) {
  return await storeChanges(world, await storeFeed(world, type, numbered(records)), runs, removed);
}

/** The message of a delivery, as what its checkpoint and rejects are called after. */
const deltaOf = (message: SnapshotMessage): SnapshotMessage => ({ ...message, id: `${message.id}-delta` });

test('only what was added or changed is delivered, and then a deletion for each that was removed', async () => {
  await using destination = await startScriptedDestination(({ lines: posted }) => {
    const index = posted.indexOf(lineOf(41));
    return index < 0 ? { does: 'take' } : { does: 'refuse lines', rejected: [{ index, reason: 'no' }] };
  });
  const runs: RecordRun[] = [
    [2, 3],
    [10, 18],
    [41, 41],
  ];
  const message = await stored('delta', 60, runs, ['a', 'b"c']);
  const { exitCode, last } = await runConsumer(world, consumerVariables(message, destination.url));
  assert.equal(exitCode, 0, JSON.stringify(last));
  assert.deepEqual(
    [last['id'], last['records'], last['deletions'], last['batches'], last['rejected']],
    [`${message.id}-delta`, 12, 2, 3, 1],
  );
  const posted = new Map(destination.posted.map((batch) => [batch.key, batch.lines]));
  assert.deepEqual(posted.get(`${message.id}-delta-0`), [...lines(2, 3), ...lines(10, 17)]);
  assert.deepEqual(posted.get(`${message.id}-delta-1`), [lineOf(18), lineOf(41)]);
  assert.deepEqual(posted.get(`${message.id}-delta-2`), [deletion('a'), deletion('b"c')]);
  assert.equal(posted.size, 3);
  assert.deepEqual(await rejectsOf(world, deltaOf(message)), [
    { record: 41, line: 41, reason: 'no', content: { n: '41' } },
  ]);
  const again = await runConsumer(world, consumerVariables(message, destination.url));
  assert.equal(again.last.event, 'feed already delivered');
});

test('an attempt that resumes, among records or among deletions, makes the same batches', async () => {
  const message = await stored(
    'resumed',
    50,
    [
      [1, 5],
      [20, 45],
    ],
    Array.from({ length: 25 }, (_, index) => `gone-${index}`),
  );
  for (const broken of [1, 2, 4, 5]) {
    let down = true;
    await using destination = await startScriptedDestination(({ key }) =>
      down && key.endsWith(`-${broken}`) ? { does: 'answer', status: 404 } : { does: 'take' },
    );
    // Another address each time, so another delivery.
    const variables = consumerVariables(message, destination.url, { PARALLELISM: '1' });
    assert.equal((await runConsumer(world, variables)).exitCode, 1);
    assert.equal((await checkpointOf(world, deltaOf(message))).batches, broken);
    down = false;
    assert.equal((await runConsumer(world, variables)).exitCode, 0);
    assert.deepEqual(destination.taken(), [
      ...lines(1, 5),
      ...lines(20, 45),
      ...Array.from({ length: 25 }, (_, index) => deletion(`gone-${index}`)),
    ]);
    assert.equal(destination.posted.length, 8);
  }
});

test('without its list, or with one that is damaged or of another message, everything is delivered', async () => {
  const damage: readonly ((message: SnapshotMessage, key: string) => Promise<unknown>)[] = [
    (message, key) => Promise.resolve([message, key]),
    async (_, key) => world.put(key, ((await world.get(key)) ?? Buffer.alloc(0)).subarray(0, 60)),
    (_, key) => world.put(key, 'no gzip'),
    async (message, key) => {
      await storeChanges(world, { ...message, id: 'other-1-abc' }, [[1, 1]], []);
      await world.put(key, (await world.get('changes/other-1-abc.ndjson.gz')) ?? '');
    },
    (message) => storeChanges(world, message, [[1, Number.MAX_SAFE_INTEGER]], []),
  ];
  for (const [index, harm] of damage.entries()) {
    await using destination = await startScriptedDestination(take);
    const message = await stored(`full-${index}`, 20, [[1, 2]], ['a']);
    const key = message.changes?.key ?? assert.fail();
    await harm(message, key);
    const lost = index === 0 ? { ...message, changes: { ...message.changes, key: 'changes/nowhere' } } : message;
    const { exitCode, events } = await runConsumer(world, consumerVariables(lost, destination.url));
    assert.equal(exitCode, 0, JSON.stringify(events));
    assert.ok(
      events.some(({ event }) => event === 'delta given up'),
      `case ${index}`,
    );
    assert.deepEqual(destination.taken().sort(), lines(1, 20).sort());
    assert.deepEqual(new Set(destination.posted.map((batch) => batch.key)).has(`${message.id}-0`), true);
  }
});

/** Versions 1, 2, … of a feed, each with the list of what it changed: its last record, and an id that went. */
async function versions(type: string, ...sizes: readonly number[]): Promise<readonly SnapshotMessage[]> {
  const all: SnapshotMessage[] = [];
  for (const [at, size] of sizes.entries()) {
    const message = await storeFeed(world, type, numbered(size), { records: size }, at + 1);
    const before = all.at(-1);
    all.push(before === undefined ? message : await storeChanges(world, message, [[size, size]], [`${size}`], before));
  }
  return all;
}

/** How a delivery ended: its event, its records and deletions, its kind, and what was missing. */
async function outcomeOf(message: SnapshotMessage, url: string, more = {}): Promise<unknown[]> {
  const { last, events } = await runConsumer(world, consumerVariables(message, url, more));
  const told = events.find(({ event }) => event === 'changes not enough');
  return [last['event'], last['records'], last['deletions'], last['delivery'], told?.['missing']].slice(
    0,
    told ? 5 : 4,
  );
}

test('changes are enough only where the snapshot before was the last one that this destination got, and got whole', async () => {
  await using destination = await startScriptedDestination(take);
  await using other = await startScriptedDestination(take);
  const [first, second, third, fourth] = await versions('builds', 5, 6, 7, 8);
  assert.ok(first && second && third && fourth);
  await outcomeOf(first, destination.url);
  assert.deepEqual(await outcomeOf(second, destination.url), ['feed delivered', 1, 1, 'delta']);
  assert.deepEqual(await outcomeOf(third, destination.url), ['feed delivered', 1, 1, 'delta']);
  // This one did not get the second.
  assert.deepEqual(await outcomeOf(third, other.url), ['feed delivered', 7, 1, 'full', second.id]);
  assert.deepEqual(other.taken().sort(), [...lines(1, 7), deletion('7')].sort());
  assert.deepEqual(await outcomeOf(third, other.url), ['feed already delivered', 7, 1, 'full', second.id]);
  // What was delivered in this way is something to build on, too.
  assert.deepEqual(await outcomeOf(fourth, other.url), ['feed delivered', 1, 1, 'delta']);
});

test('where the delivery before has not ended, or not all of its parts, all records are delivered, whatever becomes of it', async () => {
  let down = true;
  await using destination = await startScriptedDestination(() =>
    down ? { does: 'answer', status: 404 } : { does: 'take' },
  );
  const [first, second] = await versions('halfway', 5, 6);
  assert.ok(first && second);
  assert.equal((await outcomeOf(first, destination.url))[0], 'job failed');
  assert.equal((await outcomeOf(second, destination.url)).at(-1), first.id);
  down = false;
  assert.deepEqual(await outcomeOf(second, destination.url), ['feed delivered', 6, 1, 'full', first.id]);

  const parts = await storeParts((key, body) => world.put(key, body), world.bucket, 'half-parts', [3, 2]);
  const next = await storeChanges(world, await storeFeed(world, 'half-parts', numbered(6), {}, 2), [[6, 6]], [], parts);
  await outcomeOf(parts, destination.url, { AWS_BATCH_JOB_ARRAY_INDEX: '0' });
  assert.deepEqual((await outcomeOf(next, destination.url)).slice(3), ['full', `${parts.id}-1`]);
});

test('a feed that only lost records delivers deletions and nothing else', async () => {
  await using destination = await startScriptedDestination(take);
  const message = await stored('shrunk', 20, [], ['x', 'y']);
  const { last } = await runConsumer(world, consumerVariables(message, destination.url));
  assert.deepEqual([last['records'], last['deletions'], last['batches']], [0, 2, 1]);
  assert.deepEqual(destination.taken(), [deletion('x'), deletion('y')]);
});

test('a feed in parts has its changes delivered by the parts that hold them, and its deletions once', async () => {
  await using destination = await startScriptedDestination(take);
  const whole = await storeParts((key, body) => world.put(key, body), world.bucket, 'parts', [5, 7, 3]);
  const runs: RecordRun[] = [
    [4, 7],
    [15, 15],
  ];
  const message = await storeChanges(world, whole, runs, ['gone']);
  for (const index of ['0', '1', '2']) {
    const child = consumerVariables(message, destination.url, { AWS_BATCH_JOB_ARRAY_INDEX: index });
    const { exitCode, last } = await runConsumer(world, child);
    assert.equal(exitCode, 0, JSON.stringify(last));
  }
  assert.deepEqual(destination.taken(), [...lines(4, 5), deletion('gone'), ...lines(6, 7), lineOf(15)]);
  assert.deepEqual(
    destination.posted.map(({ key }) => key.slice(message.id.length)),
    ['-0-delta-0', '-0-delta-1', '-1-delta-0', '-2-delta-0'],
  );
});

/** Batches of records `from` … `to`, of a size that differs from what is gathered from them; every seventh is unreadable. */
function* batchesFrom(from: number, to: number, size: number): Generator<Batch> {
  for (let first = from, number = 0; first <= to; first += size, number++) {
    const records = Array.from({ length: Math.min(size, to - first + 1) }, (_, at) => first + at);
    const readable = records.filter((record) => record % 7 !== 0);
    const json = readable.map((record) => `${record}\n`);
    const ends = json.map((_, at) => json.slice(0, at + 1).join('').length);
    yield {
      number,
      content: { kind: 'memory', bytes: Buffer.from(json.join('')) },
      lines: readable.map((record, at) => ({
        start: ends[at - 1] ?? 0,
        end: (ends[at] ?? 0) - 1,
        record,
        line: record,
      })),
      unreadable: records
        .filter((record) => record % 7 === 0)
        .map((record) => rejectTelling({ record, line: record, reason: 'unreadable', content: String(record) })),
      release: () => {},
    };
  }
}

test('from whatever batch it goes on, and whatever batches it is made from, it makes the very same consignments', async () => {
  const cases = fc.asyncProperty(
    fc.array(fc.integer({ min: 1, max: 60 })),
    fc.integer({ min: 0, max: 12 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    async (members, removed, batchSize, size) => {
      const wanted = new Set(members);
      const ids = Array.from({ length: removed }, (_, index) => `gone-${index}`);
      const delta: Delta = {
        suffix: '-delta',
        wants: (record: number) => wanted.has(record),
        removed: (skip: number) => Readable.from(ids.slice(skip)),
      };
      const made = async (start: Consignment['covers'] & { batches: number }, from = size) => {
        const consignments: Omit<Consignment, 'release'>[] = [];
        const batches = Readable.from(batchesFrom(start.records + 1, 60, from));
        for await (const { release, content, ...rest } of changesOnly(batches, delta, batchSize, start)) {
          assert.ok(content.kind === 'memory');
          consignments.push({ ...rest, content: { kind: 'memory', bytes: Buffer.from(content.bytes) } });
          release();
        }
        return consignments;
      };
      const all = await made({ batches: 0, records: 0, unchanged: 0, deletions: 0, withheld: 0 });
      const sent = all.flatMap(({ lines: found, unreadable }) =>
        [...found, ...unreadable].map(({ record }) => record).filter((record) => record > 0),
      );
      assert.deepEqual(
        sent.sort((a, b) => a - b),
        [...wanted].sort((a, b) => a - b),
      );
      let start = { batches: 0, records: 0, unchanged: 0, deletions: 0, withheld: 0 };
      for (const { covers } of all) {
        start = {
          batches: start.batches + 1,
          records: start.records + covers.records,
          unchanged: start.unchanged + covers.unchanged,
          deletions: start.deletions + covers.deletions,
          withheld: start.withheld + covers.withheld,
        };
        assert.deepEqual(await made(start, (size % 4) + 1), all.slice(start.batches));
      }
      assert.equal(start.records - start.unchanged + start.deletions, wanted.size + removed);
    },
  );
  await fc.assert(cases, { numRuns: 60 });
});
