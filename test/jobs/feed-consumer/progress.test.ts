import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Progress } from '../../../jobs/feed-consumer/progress/progress.ts';
import { type Reject, Rejects } from '../../../jobs/feed-consumer/progress/rejects.ts';
import { rejectTelling } from '../../support/told-reject.ts';

const reject = (record: number): Reject => rejectTelling({ record, line: record, reason: 'no', content: {} });

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

test('too many batches that wait for an unfinished one are far ahead, and rejects weigh as long as they wait', () => {
  const progress = new Progress(start(0, 0));
  for (let batch = 1; batch < 1_000; batch++) progress.finish(batch, { covers: covered(1), rejects: [] });
  assert.equal(progress.isFarAhead, false);
  progress.finish(1_000, { covers: covered(1), rejects: [] });
  assert.equal(progress.isFarAhead, true);
  progress.finish(0, { covers: covered(1), rejects: [] });
  assert.equal(progress.isFarAhead, false);
  const rejects = Array.from({ length: 1_000 }, (_, index) => reject(index));
  const bytes = rejects.reduce((sum, { told }) => sum + told.length, 0);
  progress.finish(1_002, { covers: covered(1_000), rejects });
  assert.ok(progress.weight > bytes, `${progress.weight} for ${bytes} bytes`);
  assert.equal(progress.finish(1_001, { covers: covered(1), rejects: [] }).length, 1_000);
  assert.equal(progress.weight, 0);
});

test('rejects are stored in objects of a megabyte, each line whole, with its place in all of the feed', () => {
  const rejects = new Rejects(0, 100);
  for (const record of [0, 1, 2, 3, 4, 5])
    rejects.add(rejectTelling({ record, line: 1, reason: 'no', content: 'x'.repeat(400_000) }));
  assert.equal(rejects.areMany, true);
  const objects: number[][] = [];
  for (let left = rejects.pending - 1; left > 0; ) {
    const { count, lines } = rejects.next(left);
    const texts = Buffer.from(lines).toString().trimEnd().split('\n');
    objects.push(texts.map((line) => Number(JSON.parse(line).record)));
    rejects.forget(count);
    left -= count;
  }
  assert.deepEqual(objects, [
    [0, 101, 102],
    [103, 104],
  ]);
  assert.deepEqual([rejects.pending, rejects.count, rejects.areMany], [1, 6, false]);
});
