import assert from 'node:assert/strict';
import test from 'node:test';
import type { Clock } from '../../../jobs/feed-consumer/delivery/clock.ts';
import type { Consignment } from '../../../jobs/feed-consumer/delivery/consignments.ts';
import { type Courier, deliver, finish } from '../../../jobs/feed-consumer/delivery/delivery.ts';
import { Pause } from '../../../jobs/feed-consumer/delivery/pause.ts';
import { retryDelay, retryPolicy } from '../../../jobs/feed-consumer/delivery/retry-delay.ts';
import { Traffic } from '../../../jobs/feed-consumer/delivery/traffic.ts';
import type { Answer } from '../../../jobs/feed-consumer/destinations/destination.ts';
import { parseRetryAfter } from '../../../jobs/process/retry-after.ts';
import { textOfBody } from '../../support/body-text.ts';
import { rejectTelling, toldReject } from '../../support/told-reject.ts';

const busy = (retryAfter?: number): Answer => ({
  kind: 'busy',
  cause: '503',
  reason: 'it answered 503',
  ...(retryAfter !== undefined && { retryAfter }),
});
const accepted: Answer = { kind: 'accepted', refused: [] };

/** Batch 4 of records that are their own index. */
function batch(records: number): Consignment {
  const bytes = Buffer.from(Array.from({ length: records }, (_, index) => `${index}\n`).join(''));
  const lines = Array.from({ length: records }, (_, index) => ({
    start: index * 2,
    end: index * 2 + 1,
    record: 40 + index,
    line: index,
  }));
  const covers = { records, unchanged: 0, deletions: 0, withheld: 0 };
  return { number: 4, content: { kind: 'memory', bytes }, lines, unreadable: [], covers, release: () => {} };
}

