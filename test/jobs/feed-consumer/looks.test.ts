import assert from 'node:assert/strict';
import test from 'node:test';
import { nowAndThen } from '../../../jobs/feed-consumer/order/looks.ts';

test('a look whose answer is old news is made again, and not for ever', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const took: number[] = [];
  const looks = (milliseconds: readonly number[]): (() => Promise<void>) => {
    took.length = 0;
    const look = async (): Promise<void> => {
      took.push(milliseconds[took.length] ?? 6_000);
      now += took.at(-1) ?? 0;
    };
    return nowAndThen(look, 0, now);
  };
  await looks([6_000, 6_000, 5_000])();
  assert.deepEqual(took, [6_000, 6_000, 5_000]);
  await assert.rejects(looks([])(), { name: 'JobError', message: 'looking whose turn it is took 60 s' });
  assert.equal(took.length, 10);
});
