import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { mapConcurrently } from '../../scripts/aws/concurrency.ts';

test('results come in the order of the items, and no more than the limit are under way', async () => {
  let underWay = 0;
  let most = 0;
  const results = await mapConcurrently([5, 1, 4, 2, 3], 2, async (turns) => {
    most = Math.max(most, ++underWay);
    for (let at = 0; at < turns; at += 1) await turn();
    underWay -= 1;
    return turns * 10;
  });
  assert.deepEqual(results, [50, 10, 40, 20, 30]);
  assert.equal(most, 2);
});

test('a failure is thrown and nothing more is begun', async () => {
  const begun: number[] = [];
  const map = async (item: number) => {
    begun.push(item);
    await turn();
    if (item === 1) throw new Error('refused');
    return item;
  };
  await assert.rejects(mapConcurrently([1, 2, 3, 4, 5], 2, map), /refused/);
  for (let at = 0; at < 5; at += 1) await turn();
  assert.deepEqual(begun, [1, 2, 3].slice(0, begun.length));
  assert.ok(begun.length <= 3);
});

test('the first failure is thrown when what was under way beside it has ended', async () => {
  let ended = false;
  const map = async (item: string) => {
    if (item === 'fails') throw new Error('first');
    for (let at = 0; at < 5; at += 1) await turn();
    ended = true;
    throw new Error('second');
  };
  await assert.rejects(mapConcurrently(['slow', 'fails'], 2, map), /first/);
  assert.ok(ended);
});

test('nothing maps to nothing', async () => {
  assert.deepEqual(await mapConcurrently([], 4, async (item) => item), []);
});
