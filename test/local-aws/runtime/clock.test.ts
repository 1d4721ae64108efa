import assert from 'node:assert/strict';
import test from 'node:test';
import { realClock } from '../../../scripts/local-aws/runtime/clock.ts';

test('the real clock shows the time of the wall', () => {
  const before = Date.now();
  const now = realClock().now();
  assert.ok(now >= before && now <= Date.now());
});

test('a timer fires when its time has come, never before', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000 });
  const clock = realClock();
  const fired: string[] = [];
  clock.after(100, () => fired.push('after'));
  clock.at(1_050, () => fired.push('at'));
  clock.at(0, () => fired.push('past'));
  context.mock.timers.tick(49);
  assert.deepEqual(fired, ['past']);
  context.mock.timers.tick(51);
  assert.deepEqual(fired, ['past', 'at', 'after']);
});

test('a timer beyond 2^31 milliseconds waits its full time', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
  const clock = realClock();
  let fired = false;
  const sixtyDays = 60 * 24 * 3_600_000;
  clock.after(sixtyDays, () => {
    fired = true;
  });
  context.mock.timers.tick(2 ** 31);
  assert.equal(fired, false);
  context.mock.timers.tick(sixtyDays - 2 ** 31 - 1);
  assert.equal(fired, false);
  context.mock.timers.tick(1);
  assert.equal(fired, true);
});

test('a cancelled timer does not fire, also when it has waited longer than one time-out', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
  const timer = realClock().after(2 ** 32, () => assert.fail('it was cancelled'));
  context.mock.timers.tick(2 ** 31);
  timer.cancel();
  context.mock.timers.tick(2 ** 33);
});

test('waiting timers do not keep the process alive', () => {
  const before = process.getActiveResourcesInfo().length;
  const timer = realClock().after(60_000, () => assert.fail('it was cancelled'));
  assert.equal(process.getActiveResourcesInfo().length, before);
  timer.cancel();
});

test('busy work is simply done', async () => {
  assert.equal(await realClock().busy(async () => 'done'), 'done');
});
