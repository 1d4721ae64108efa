import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parseFeedMessage } from '../../../jobs/messages/feed-message.ts';
import { parseFeedState } from '../../../jobs/messages/feed-state.ts';
import { type FeedServer, startFeedServer } from '../../../scripts/local/feed-server.ts';
import { sampleFeed } from '../../../scripts/local/sample-feed.ts';
import { type RunEnd, runWatcher } from '../../support/job-runs.ts';
import { type JobEnd, JobWorld } from '../../support/job-world.ts';

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

const variables = (type: string, jobId: string, more: Readonly<Record<string, string>> = {}) => ({
  FEED_URL: feeds.url,
  FEED_TYPE: type,
  AWS_BATCH_JOB_ID: jobId,
  ...more,
});

const watch = (type: string, jobId: string, more: Readonly<Record<string, string>> = {}): Promise<RunEnd> =>
  runWatcher(world, variables(type, jobId, more));

/** The same in a process of its own. */
const watchApart = (type: string, jobId: string): Promise<JobEnd> =>
  world.run('feed-watcher', {
    ...variables(type, jobId),
    JOB_XML_TAG: 'job',
    TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:start-feed-consumer',
  });

const stateOf = async (type: string) => parseFeedState(String(await world.get(`state/${type}.json`)));
const publishedOf = (type: string) =>
  world.topic.published.map(parseFeedMessage).filter((message) => message.type === type);
const jobs = (count: number, text = ''): Buffer => Buffer.from(`<s>${`<job>${text}</job>`.repeat(count)}</s>`);

test('a new feed is stored, published and made current; the same one again is not even downloaded', async () => {
  const feed = sampleFeed(1);
  feeds.serve(feed);
  const first = await watchApart('fresh', 'job-1');
  assert.equal(first.exitCode, 0, JSON.stringify(first));
  const sha256 = createHash('sha256').update(feed).digest('hex');
  const message = {
    version: 1,
    id: `fresh-1-${sha256.slice(0, 12)}`,
    type: 'fresh',
    jobXmlTag: 'job',
    gzipped: true,
    emptyCDATA: true,
    bucket: 'feeds',
    key: 'snapshots/fresh/1-job-1.xml.gz',
    sha256,
    bytes: feed.length,
    etag: await world.etagOf('snapshots/fresh/1-job-1.xml.gz'),
    records: 320,
  };
  assert.deepEqual(publishedOf('fresh'), [message]);
  assert.deepEqual(gunzipSync((await world.get(message.key)) ?? Buffer.alloc(0)), feed);
  assert.deepEqual((await stateOf('fresh')).current, message);
  assert.equal((await stateOf('fresh')).pending, undefined);
  assert.equal(first.last.event, 'feed changed');
  assert.equal(first.last['records'], 320);

  const second = await watchApart('fresh', 'job-2');
  assert.equal(second.exitCode, 0);
  assert.deepEqual(
    [second.last.event, second.last['reason'], second.last['records']],
    ['feed unchanged', 'not modified', 320],
  );
  assert.equal(publishedOf('fresh').length, 1);
});

test('the same content under new validators is unchanged, and the next request is conditional again', async () => {
  feeds.serve(sampleFeed(1));
  await watch('same', 'job-1');
  feeds.serve(gzipSync(sampleFeed(1)));
  const second = await watch('same', 'job-2');
  assert.deepEqual([second.exitCode, second.last['reason']], [0, 'same content']);
  assert.deepEqual(await world.keys('snapshots/same/'), ['snapshots/same/1-job-1.xml.gz']);
  assert.equal((await watch('same', 'job-3')).last['reason'], 'not modified');
  assert.equal(publishedOf('same').length, 1);
});

test('A, B and A again are three messages', async () => {
  for (const [index, feed] of [jobs(1), jobs(2), jobs(1)].entries()) {
    feeds.serve(feed);
    assert.equal((await watch('back', `job-${index}`)).exitCode, 0);
  }
  const messages = publishedOf('back');
  assert.equal(messages.length, 3);
  assert.equal(new Set(messages.map((message) => message.version === 1 && message.id)).size, 3);
  assert.equal(new Set(messages.map((message) => message.version === 1 && message.sha256)).size, 2);
});

test('a feed that lost all its records is held, and recovers', async () => {
  feeds.serve(jobs(3));
  await watch('outage', 'job-1');
  feeds.serve(jobs(0));
  const held = await watch('outage', 'job-2');
  assert.equal(held.exitCode, 1);
  assert.match(String(held.last['error']), /held: it has no <job>, the last one had 3/);
  assert.equal((await stateOf('outage')).current?.records, 3);
  feeds.serve(jobs(4));
  assert.equal((await watch('outage', 'job-3')).last['records'], 4);
  assert.equal(publishedOf('outage').length, 2);
});

test('a first feed without a record is held too, since its tag may be wrong', async () => {
  feeds.serve(jobs(3));
  const held = await watch('wrong-tag', 'job-1', { JOB_XML_TAG: 'ad' });
  assert.equal(held.exitCode, 1);
  assert.match(String(held.last['error']), /check JOB_XML_TAG/);
  assert.deepEqual(await world.keys('snapshots/wrong-tag/'), []);
});

test('the same feed is published again when it is to be read in another way', async () => {
  feeds.serve(jobs(2, '<ad/>'));
  await watch('reread', 'job-1');
  assert.equal((await watch('reread', 'job-2', { JOB_XML_TAG: 'ad' })).last.event, 'feed changed');
  assert.deepEqual(
    publishedOf('reread').map(({ jobXmlTag }) => jobXmlTag),
    ['job', 'ad'],
  );
});

test('when the topic is down the next run publishes what was stored, under the same id and key', async () => {
  feeds.serve(jobs(2));
  for (const mode of ['down', 'takes but fails'] as const) {
    world.topic.mode = mode;
    const failed = await watch(`topic-${mode.length}`, 'job-1');
    world.topic.mode = 'up';
    assert.equal(failed.exitCode, 1);
    const { pending } = await stateOf(`topic-${mode.length}`);
    assert.ok(pending);
    const next = await watch(`topic-${mode.length}`, 'job-2');
    assert.deepEqual([next.exitCode, next.last['reason']], [0, 'not modified']);
    const messages = publishedOf(`topic-${mode.length}`);
    assert.equal(messages.length, mode === 'down' ? 1 : 2);
    for (const message of messages) assert.deepEqual(message, pending);
    assert.deepEqual((await stateOf(`topic-${mode.length}`)).current, pending);
  }
});

test('two watchers at once publish one snapshot, and both end well', async () => {
  feeds.serve(sampleFeed(3));
  const ends = await Promise.all(['a', 'b', 'c'].map((job) => watchApart('race', job)));
  assert.deepEqual(
    ends.map(({ exitCode }) => exitCode),
    [0, 0, 0],
    JSON.stringify(ends.map(({ last }) => last)),
  );
  assert.equal(new Set(publishedOf('race').map((message) => message.version === 1 && message.key)).size, 1);
  assert.equal((await stateOf('race')).sequence, 1);
});

test('everything wrong with the environment is said at once', async () => {
  const end = await world.run('feed-watcher', { FEED_URL: 'ftp://x', FEED_TYPE: 'a/b', EMPTY_CDATA: 'yes' });
  assert.equal(end.exitCode, 1);
  assert.equal(end.last['type'], 'a/b');
  for (const name of ['FEED_URL', 'FEED_TYPE', 'JOB_XML_TAG', 'TOPIC_ARN', 'EMPTY_CDATA'])
    assert.match(String(end.last['error']), new RegExp(name));
});
