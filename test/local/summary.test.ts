import assert from 'node:assert/strict';
import test from 'node:test';
import { type Day, problemsOf, type ToldRun } from '../../scripts/local/summary.ts';

const at = Date.UTC(2026, 10, 23, 3);
const cast = { watcher: 'local-feed-watcher', consumer: 'local-feed-consumer', type: 'broadbean' };

const run = (jobName: string, jobDefinition: string): ToldRun => ({
  ...{
    jobName,
    jobDefinition,
    jobId: jobName,
    status: 'SUCCEEDED',
    exitCode: 0,
    attempts: 1,
    logGroup: '/aws/batch/local',
  },
  ...{ createdAt: at, startedAt: at, stoppedAt: at, event: { event: 'feed unchanged', type: 'broadbean' } },
});

const watched = run('Lambda-Broadbean-20261123T030000Z', cast.watcher);
const day: Day = {
  ...{ day: 2, begins: at, feed: 'unchanged', deadLetters: 0, delivered: { records: 0, bytes: 0 } },
  firings: [{ at, jobName: 'Lambda-Broadbean' }],
  runs: [watched],
};
const count = { at: at + 60_000, jobName: 'count' };

test('a day on which a team’s own schedule fires too is as good as any other, if its job ran', () => {
  assert.deepEqual(problemsOf(day, cast), []);
  const both = { ...day, firings: [...day.firings, count] };
  assert.deepEqual(problemsOf({ ...both, runs: [watched, run('count-20261123T030100Z', 'local-count')] }, cast), []);
  const problem = 'day 2: a schedule fired for count, yet no job of it ran';
  assert.deepEqual(problemsOf(both, cast), [problem]);
  assert.deepEqual(problemsOf({ ...both, runs: [watched, run('count-20261122T030100Z', 'local-count')] }, cast), [
    problem,
  ]);
});

test('a day without a watcher, or with two, broke its promise', () => {
  const counted = run('count-20261123T030100Z', 'local-count');
  assert.deepEqual(problemsOf({ ...day, firings: [count], runs: [counted] }, cast), [
    'day 2: no local-feed-watcher job of the feed "broadbean" ran; the type is that of --type, or feedType in config/environments/local.yaml',
  ]);
  assert.deepEqual(problemsOf({ ...day, firings: [], runs: [] }, cast), ['day 2: no schedule fired']);
  const twice = problemsOf({ ...day, runs: [watched, watched] }, cast);
  assert.deepEqual(twice, ['day 2: 2 local-feed-watcher jobs of the feed "broadbean" ran instead of 1']);
});

test('another feed of the team, and a schedule that fires often, change nothing of what the story’s feed promises', () => {
  const firings = [...day.firings, { at, jobName: 'shop' }];
  const shop = (definition: string, event: string): ToldRun => ({
    ...run('shop-20261123T030000Z', definition),
    event: { event, type: 'shop', records: 10 },
  });
  const runs = [watched, shop(cast.watcher, 'feed changed'), shop(cast.consumer, 'feed delivered')];
  const delivered = { records: 10, bytes: 100 };
  assert.deepEqual(problemsOf({ ...day, firings, runs, delivered }, cast), []);
  assert.deepEqual(problemsOf({ ...day, feed: 'changed', firings, runs, delivered }, cast), [
    'day 2: the feed is changed, yet 0 local-feed-consumer jobs ran instead of 1',
  ]);
  const later = { at: at + 3_600_000, jobName: 'Lambda-Broadbean' };
  const again = run('Lambda-Broadbean-20261123T040000Z', cast.watcher);
  assert.deepEqual(problemsOf({ ...day, firings: [...day.firings, later], runs: [watched, again] }, cast), []);
});

test('a feed in parts is delivered by an array job, which says nothing itself', () => {
  const news = { event: 'feed changed', type: 'broadbean', id: 'broadbean-2-0123456789ab', records: 10 };
  const { event: _, ...array } = run(`lambda-feed-consumer-${news.id}`, cast.consumer);
  const changed: Day = { ...day, feed: 'changed', runs: [{ ...watched, event: news }, array] };
  assert.deepEqual(problemsOf({ ...changed, delivered: { records: 10, bytes: 100 } }, cast), []);
  assert.deepEqual(problemsOf({ ...changed, delivered: { records: 9, bytes: 90 } }, cast), [
    'day 2: local-feed-watcher found 10 records, the destination received 9',
  ]);
  const other = { ...array, jobName: 'lambda-feed-consumer-shop-1-ba9876543210' };
  assert.deepEqual(problemsOf({ ...changed, runs: [{ ...watched, event: news }, other] }, cast), [
    'day 2: the feed is changed, yet 0 local-feed-consumer jobs ran instead of 1',
  ]);
});
