import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseFeedMessage } from '../../jobs/messages/feed-message.ts';
import { startDestination } from '../../scripts/local/destination.ts';
import { startFeedServer } from '../../scripts/local/feed-server.ts';
import { runWatcher } from '../support/job-runs.ts';
import { JobWorld } from '../support/job-world.ts';
import { feedText, watchSeries, withoutSharedFeeds, xml2jsRecords } from '../support/shared-feeds.ts';

/** What watching each version in turn came to: the last event, or the reason why it was refused. */
async function watchEach(world: JobWorld, versions: readonly string[]): Promise<string[]> {
  await using feeds = await startFeedServer();
  const outcomes: string[] = [];
  for (const [index, version] of versions.entries()) {
    feeds.serve(version);
    const variables = { FEED_URL: feeds.url, FEED_TYPE: 'series', AWS_BATCH_JOB_ID: `job-${index + 1}` };
    const { exitCode, last } = await runWatcher(world, variables);
    outcomes.push(exitCode === 0 ? last.event : String(last['error']));
  }
  return outcomes;
}

test('of fourteen versions at one address outages are held and every other one is published', {
  skip: withoutSharedFeeds,
}, async () => {
  await using world = await JobWorld.start();
  const outcomes = await watchEach(world, watchSeries());
  for (const [index, outcome] of outcomes.entries())
    if ([2, 9, 14].includes(index + 1))
      assert.match(outcome, /^the feed is held: it has no <job>, the last one had \d+/);
    else assert.equal(outcome, 'feed changed', `version ${index + 1}`);
  assert.deepEqual(
    world.topic.published.map(parseFeedMessage).map((message) => message.version === 1 && message.records),
    [83, 83, 77, 80, 96, 121, 94, 88, 80, 80, 88],
  );

  await using destination = await startDestination({ directory: world.directory });
  const { exitCode } = await world.run('feed-consumer', {
    DOWNLOAD_MESSAGE: world.topic.published.at(-1) ?? '',
    DESTINATION_URL: destination.url,
    PARALLELISM: '1',
  });
  assert.equal(exitCode, 0);
  const expected = xml2jsRecords(feedText(watchSeries()[12] ?? ''), ['job']).map((record) => JSON.stringify(record));
  assert.deepEqual(readFileSync(destination.file, 'utf8').trimEnd().split('\n'), expected);
});
