import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseFeedParts } from '../../../jobs/messages/feed-parts.ts';
import { JobWorld } from '../../support/job-world.ts';
import { WatchedFeed } from '../../support/watched-feed.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

const jobs = (count: number): string => `<s>${Array.from({ length: count }, (_, n) => `<job>${n}</job>`).join('')}</s>`;

test('a feed with far fewer records than the last one is held, kept aside, and published when that is accepted', async () => {
  await using feed = await WatchedFeed.start(world, 'shrunk');
  await feed.publish(jobs(100));
  assert.equal((await feed.publish(jobs(50))).exitCode, 0);
  const before = await world.get('state/shrunk.json');
  const held = await feed.publish(jobs(24));
  assert.equal(held.exitCode, 1);
  assert.deepEqual(
    held.events.map(({ event }) => event),
    ['feed fetched', 'job failed'],
  );
  const { error, id, held: place, records, accept } = held.last;
  assert.match(
    String(error),
    /^the feed is held: it has 24 <job>, the last one had 50: 52% fewer, and maxShrink is 50%; snapshots\/shrunk\/2-job-2.xml.gz stays current; look at s3:\/\/feeds\/held\/shrunk\/shrunk-3-\w{12}.xml.gz, and to publish it all the same run the job again with ACCEPT=shrunk-3-\w{12}$/,
  );
  assert.deepEqual([records, place], [24, `s3://feeds/held/shrunk/${id}.xml.gz`]);
  assert.equal(gunzipSync((await world.get(`held/shrunk/${id}.xml.gz`)) ?? Buffer.alloc(0)).toString(), jobs(24));
  assert.deepEqual(await world.get('state/shrunk.json'), before);
  assert.equal(feed.messages.length, 2);
  // Batch is not part of this run.
  assert.equal(accept, undefined);

  const accepted = await feed.look({ ACCEPT: String(id) });
  assert.equal(accepted.exitCode, 0, JSON.stringify(accepted.last));
  assert.ok(accepted.events.some(({ event }) => event === 'outage accepted'));
  assert.deepEqual([feed.latest.id, feed.latest.records], [id, 24]);
  assert.equal((await feed.look()).last.event, 'feed unchanged');
});

test('a feed that shrinks while the rules of its fields change is held as well', async () => {
  await using feed = await WatchedFeed.start(world, 'ruled');
  await feed.publish(jobs(100));
  const fields = { FEED_SETTINGS: JSON.stringify({ fields: { title: { required: true } } }) };
  assert.match(String((await feed.publish(jobs(20), fields)).last['error']), /^the feed is held: it has 20 <job>/);
  // Another element is another feed.
  assert.equal((await feed.publish('<s><ad/></s>', { JOB_XML_TAG: 'ad' })).last.event, 'feed changed');
});

test('what is accepted is one content and no other', async () => {
  await using feed = await WatchedFeed.start(world, 'other');
  await feed.publish(jobs(100));
  const { id } = (await feed.publish(jobs(3))).last;
  const other = await feed.publish(jobs(2), { ACCEPT: String(id) });
  assert.match(String(other.last['error']), /^the feed is held: it has 2 <job>/);
  assert.equal((await feed.publish(jobs(99), { ACCEPT: String(id) })).last.event, 'feed changed');
  const wrong = await feed.look({ ACCEPT: 'yes' });
  assert.match(String(wrong.last['error']), /ACCEPT "yes" must match/);
});

test('an accepted feed without a record is not held again, and the next records are news', async () => {
  await using feed = await WatchedFeed.start(world, 'emptied');
  await feed.publish(jobs(3));
  const { id } = (await feed.publish('<s/>')).last;
  assert.equal((await feed.look({ ACCEPT: String(id) })).last.event, 'feed changed');
  assert.equal((await feed.look()).last.event, 'feed unchanged');
  assert.equal((await feed.publish('<s> </s>')).last.event, 'feed changed');
  assert.equal((await feed.publish(jobs(1))).last.event, 'feed changed');
});

test('how much a feed may lose is a setting', async () => {
  await using strict = await WatchedFeed.start(world, 'strict', { maxShrink: '2.5%' });
  await strict.publish(jobs(200));
  assert.equal((await strict.publish(jobs(195))).exitCode, 0);
  assert.match(
    String((await strict.publish(jobs(190))).last['error']),
    /has 190 <job>, the last one had 195: 3% fewer, and maxShrink is 2.5%/,
  );
  await using lax = await WatchedFeed.start(world, 'lax', { maxShrink: '100%' });
  await lax.publish(jobs(200));
  assert.equal((await lax.publish(jobs(1))).exitCode, 0);
  assert.match(String((await lax.publish(jobs(0))).last['error']), /has no <job>, the last one had 1/);
});

test('a feed in parts is kept aside in parts', async () => {
  await using feed = await WatchedFeed.start(world, 'large', { partsAbove: 1_000 });
  await feed.publish(jobs(1_000));
  const { id } = (await feed.publish(jobs(200))).last;
  const folder = `held/large/${id}`;
  const { parts } = parseFeedParts(String(await world.get(`${folder}/manifest.json`)));
  assert.deepEqual(await world.keys(`${folder}/`), [`${folder}/manifest.json`, ...parts.map(({ key }) => key)]);
  assert.deepEqual(await world.keys('snapshots/large/2-'), []);
});

test('a job of Batch tells the very command that accepts', async () => {
  await using feed = await WatchedFeed.start(world, 'command');
  await feed.publish(jobs(9));
  feed.serve(jobs(1));
  const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:topic';
  const { last } = await world.run('feed-watcher', { ...feed.variables('0a1b'), TOPIC_ARN });
  assert.equal(
    last['accept'],
    `aws batch submit-job --cli-input-json "$(aws batch describe-jobs --jobs 0a1b --query "jobs[0].{jobName:jobName,jobQueue:jobQueue,jobDefinition:jobDefinition,containerOverrides:{environment:[container.environment,[{name:'ACCEPT',value:'${last['id']}'}]][]}}" --output json)"`,
  );
});
