import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type FeedServer, startFeedServer } from '../../scripts/local/feed-server.ts';
import { deliveredRecords } from '../support/delivered-records.ts';
import { runWatcher } from '../support/job-runs.ts';
import { JobWorld } from '../support/job-world.ts';
import { feedText, sharedFeeds, withoutSharedFeeds, xml2jsRecords } from '../support/shared-feeds.ts';

let world: JobWorld;
let feeds: FeedServer;
before(async () => {
  world = await JobWorld.start();
  feeds = await startFeedServer();
});
after(async () => {
  await feeds[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** Where xml2js has the records in the whole document, and how many there are by the counts of other parsers. */
const published = [
  ['jobs/feed.xml', ['job'], 88],
  ['jobs/jobrapido.xml', ['jobs', 'job'], 88],
  ['jobs/jobatus.xml', ['ad'], 88],
  ['jobs/rss.xml', ['channel', 'item'], 88],
  ['large/discogs_20200806_releases.xml.gz', ['release'], 1_000],
  ['large/kanjidic2.xml.gz', ['character'], 13_108],
] as const;

for (const [index, [file, path, count]] of published.entries())
  test(`the destination gets the ${count} records of ${file}, each once and as xml2js has it in the whole document`, {
    skip: withoutSharedFeeds,
  }, async () => {
    const source = join(sharedFeeds, file);
    feeds.serve(source);
    const variables = { FEED_URL: feeds.url, FEED_TYPE: `feed-${index}`, JOB_XML_TAG: path.at(-1) ?? '' };
    const { last } = await runWatcher(world, variables);
    assert.deepEqual([last.event, last['records']], ['feed changed', count]);
    const records = await deliveredRecords(world, world.topic.published.at(-1) ?? '');
    assert.equal(records.length, count);
    const expected = xml2jsRecords(feedText(source), path).map((record) => JSON.stringify(record));
    assert.ok(isSame(records, expected.sort()), `the records of ${file} are not what xml2js gives`);
  });

/** A difference of megabytes takes assert minutes to show. */
const isSame = (records: readonly string[], expected: readonly string[]): boolean =>
  records.length === expected.length && records.every((record, index) => record === expected[index]);
