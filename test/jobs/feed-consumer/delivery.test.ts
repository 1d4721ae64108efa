import assert from 'node:assert/strict';
import test from 'node:test';
import type { Batch } from '../../../jobs/feed-consumer/batches.ts';
import { type Courier, deliver } from '../../../jobs/feed-consumer/delivery.ts';
import type { Answer } from '../../../jobs/feed-consumer/destination.ts';
import { parseRetryAfter, retryDelay, retryPolicy } from '../../../jobs/feed-consumer/retry-delay.ts';

const busy = (retryAfter?: number): Answer => ({ kind: 'busy', reason: 'it answered 503', retryAfter });
const accepted: Answer = { kind: 'accepted', refused: [] };
const batch = (records: number): Batch => ({
  number: 4,
  lines: Array.from({ length: records }, (_, index) => ({ json: `${index}`, record: 40 + index, line: index })),
  unreadable: [],
});

/** A courier whose waits are noted and over at once, and whose destination answers from a list. */
function courierWith(answers: Answer[], stop = new AbortController()) {
  const waits: number[] = [];
  const keys: string[] = [];
  const courier: Courier = {
    destination: {
      post: async (_, key) => {
        keys.push(key);
        return answers.shift() ?? accepted;
      },
    },
    messageId: 'm',
    policy: retryPolicy,
    stop: stop.signal,
    log: () => {},
    wait: async (milliseconds, signal) => {
      waits.push(milliseconds);
      signal.throwIfAborted();
    },
  };
  return { courier, waits, keys };
}

test('waits grow, are never shorter than what the destination asks for, and end', async () => {
  const { courier, waits, keys } = courierWith([busy(), busy(7_000), busy(0)]);
  assert.deepEqual(await deliver(courier, batch(2)), { records: 2, rejects: [] });
  assert.equal(waits.length, 3);
  const [first = 0, second = 0, third = 0] = waits;
  assert.ok(first >= 100 && first <= 200 && second === 7_000 && third >= 400 && third <= 800, waits.join(', '));
  assert.deepEqual(new Set(keys), new Set(['m-4']));
});

test('a destination that stays away is given up after the attempts of the policy', async () => {
  const { courier, waits } = courierWith(Array.from({ length: 20 }, () => busy()));
  await assert.rejects(deliver(courier, batch(1)), {
    name: 'JobError',
    message: /batch m-4: it answered 503; given up after 8 attempts/,
  });
  assert.equal(waits.length, 7);
});

test('a wait that the destination wants longer than the policy allows is not begun', async () => {
  const { courier, waits } = courierWith([busy(3_600_000)]);
  await assert.rejects(deliver(courier, batch(1)), /given up after 1 attempts/);
  assert.deepEqual(waits, []);
});

test('told to stop, no further attempt is made', async () => {
  const stop = new AbortController();
  const { courier, keys } = courierWith([busy()], stop);
  stop.abort();
  await assert.rejects(deliver(courier, batch(1)), { name: 'AbortError' });
  assert.deepEqual(keys, ['m-4']);
});

test('halves of a refused batch have keys of their own, and single records become rejects', async () => {
  const refused: Answer = { kind: 'refused', reason: 'it answered 400' };
  const { courier, keys } = courierWith([refused, accepted, refused, refused, accepted]);
  const outcome = await deliver(courier, batch(4));
  assert.deepEqual(keys, ['m-4', 'm-4.0', 'm-4.1', 'm-4.1.0', 'm-4.1.1']);
  assert.deepEqual(outcome, { records: 4, rejects: [{ record: 42, line: 2, reason: 'it answered 400', content: 2 }] });
});

test('records that could not be made objects are rejects of their batch, and need no request', async () => {
  const { courier, keys } = courierWith([]);
  const unreadable = [{ record: 1, line: 1, reason: 'deep', content: '<job/>' }];
  assert.deepEqual(await deliver(courier, { number: 0, lines: [], unreadable }), { records: 1, rejects: unreadable });
  assert.deepEqual(keys, []);
});

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-03-01T00:00:00Z');
  assert.equal(parseRetryAfter('12', now), 12_000);
  assert.equal(parseRetryAfter('Sun, 01 Mar 2026 00:00:30 GMT', now), 30_000);
  assert.equal(parseRetryAfter('Sun, 01 Mar 2020 00:00:30 GMT', now), 0);
  assert.equal(parseRetryAfter('soon', now), undefined);
  assert.equal(parseRetryAfter(null, now), undefined);
});

test('the delay doubles up to its longest and is drawn from its upper half', () => {
  const at = (attempt: number, random: number) =>
    retryDelay({ ...retryPolicy, attempts: 99 }, attempt, undefined, random);
  assert.deepEqual([at(1, 0), at(1, 1), at(3, 1), at(50, 1)], [100, 200, 800, retryPolicy.longestDelay]);
});
