import assert from 'node:assert/strict';
import test from 'node:test';
import { Journal } from '../../../jobs/feed-consumer/progress/journal.ts';
import { JobWorld } from '../../support/job-world.ts';
import { rejectTelling } from '../../support/told-reject.ts';

const delivery = 'm-1';

const opened = (world: JobWorld, interval = 3_600_000): Promise<Journal> =>
  Journal.open({ s3: world.s3, bucket: world.bucket, delivery, interval, recordsBefore: 0 }, 'http://there/', 10);

/** The end of a batch of one record, which was refused. */
const refusal = (record: number, content: unknown = record) => ({
  covers: { records: 1, unchanged: 0, deletions: 0, withheld: 0 },
  rejects: [rejectTelling({ record, line: record, reason: 'no', content })],
});

async function storedRejects(world: JobWorld): Promise<Readonly<Record<string, number[]>>> {
  const keys = await world.keys(`rejects/${delivery}/`);
  const entries = keys.map(async (key) => {
    const lines = String(await world.get(key))
      .trim()
      .split('\n');
    return [key.slice(`rejects/${delivery}/`.length), lines.map((line) => Number(JSON.parse(line).record))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

test('rejects are stored once each, with the checkpoint that counts them, and what a lost attempt stored comes again', async () => {
  await using world = await JobWorld.start();
  const first = await opened(world);
  await first.finish(0, refusal(1));
  await first.finish(1, refusal(2));
  assert.deepEqual(await storedRejects(world), {});
  await first.save(false);
  await first.finish(2, refusal(3));
  await first.save(false);
  await first.save(false);
  assert.deepEqual(await storedRejects(world), { '00000.ndjson': [1, 2], '00001.ndjson': [3] });

  // As if the attempt had died between the two writes of its next checkpoint.
  await world.put(`rejects/${delivery}/00002.ndjson`, '{"record":4}\n');
  const second = await opened(world);
  assert.deepEqual([second.now.rejected, second.now.rejectParts, second.now.batches], [3, 2, 3]);
  assert.deepEqual(await storedRejects(world), { '00000.ndjson': [1, 2], '00001.ndjson': [3] });
  await second.finish(3, refusal(4));
  await second.save(true);
  assert.deepEqual(await storedRejects(world), { '00000.ndjson': [1, 2], '00001.ndjson': [3], '00002.ndjson': [4] });
});

test('many bytes of rejects are stored before it is time for a checkpoint, and not kept', async () => {
  await using world = await JobWorld.start();
  const journal = await opened(world);
  const saved: boolean[] = [];
  for (let record = 1; record <= 6; record++)
    saved.push(await journal.finish(record - 1, refusal(record, 'x'.repeat(400_000))));
  assert.deepEqual(saved, [false, false, true, false, false, true]);
  assert.deepEqual(await storedRejects(world), { '00000.ndjson': [1, 2, 3], '00001.ndjson': [4, 5, 6] });
});

test('what many rejects of one batch come to is stored in several objects, all of which are counted', async () => {
  await using world = await JobWorld.start();
  const rejects = [1, 2, 3, 4].flatMap((record) => refusal(record, 'x'.repeat(700_000)).rejects);
  const journal = await opened(world);
  await journal.finish(0, { covers: { records: 4, unchanged: 0, deletions: 0, withheld: 0 }, rejects });
  assert.deepEqual(await storedRejects(world), { '00000.ndjson': [1, 2], '00001.ndjson': [3, 4] });
  const { now } = await opened(world);
  assert.deepEqual([now.rejected, now.rejectParts], [4, 2]);
  assert.equal(journal.weight, 0);
});

test('of two runs that have one delivery at once the second takes it over, and the first writes nothing any more', async () => {
  await using world = await JobWorld.start();
  const first = await opened(world);
  await first.finish(0, refusal(1));
  await first.save(false);
  await first.finish(1, refusal(2));
  const second = await opened(world);
  // The first one does not know yet: it stores what the second one has in another object.
  await assert.rejects(
    first.save(false),
    /^JobError: delivering m-1: another run of it has begun, or somebody removed s3/,
  );
  for (const record of [2, 3]) await second.finish(record - 1, refusal(record));
  await second.save(false);
  await first.finish(2, refusal(3));
  await assert.rejects(first.save(false), /another run of it has begun/);
  await second.save(true);
  assert.deepEqual(await storedRejects(world), { '00000.ndjson': [1], '00001.ndjson': [2, 3] });
  const { now } = await opened(world);
  assert.deepEqual([now.rejected, now.rejectParts, now.complete], [3, 2, true]);
});

test('what was written and its answer lost is this run’s own, rejects and checkpoint', async () => {
  await using world = await JobWorld.start();
  const journal = await opened(world);
  const losing = new Set([1, 3]);
  let writes = 0;
  world.s3.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName === 'PutObjectCommand' && losing.has(++writes))
          throw Object.assign(new Error('reset'), { name: 'TimeoutError' });
        return answer;
      },
    { step: 'deserialize', name: 'lostAnswer' },
  );
  await journal.finish(0, refusal(1));
  await journal.save(false);
  await journal.save(true);
  assert.deepEqual(await storedRejects(world), { '00000.ndjson': [1] });
  assert.equal((await opened(world)).now.complete, true);
});
