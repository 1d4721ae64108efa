import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Progress } from '../../../jobs/feed-consumer/progress.ts';
import { type Reject, Rejects } from '../../../jobs/feed-consumer/rejects.ts';

const reject = (record: number): Reject => ({ record, line: record, reason: 'no', content: {} });

const covered = (records: number) => ({ records, unchanged: 0, deletions: 0, withheld: 0 });
const start = (batches: number, records: number) => ({ batches, ...covered(records) });

test('it stands behind the last batch before the first gap', () => {
  const progress = new Progress(start(0, 0));
  const stands = (): number[] => [progress.now.batches, progress.now.records];
  progress.finish(0, { covers: covered(10), rejects: [] });
  progress.finish(1, { covers: covered(10), rejects: [] });
  progress.finish(3, { covers: covered(4), rejects: [] });
  assert.deepEqual(stands(), [2, 20]);
  progress.finish(2, { covers: covered(10), rejects: [] });
  assert.deepEqual(stands(), [4, 34]);
});

test('whatever the order, it never passes an unfinished batch and gives each reject once, in order', () => {
  const order = fc.integer({ min: 1, max: 20 }).chain((count) => {
    const numbers = Array.from({ length: count }, (_, index) => index);
    return fc.shuffledSubarray(numbers, { minLength: count });
  });
  fc.assert(
    fc.property(order, fc.integer({ min: 0, max: 5 }), (finished, first) => {
      const progress = new Progress(start(first, first * 2));
      const done = new Set<number>();
      const rejects: number[] = [];
      for (const index of finished) {
        done.add(index);
        rejects.push(
          ...progress
            .finish(first + index, { covers: covered(2), rejects: [reject(index)] })
            .map(({ record }) => record),
        );
        const gap = finished.map((_, n) => n).find((n) => !done.has(n)) ?? finished.length;
        assert.deepEqual([progress.now.batches, progress.now.records], [first + gap, (first + gap) * 2]);
      }
      assert.deepEqual(
        rejects,
        [...finished].sort((a, b) => a - b),
      );
    }),
  );
});

test('the file of rejects goes on where the checkpoint left it', () => {
  const earlier = new Rejects('', 0);
  for (const record of [1, 2, 3]) earlier.add(reject(record));
  const resumed = new Rejects(earlier.text(), 2);
  resumed.add(reject(9));
  assert.equal(resumed.count, 3);
  assert.deepEqual(
    resumed
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).record),
    [1, 2, 9],
  );
  assert.throws(() => new Rejects('', 1), /counts 1 rejects, their file has fewer/);
});

test('a destination that refuses record after record ends the delivery', () => {
  const rejects = new Rejects('', 0);
  for (let record = 1; record <= 10_000; record++) rejects.add(reject(record));
  rejects.check();
  rejects.add(reject(10_001));
  assert.throws(() => rejects.check(), { name: 'RefusalError', message: /over 10000 records .* because: no/ });
});