/** A clock whose waits are noted and over at once. */
function quickClock(waits: number[]): Clock {
  let now = 0;
  return {
    now: () => now,
    wait: async (milliseconds, signal) => {
      signal.throwIfAborted();
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
}

/** A courier whose destination answers from a list. */
function courierWith(answers: Answer[], stop = new AbortController(), check: () => Promise<void> = async () => {}) {
  const waits: number[] = [];
  const sent: string[] = [];
  const keys: string[] = [];
  const clock = quickClock(waits);
  const events: Readonly<Record<string, unknown>>[] = [];
  const traffic = new Traffic('m', (event, fields) => void events.push({ event, ...fields }));
  const courier: Courier = {
    destination: {
      send: async ({ key, body, records }) => {
        keys.push(key);
        const text = await textOfBody(body);
        assert.equal(text.split('\n').length - 1, records);
        sent.push(text);
        return answers.shift() ?? accepted;
      },
    },
    id: 'm',
    turn: { check },
    policy: retryPolicy,
    stop: stop.signal,
    clock,
    pause: new Pause(clock),
    traffic,
  };
  return { courier, waits, keys, sent, traffic, events };
}

test('waits grow, are never shorter than what the destination asks for, and end', async () => {
  const { courier, waits, keys } = courierWith([busy(), busy(7_000), busy(0)]);
  assert.deepEqual(await deliver(courier, batch(2)), {
    covers: { records: 2, unchanged: 0, deletions: 0, withheld: 0 },
    rejects: [],
  });
  assert.equal(waits.length, 3);
  const [first = 0, second = 0, third = 0] = waits;
  assert.ok(first >= 100 && first <= 200 && second === 7_000 && third >= 400 && third <= 800, waits.join(', '));
  assert.deepEqual(new Set(keys), new Set(['m-4']));
});

test('a destination that stays away is given up after the attempts of the policy', async () => {
  const { courier, waits } = courierWith(Array.from({ length: 20 }, () => busy()));
  await assert.rejects(deliver(courier, batch(1)), {
    name: 'JobError',
    message: /batch m-4: it answered 503; given up after 12 attempts and \d+ s of waiting/,
  });
  assert.equal(waits.length, 11);
});

test('what the destination asks for is waited for as long as all the waiting together is ten minutes', async () => {
  const { courier, waits } = courierWith([busy(150_000), busy(450_000)]);
  await deliver(courier, batch(1));
  assert.deepEqual(waits, [150_000, 450_000]);
});

test('a wait that the destination wants longer is not begun, and the error names it and the limit', async () => {
  const { courier, waits } = courierWith([busy(150_000), busy(452_000)]);
  await assert.rejects(deliver(courier, batch(1)), {
    message:
      'delivering batch m-4: it answered 503; given up after 2 attempts and 150 s of waiting: it asks for 452 s more, and a request waits 600 s in all at most',
  });
  assert.deepEqual(waits, [150_000]);
});

test('a request gives up a pause that another one was asked for where it would have waited more than ten minutes', async () => {
  const { courier, waits } = courierWith([]);
  const { clock, pause } = courier;
  pause.ask(400_000);
  const wait: Clock['wait'] = async (milliseconds, signal) => {
    await clock.wait(milliseconds, signal);
    pause.ask(202_000);
  };
  await assert.rejects(deliver({ ...courier, clock: { ...clock, wait } }, batch(1)), {
    message:
      'delivering batch m-4: the destination answered another request that all must wait; given up after 400 s of waiting: it asks for 202 s more, and a request waits 600 s in all at most',
  });
  assert.deepEqual(waits, [400_000]);
});

test('all the waiting for one request together is bounded, whatever the destination asks for', async () => {
  const { courier, waits } = courierWith(Array.from({ length: 20 }, () => busy(110_000)));
  await assert.rejects(deliver(courier, batch(1)), /given up after 6 attempts and 550 s of waiting: it asks for 110 s/);
  assert.equal(waits.length, 5);
});

test('what a destination asks of one request, the others wait for as well', async () => {
  const { courier, waits, keys } = courierWith([busy(5_000)]);
  await deliver(courier, batch(1));
  assert.deepEqual(waits, [5_000]);
  courier.pause.ask(3_000);
  await deliver(courier, { ...batch(1), number: 5 });
  assert.deepEqual(
    [waits, keys],
    [
      [5_000, 3_000],
      ['m-4', 'm-4', 'm-5'],
    ],
  );
});

test('trouble is counted by its reason, and told in one event for many retries', async () => {
  const { courier, traffic, events } = courierWith([busy(), busy(), busy(1_000), accepted, busy()]);
  await deliver(courier, batch(2));
  await deliver(courier, { ...batch(2), number: 5 });
  const { waitedMilliseconds, ...totals } = traffic.totals;
  assert.deepEqual(totals, { requests: 6, bytes: 24, retries: { '503': 4 } });
  assert.ok(typeof waitedMilliseconds === 'number' && waitedMilliseconds >= 1_400, String(waitedMilliseconds));
  assert.deepEqual(
    events.map(({ event, latest, retries }) => [event, latest, retries]),
    [['destination trouble', 'it answered 503', { '503': 1 }]],
  );
});

test('whose turn it is is looked at before each try, also before that of a half', async () => {
  const overtaken = new Error('superseded');
  const refused: Answer = { kind: 'refused', reason: 'it answered 400' };
  for (const [answers, sent] of [
    [[], []],
    [[busy()], ['m-4']],
    [[refused], ['m-4']],
    [
      [refused, accepted, busy()],
      ['m-4', 'm-4.0', 'm-4.1'],
    ],
  ] as const) {
    let looks = 0;
    const { courier, keys } = courierWith([...answers], undefined, async () => {
      if (looks++ === sent.length) throw overtaken;
    });
    await assert.rejects(deliver(courier, batch(2)), overtaken);
    assert.deepEqual(keys, sent);
  }
});

test('told to stop, no attempt is begun', async () => {
  const stop = new AbortController();
  const { courier, keys } = courierWith([], stop);
  stop.abort();
  await assert.rejects(deliver(courier, batch(1)), { name: 'AbortError' });
  assert.deepEqual(keys, []);
});

test('halves of a refused batch have keys of their own, and single records become rejects', async () => {
  const refused: Answer = { kind: 'refused', reason: 'it answered 400' };
  const { courier, keys, sent, traffic } = courierWith([refused, accepted, refused, refused, accepted]);
  const outcome = await deliver(courier, batch(4));
  assert.deepEqual(keys, ['m-4', 'm-4.0', 'm-4.1', 'm-4.1.0', 'm-4.1.1']);
  assert.deepEqual(sent, ['0\n1\n2\n3\n', '0\n1\n', '2\n3\n', '2\n', '3\n']);
  assert.deepEqual(outcome.rejects.map(toldReject), [{ record: 42, line: 2, reason: 'it answered 400', content: 2 }]);
  assert.deepEqual(traffic.totals, { requests: 5, bytes: 20, halved: 2 });
});

test('a record that is refused twice is one reject, in the order of the feed, and a long reason is cut', async () => {
  const refused = [
    { index: 2, reason: 'x'.repeat(2_000) },
    { index: 0, reason: 'first' },
    { index: 2, reason: 'second' },
  ];
  const { courier } = courierWith([{ kind: 'accepted', refused }]);
  const { rejects } = await deliver(courier, batch(3));
  assert.deepEqual(
    rejects.map(toldReject).map(({ record, reason }) => [record, reason]),
    [
      [40, 'first'],
      [42, `${'x'.repeat(1_000)}…`],
    ],
  );
});

test('the end of a delivery is told as patiently as a batch is sent, and a no to it fails the job', async () => {
  const totals = { batches: 1, records: 2, deletions: 0, rejected: 0 };
  const { courier, waits } = courierWith([]);
  const told: unknown[] = [];
  const answers = [busy(7_000), accepted, { kind: 'refused', reason: 'it answered 400' } as const];
  const finishing = async (of: unknown): Promise<Answer> => answers[told.push(of) - 1] ?? accepted;
  const ending = { ...courier, destination: { ...courier.destination, finish: finishing } };
  await finish(ending, totals);
  assert.deepEqual([waits, told], [[7_000], [totals, totals]]);
  await assert.rejects(
    finish(ending, totals),
    /delivering the end of m: it answered 400; nothing but this is left to do/,
  );
  // Most want to hear nothing of it.
  await finish(courier, totals);
});

test('records that could not be made objects are rejects of their batch, and need no request', async () => {
  const { courier, keys } = courierWith([]);
  const unreadable = [rejectTelling({ record: 1, line: 1, reason: 'deep', content: '<job/>' })];
  const { rejects } = await deliver(courier, { ...batch(0), unreadable });
  assert.deepEqual(rejects, unreadable);
  assert.deepEqual(keys, []);
});

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-03-01T00:00:00Z');
  assert.equal(parseRetryAfter('12', now), 12_000);
  assert.equal(parseRetryAfter('Sun, 01 Mar 2026 00:00:30 GMT', now), 30_000);
  assert.equal(parseRetryAfter('Sun, 01 Mar 2020 00:00:30 GMT', now), 0);
  assert.equal(parseRetryAfter('1.5', now), 1_500);
  // None of these is a date, whatever `Date.parse` makes of it.
  for (const odd of ['soon', '-7', '2050-7', '1, 2', '']) assert.equal(parseRetryAfter(odd, now), undefined, odd);
  assert.equal(parseRetryAfter(undefined, now), undefined);
});

test('the delay doubles up to its longest and is drawn from its upper half', () => {
  const at = (attempt: number, random: number) =>
    retryDelay({ ...retryPolicy, attempts: 99 }, { attempt, waited: 0 }, undefined, random);
  assert.deepEqual([at(1, 0), at(1, 1), at(3, 1), at(50, 1)], [100, 200, 800, retryPolicy.longestDelay]);
});
