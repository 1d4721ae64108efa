import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { realClock } from '../../../jobs/feed-consumer/delivery/clock.ts';
import { consumerVariables, lineOf, lines, numbered, rejectsOf, storeFeed } from '../../support/consumer-runs.ts';
import { runConsumer } from '../../support/job-runs.ts';
import { JobWorld } from '../../support/job-world.ts';
import { type Posted, type Reaction, startScriptedDestination } from '../../support/scripted-destination.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

const withinASecond = (): string => new Date(Date.now() + 1_000).toUTCString();

/** What the batches get at their first attempts. */
const weather: readonly (() => Reaction)[] = [
  () => ({ does: 'answer', status: 429, headers: { 'retry-after': '0' } }),
  () => ({ does: 'answer', status: 429, headers: { 'retry-after': '1' } }),
  () => ({ does: 'answer', status: 503, headers: { 'retry-after': withinASecond() } }),
  () => ({ does: 'answer', status: 500, body: 'oops' }),
  () => ({ does: 'break' }),
  () => ({ does: 'take and break' }),
  () => ({ does: 'take and answer half' }),
  () => ({ does: 'say nothing' }),
  () => ({ does: 'answer', status: 207, body: '{"rejected":[{"ind' }),
];

/** Records that the service refuses one by one, and what it says of them. */
const refused: ReadonlyMap<string, string> = new Map([3, 28, 29, 101].map((n) => [lineOf(n), `no ${n}`]));

/** Refuses bodies of more than 60 bytes, misbehaves at first, and refuses some records for good. */
async function react(batch: Posted): Promise<Reaction> {
  if (batch.lines.join('\n').length >= 60) return { does: 'answer', status: 413, body: 'too large' };
  // Halves as well: m-3.1 has weather of its own.
  const number = Number(/-(\d+)(\.[01.]+)?$/.exec(batch.key)?.[1]);
  if (batch.attempt === 1 && batch.key.endsWith('.0')) {
    const first = weather[number % weather.length]?.();
    if (first !== undefined) return first;
  }
  // Others are answered before these.
  if (number % 4 === 0) for (let turn = 0; turn < 20; turn++) await nextTurn();
  const rejected = batch.lines.flatMap((line, index) => {
    const reason = refused.get(line);
    return reason === undefined ? [] : [{ index, reason }];
  });
  return rejected.length === 0 ? { does: 'take' } : { does: 'refuse lines', rejected };
}

test('in whatever weather every record arrives once or is a reject, and the log tells it in numbers', async () => {
  await using destination = await startScriptedDestination(react);
  const message = await storeFeed(world, 'trouble', numbered(120));
  // Enough for an answer on a machine that has much else to do: one more that is late would be counted.
  const variables = consumerVariables(message, destination.url, { DESTINATION_TIMEOUT: '2', BATCH_SIZE: '8' });
  const { exitCode, events, last } = await runConsumer(world, variables);
  assert.equal(exitCode, 0, JSON.stringify(last));
  assert.deepEqual(
    destination.taken().sort(),
    lines(1, 120)
      .filter((line) => !refused.has(line))
      .sort(),
  );
  assert.deepEqual(
    await rejectsOf(world, message),
    [3, 28, 29, 101].map((n) => ({ record: n, line: n, reason: `no ${n}`, content: { n: String(n) } })),
  );
  // 15 batches are halved once; the first halves of all of them meet their weather.
  assert.deepEqual([last['records'], last['rejected'], last['halved']], [120, 4, 15]);
  assert.deepEqual(last['retries'], { '429': 4, '500': 2, '503': 2, reset: 5, timeout: 1, '207': 1 });
  assert.equal(last['requests'], 15 + 30 + 15);
  assert.ok(events.length <= 8, JSON.stringify(events));
  // What comes again under a key is what came before.
  for (const { key, lines: again } of destination.posted)
    assert.deepEqual(again, destination.posted.find((other) => other.key === key)?.lines, key);
});

test('a pause that one request is asked for, the others keep as well', async () => {
  let paused = 0;
  const early: string[] = [];
  await using destination = await startScriptedDestination(({ key, attempt }) => {
    if (paused === 0 && key.endsWith('-1') && attempt === 1) {
      paused = performance.now();
      return { does: 'answer', status: 429, headers: { 'retry-after': '1' } };
    }
    // What was on its way already comes at once.
    if (paused > 0 && performance.now() - paused < 950) early.push(key);
    return { does: 'take' };
  });
  const message = await storeFeed(world, 'paused', numbered(300));
  const variables = consumerVariables(message, destination.url);
  const { exitCode } = await runConsumer(world, variables, undefined, { clock: realClock });
  assert.equal(exitCode, 0);
  assert.ok(paused > 0);
  assert.ok(early.length <= 3, `${early.length} of ${destination.posted.length} requests came too early`);
  assert.equal(destination.taken().length, 300);
});

test('a destination that stays away fails the job with what it said, and with the numbers', async () => {
  await using destination = await startScriptedDestination(({ key }) =>
    key.endsWith('-1')
      ? { does: 'answer', status: 503, headers: { 'retry-after': '3600' }, body: 'closed today' }
      : { does: 'take' },
  );
  const message = await storeFeed(world, 'away', numbered(100));
  const { exitCode, events, last } = await runConsumer(world, consumerVariables(message, destination.url));
  assert.equal(exitCode, 1);
  assert.match(
    String(last['error']),
    /it answered 503: closed today; given up after 1 attempts and 0 s of waiting: it asks for 3600 s/,
  );
  const sums = events.find(({ event }) => event === 'delivery broken off');
  assert.ok(typeof sums?.['requests'] === 'number' && sums['requests'] >= 2, JSON.stringify(sums));
});
