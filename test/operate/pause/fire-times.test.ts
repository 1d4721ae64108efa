import assert from 'node:assert/strict';
import test from 'node:test';
import { isOver, missedBetween, type Timing } from '../../../scripts/operate/pause/fire-times.ts';

const from = new Date('2026-11-23T12:00:00Z');
const until = new Date('2026-11-25T12:00:00Z');
const always = { timezone: 'UTC', startDate: null, endDate: null };
const cron: Timing = { ...always, expression: 'cron(0 3 * * ? *)' };

const missed = (timing: Timing) => {
  const found = missedBetween(timing, from, until);
  return found && [found.count, found.more, found.last.toISOString()];
};

test('what was missed is counted from one time to another, on the clocks of its zone, and between its start and its end', () => {
  assert.deepEqual(missed(cron), [2, false, '2026-11-25T03:00:00.000Z']);
  assert.deepEqual(missed({ ...cron, timezone: 'Europe/Berlin' }), [2, false, '2026-11-25T02:00:00.000Z']);
  assert.deepEqual(missed({ ...cron, startDate: '2026-11-25T03:00:00.000Z' }), [1, false, '2026-11-25T03:00:00.000Z']);
  assert.deepEqual(missed({ ...cron, endDate: '2026-11-24T03:00:00.000Z' }), [1, false, '2026-11-24T03:00:00.000Z']);
  assert.deepEqual(missed({ ...always, expression: 'at(2026-11-24T00:00:00)' }), [
    1,
    false,
    '2026-11-24T00:00:00.000Z',
  ]);
  assert.deepEqual(missed({ ...always, expression: 'rate(12 hours)' }), [4, false, '2026-11-25T12:00:00.000Z']);
  assert.deepEqual(missed({ ...always, expression: 'rate(1 minute)' }), [1_000, true, '2026-11-24T04:40:00.000Z']);
  assert.equal(missed({ ...cron, expression: 'cron(0 3 1 * ? *)' }), undefined);
});

test('over is what has had its only time or its end', () => {
  const over = (timing: Partial<Timing>) => isOver({ ...cron, ...timing }, until);
  assert.equal(over({}), false);
  assert.equal(over({ endDate: '2026-11-25T12:00:00.000Z' }), true);
  assert.equal(over({ expression: 'at(2026-11-25T12:00:00)' }), true);
  assert.equal(over({ expression: 'at(2026-11-25T12:00:01)' }), false);
  assert.equal(over({ expression: 'at(2026-11-25T12:00:00)', timezone: 'America/New_York' }), false);
});
