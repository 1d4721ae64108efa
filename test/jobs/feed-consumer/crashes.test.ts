import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SnapshotMessage } from '../../../jobs/messages/feed-message.ts';
import {
  consumerVariables,
  lineOf,
  lines,
  listedLines,
  numbered,
  rejectsOf,
  storeChanges,
  storeFeed,
} from '../../support/consumer-runs.ts';
import { storeParts } from '../../support/feed-parts.ts';
import { type RunEnd, runConsumer } from '../../support/job-runs.ts';
import { JobWorld } from '../../support/job-world.ts';
import { type Death, deathsAt, type MortalRun, MortalWorld, runMortal, together } from '../../support/mortal-job.ts';
import {
  type Reaction,
  type ScriptedDestination,
  startScriptedDestination,
} from '../../support/scripted-destination.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

/** Batches of two, a checkpoint after each, and a service that refuses the fourth record. */
const settings = { BATCH_SIZE: '2', CHECKPOINT_SECONDS: '0', DESTINATION_END: 'true' };
const react = ({ lines: posted }: { readonly lines: readonly string[] }): Reaction => {
  const index = posted.indexOf(lineOf(4));
  return index < 0 ? { does: 'take' } : { does: 'refuse lines', rejected: [{ index, reason: 'no four' }] };
};

interface Case {
  /** What the delivery is called after. */
  readonly message: Pick<SnapshotMessage, 'id'>;
  readonly service: ScriptedDestination;
  /** Its seven records, and the line of the fourth record of the feed. */
  readonly records: readonly string[];
  readonly line: number;
  attempt(death?: Death): Promise<MortalRun>;
  /** The attempt after one that was killed; in this process, which takes a tenth of the time. */
  again(): Promise<RunEnd>;
}

/** With one request at a time a job has the same effects in the same order every time. */
async function withCase<Result>(
  name: string,
  use: (each: Case) => Promise<Result>,
  PARALLELISM = '1',
  part?: number,
): Promise<Result> {
  await using service = await startScriptedDestination(react);
  const feed = part === undefined ? await storeFeed(world, name, numbered(7)) : await inParts(name);
  const child = part === undefined ? {} : { AWS_BATCH_JOB_ARRAY_INDEX: String(part) };
  const variables = consumerVariables(feed, '', { ...settings, PARALLELISM, ...child });
  // The same address each time: to another one it would be another delivery.
  await using mortal = await MortalWorld.open(world, { DESTINATION_URL: service.url });
  const attempt = (death?: Death): Promise<MortalRun> => mortal.run('feed-consumer', variables, death);
  const again = async (): Promise<RunEnd> => {
    mortal.letLive();
    return await runConsumer(world, { ...variables, ...mortal.addresses });
  };
  const message = part === undefined ? feed : { id: `${feed.id}-${part}` };
  const about = part === undefined ? { records: lines(1, 7), line: 4 } : { records: lines(4, 10), line: 1 };
  return await use({ message, service, attempt, again, ...about });
}

/** Its second part has seven records. */
const inParts = (name: string): Promise<SnapshotMessage> =>
  storeParts((key, body) => world.put(key, body), world.bucket, name, [3, 7]);

/** Everything that was promised, whatever happened on the way. */
async function assertDelivered({ message, service, records, line: at }: Case, how: string): Promise<void> {
  const wanted = records.filter((line) => line !== lineOf(4));
  assert.deepEqual(service.taken().sort(), wanted.sort(), how);
  const rejects = [{ record: 4, line: at, reason: 'no four', content: { n: '4' } }];
  assert.deepEqual(await rejectsOf(world, message), rejects, how);
  for (const { key, lines: posted } of service.posted)
    assert.deepEqual(posted, service.posted.find((other) => other.key === key)?.lines, `${how}: ${key}`);
  const keys = [...new Set(service.posted.map(({ key }) => key))].sort();
  assert.deepEqual(
    keys,
    [0, 1, 2, 3].map((batch) => `${message.id}-${batch}`),
    how,
  );
  assert.ok(service.ends.length > 0, how);
  const end = { key: `${message.id}-end`, totals: { batches: 4, records: 7, deletions: 0, rejected: 1 } };
  for (const each of service.ends) assert.deepEqual(each, end, how);
}

test('killed between any two of its effects, and run again, it delivers every record under one key', async () => {
  const effects = await withCase('undisturbed', async (each) => {
    const run = await each.attempt();
    assert.equal(run.exitCode, 0, JSON.stringify(run.last));
    await assertDelivered(each, 'undisturbed');
    return run.effects;
  });
  const kinds = effects.map((effect) => effect.replace(/[^/]*undisturbed.*/, ''));
  assert.deepEqual(kinds, [
    ...['GET /feeds/turns/', 'PUT /feeds/turns/'],
    ...['GET /feeds/checkpoints/', 'PUT /feeds/checkpoints/', 'GET /feeds/', 'GET /feeds/snapshots/'],
    ...['GET /feeds/turns/', 'POST /in', 'PUT /feeds/checkpoints/'],
    ...['GET /feeds/turns/', 'POST /in', 'PUT /feeds/rejects/', 'PUT /feeds/checkpoints/'],
    ...['GET /feeds/turns/', 'POST /in', 'PUT /feeds/checkpoints/'],
    ...['GET /feeds/turns/', 'POST /in', 'PUT /feeds/checkpoints/'],
    ...['GET /feeds/turns/', 'POST /in', 'PUT /feeds/checkpoints/'],
  ]);
  const tasks = deathsAt(effects).map((death) => () => {
    const how = `killed ${death.moment} effect ${death.effect}`;
    return withCase(`killed-${death.moment}-${death.effect}`, async (each) => {
      const first = await each.attempt(death);
      assert.ok(first.killed && first.exitCode === null, `${how}: ${JSON.stringify(first)}`);
      const second = await each.again();
      assert.equal(second.exitCode, 0, `${how}: ${JSON.stringify(second.last)}`);
      await assertDelivered(each, how);
      // It went on where the first one was: one batch at most had to come again.
      assert.ok(each.service.posted.length <= 5, `${how}: ${each.service.posted.map(({ key }) => key)}`);
    });
  });
  await together(tasks, 3);
});

