import assert from 'node:assert/strict';
import test from 'node:test';
import { inParallel } from '../../../jobs/feed-consumer/delivery/parallel.ts';

const never = new AbortController().signal;
const weigh = (item: number): number => item;

/** Runs items as tasks that all wait for each other, and gives the highest weights and numbers that were under way. */
async function peaks(items: readonly number[], room: { items: number; weight: number }) {
  const underWay: number[] = [];
  const most = { items: 0, weight: 0 };
  async function* source(): AsyncGenerator<number> {
    yield* items;
  }
  await inParallel(source(), room, weigh, never, async (item) => {
    underWay.push(item);
    most.items = Math.max(most.items, underWay.length);
    most.weight = Math.max(
      most.weight,
      underWay.reduce((sum, each) => sum + each, 0),
    );
    await new Promise(setImmediate);
    underWay.splice(underWay.indexOf(item), 1);
  });
  return most;
}

test('as many items are under way as there is room for, by number and by weight', async () => {
  assert.deepEqual(await peaks([1, 1, 1, 1, 1, 1], { items: 3, weight: 100 }), { items: 3, weight: 3 });
  // The next one begins as long as the limit is not reached: three of 40 are the most.
  assert.deepEqual(await peaks([40, 40, 40, 40, 40], { items: 64, weight: 100 }), { items: 3, weight: 120 });
  assert.deepEqual(await peaks([500, 500], { items: 64, weight: 100 }), { items: 1, weight: 500 });
});

test('told to stop, it does not wait for a source that is stuck, but for what is under way', async () => {
  const stop = new AbortController();
  const done: string[] = [];
  async function* stuck(): AsyncGenerator<number> {
    yield 1;
    await new Promise(() => {});
  }
  await inParallel(stuck(), { items: 3, weight: 100 }, weigh, stop.signal, async () => {
    stop.abort();
    await new Promise(setImmediate);
    done.push('the task');
  });
  assert.deepEqual(done, ['the task']);
});

test('after a failure nothing is begun, what is under way is waited for, and the source is closed', async () => {
  const seen: string[] = [];
  async function* source(): AsyncGenerator<number> {
    try {
      for (let item = 0; ; item++) yield item;
    } finally {
      seen.push('closed');
    }
  }
  const run = inParallel(source(), { items: 2, weight: 100 }, weigh, never, async (item) => {
    if (item === 1) throw new Error('one failed');
    await new Promise(setImmediate);
    seen.push(`${item} done`);
  });
  await assert.rejects(run, /one failed/);
  assert.deepEqual(seen, ['0 done', 'closed']);
});
