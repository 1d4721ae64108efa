import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFeedServer } from '../../scripts/local/feed-server.ts';
import { deliveredRecords } from '../support/delivered-records.ts';
import { runWatcher } from '../support/job-runs.ts';
import { JobWorld } from '../support/job-world.ts';
import { feedText, watchSeries, withoutSharedFeeds, xml2jsRecords } from '../support/shared-feeds.ts';

/** Looks at the feed once; how that ended in a few words: published, held or unchanged, and with how many records. */
async function look(world: JobWorld, url: string, jobId: string): Promise<string> {
  const before = world.topic.published.length;
  const variables = { FEED_URL: url, FEED_TYPE: 'series', AWS_BATCH_JOB_ID: jobId };
  const { exitCode, last } = await runWatcher(world, variables);
  const messages = world.topic.published.length - before;
  const held =
    /^the feed is held: it has no <job>, the last one had (\d+); (.*) stays current; look at s3:.* ACCEPT=series-\d+-[0-9a-f]{12}$/.exec(
      String(last['error']),
    );
  const end = exitCode === 0 ? `${last.event}, ${last['records']}` : `held, ${held?.[1]} stay`;
  return messages === 0 ? end : `${end}, ${messages} message`;
}

/** What comes of each version in turn, and of looking at it once more. */
const outcomes = [
  ['feed changed, 83, 1 message', 'feed unchanged, 83'],
  ['held, 83 stay', 'held, 83 stay'],
  ['feed changed, 83, 1 message', 'feed unchanged, 83'],
  ['feed changed, 77, 1 message', 'feed unchanged, 77'],
  ['feed changed, 80, 1 message', 'feed unchanged, 80'],
  ['feed changed, 96, 1 message', 'feed unchanged, 96'],
  ['feed changed, 121, 1 message', 'feed unchanged, 121'],
  ['feed changed, 94, 1 message', 'feed unchanged, 94'],
  ['held, 94 stay', 'held, 94 stay'],
  ['feed changed, 88, 1 message', 'feed unchanged, 88'],
  ['feed changed, 80, 1 message', 'feed unchanged, 80'],
  ['feed changed, 80, 1 message', 'feed unchanged, 80'],
  ['feed changed, 88, 1 message', 'feed unchanged, 88'],
  ['held, 88 stay', 'held, 88 stay'],
] as const;

test('of fourteen versions at one address outages are held, and the records of every other one arrive', {
  skip: withoutSharedFeeds,
}, async () => {
  await using world = await JobWorld.start();
  await using feeds = await startFeedServer();
  const files = watchSeries();
  assert.equal(files.length, outcomes.length);
  for (const [index, file] of files.entries()) {
    feeds.serve(file);
    const [first, again] = [await look(world, feeds.url, `a-${index}`), await look(world, feeds.url, `b-${index}`)];
    assert.deepEqual([first, again], outcomes[index], file);
    if (first.startsWith('held')) continue;
    const expected = xml2jsRecords(feedText(file), ['job']).map((record) => JSON.stringify(record));
    assert.deepEqual(await deliveredRecords(world, world.topic.published.at(-1) ?? ''), expected.sort(), file);
  }
  assert.equal(world.topic.published.length, 11);
});
