import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keptKeys } from '../../../jobs/feed-watcher/snapshots/snapshot-keys.ts';
import { SnapshotStore } from '../../../jobs/feed-watcher/snapshots/snapshot-store.ts';
import { sweepSnapshots } from '../../../jobs/feed-watcher/snapshots/sweep.ts';
import { JobWorld } from '../../support/job-world.ts';
import { WatchedFeed } from '../../support/watched-feed.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

const jobs = (count: number): string =>
  `<s>${Array.from({ length: count }, (_, n) => `<job><n>${n}</n></job>`).join('\n')}</s>`;
const days = (count: number): number => Date.now() + count * 24 * 3_600 * 1_000;

/** What a sweep so many days from now leaves of the snapshots of a feed. */
async function leftAfter(feed: WatchedFeed, count: number): Promise<readonly string[]> {
  const store = new SnapshotStore(world.s3, world.bucket);
  await sweepSnapshots(store, feed.type, await feed.state(), () => {}, days(count));
  return await world.keys(`snapshots/${feed.type}/`);
}

test('a snapshot is removed when another has been in its place for 45 days, with its parts and lists', async () => {
  await using feed = await WatchedFeed.start(world, 'old', { id: 'n', delta: true, partsAbove: 3_000 });
  for (const count of [90, 200, 300]) await feed.publish(jobs(count));
  const all = await world.keys('snapshots/old/');
  assert.ok(all.some((key) => key.endsWith('/part-00001.xml.gz')) && all.length > 9);
  assert.deepEqual(await leftAfter(feed, 44), all);
  const { current } = await feed.state();
  assert.ok(current);
  assert.deepEqual(await leftAfter(feed, 46), [...keptKeys(current)].sort());
});

test('the current snapshot of a feed that has not changed for years stays, and the one before it for 45 days more', async () => {
  await using feed = await WatchedFeed.start(world, 'still');
  await feed.publish(jobs(3));
  const [first] = await world.keys('snapshots/still/');
  assert.deepEqual(await leftAfter(feed, 1_000), [first]);
  // Its successor is new, however old it is itself.
  await feed.publish(jobs(4));
  assert.equal((await leftAfter(feed, 44)).length, 2);
  assert.deepEqual(await leftAfter(feed, 46), [(await feed.state()).current?.key]);
});

test('neither the version to come nor what is no snapshot is touched, and other feeds are not', async () => {
  await using feed = await WatchedFeed.start(world, 'a');
  await using other = await WatchedFeed.start(world, 'a-b');
  for (const count of [3, 4]) await feed.publish(jobs(count));
  for (const count of [3, 4]) await other.publish(jobs(count));
  const kept = ['snapshots/a/3-job-9.xml.gz', 'snapshots/a/10-job.xml.gz', 'snapshots/a/read-me'];
  for (const key of kept) await world.put(key, 'x');
  const { current } = await feed.state();
  assert.deepEqual(await leftAfter(feed, 100), [...kept, current?.key].sort());
  assert.equal((await world.keys('snapshots/a-b/')).length, 2);
});

test('each publication sweeps', async () => {
  await using feed = await WatchedFeed.start(world, 'swept');
  await feed.publish(jobs(3));
  await world.put('snapshots/swept/2-other.xml.gz', 'left by a run that died');
  const { events } = await feed.publish(jobs(4));
  assert.ok(events.some(({ event, objects }) => event === 'leftovers removed' && objects === 1));
  assert.deepEqual((await world.keys('snapshots/swept/')).length, 2);
});