test('killed again and again with several requests under way, as a child of an array job too, it comes to its end all the same', async () => {
  const deaths = [
    [6, undefined],
    [9, undefined],
    [8, 1],
    [11, 1],
  ] as const;
  const tasks = deaths.map(
    ([effect, part]) =>
      () =>
        withCase(
          `again-${effect}`,
          async (each) => {
            let attempts = 0;
            for (let ended = false; !ended; attempts++) {
              // Killed before its first checkpoint every time, it would never end.
              const { killed, exitCode, last } = await each.attempt(
                attempts < 4 ? { effect, moment: 'after' } : undefined,
              );
              if (!killed) assert.equal(exitCode, 0, JSON.stringify(last));
              ended = !killed;
            }
            assert.ok(attempts > 1);
            await assertDelivered(each, `killed after each ${effect} effects`);
          },
          '3',
          part,
        ),
  );
  await together(tasks, 3);
});

test('killed after any effect of a batch that has to be halved, and run again, it delivers the same under the same keys', async () => {
  const takesTwo = ({ lines: posted }: { readonly lines: readonly string[] }): Reaction => {
    if (posted.length > 2) return { does: 'answer', status: 413 };
    return posted.includes(lineOf(4)) ? { does: 'answer', status: 422, body: 'no four' } : { does: 'take' };
  };
  const withHalves = async (name: string, death?: Death): Promise<MortalRun> => {
    await using service = await startScriptedDestination(takesTwo);
    const message = await storeFeed(world, name, numbered(5));
    const variables = consumerVariables(message, '', { BATCH_SIZE: '5', CHECKPOINT_SECONDS: '0', PARALLELISM: '1' });
    await using mortal = await MortalWorld.open(world, { DESTINATION_URL: service.url });
    const first = await mortal.run('feed-consumer', variables, death);
    assert.equal(first.killed, death !== undefined, name);
    mortal.letLive();
    const last = death === undefined ? first : await runConsumer(world, { ...variables, ...mortal.addresses });
    assert.equal(last.exitCode, 0, `${name}: ${JSON.stringify(last.last)}`);
    assert.deepEqual(service.taken().sort(), [...lines(1, 3), lineOf(5)], name);
    const rejects = [{ record: 4, line: 4, reason: 'it answered 422: no four', content: { n: '4' } }];
    assert.deepEqual(await rejectsOf(world, message), rejects, name);
    for (const { key, lines: posted } of service.posted)
      assert.deepEqual(posted, service.posted.find((other) => other.key === key)?.lines, `${name}: ${key}`);
    return first;
  };
  const { effects } = await withHalves('halves');
  const posts = effects.filter((effect) => effect.startsWith('POST '));
  // Five, three, two, one; two, one, one.
  assert.equal(posts.length, 7);
  const tasks = deathsAt(effects).map((death) => async () => {
    await withHalves(`halves-${death.moment}-${death.effect}`, death);
  });
  await together(tasks, 3);
});

const told = { delivery: 'delta', records: 3, deletions: 2, rejected: 0 };

/** The records and deletions of all parts that the manifest lists. */
async function inBucket(folder: string): Promise<string[]> {
  const manifest = JSON.parse(String(await world.get(`${folder}/manifest.json`)));
  const { delivery, records, deletions, rejected } = manifest;
  assert.deepEqual({ delivery, records, deletions, rejected }, told);
  return await listedLines(world, manifest);
}

test('killed after any effect of a delivery of changes to a bucket, and run again, it leaves a whole manifest', async () => {
  const withBucket = async (name: string, death?: Death): Promise<MortalRun> => {
    const message = await storeChanges(world, await storeFeed(world, name, numbered(9)), [[2, 4]], ['a', 'b']);
    const variables = consumerVariables(message, 's3://feeds/out', { ...settings, PARALLELISM: '1' });
    const first = await runMortal(world, 'feed-consumer', variables, {}, death);
    assert.equal(first.killed, death !== undefined, name);
    const last = death === undefined ? first : await world.run('feed-consumer', variables);
    assert.equal(last.exitCode, 0, `${name}: ${JSON.stringify(last.last)}`);
    const folder = `out/${name}/${message.id}-delta`;
    assert.deepEqual(
      await inBucket(folder),
      [...lines(2, 4), '{"$deleted":"a"}', '{"$deleted":"b"}'],
      `${name}: ${JSON.stringify(first.effects)}`,
    );
    return first;
  };
  const { effects } = await withBucket('bucket');
  assert.ok(effects.length > 10, effects.join('\n'));
  const tasks = deathsAt(effects).map((death) => async () => {
    await withBucket(`bucket-${death.moment}-${death.effect}`, death);
  });
  await together(tasks, 3);
});
