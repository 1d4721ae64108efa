import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
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
  assert.equal(accept, `npm run trigger -- SCHEDULE -e ENVIRONMENT --set ACCEPT=${id}`);

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

/** A feed that tells the time is another content at each download. */
const dated = (time: number, count: number): string => jobs(count).replace('<s>', `<s><time>${time}</time>`);

test('what is accepted stands for another content that is no worse', async () => {
  await using feed = await WatchedFeed.start(world, 'dated');
  await feed.publish(dated(1, 100));
  const held = await feed.publish(dated(2, 20));
  const id = String(held.last['id']);
  const accepted = await feed.publish(dated(3, 21), { ACCEPT: id });
  assert.equal(accepted.last.event, 'feed changed', JSON.stringify(accepted.last));
  assert.deepEqual([feed.latest.id, feed.latest.records], [accepted.last['id'], 21]);
  const [told] = accepted.events.filter(({ event }) => event === 'outage accepted');
  assert.notEqual(feed.latest.id, id);
  const reason =
    'it has 21 <job>, the last one had 100: 79% fewer, and maxShrink is 50%; snapshots/dated/1-job-1.xml.gz stays current';
  assert.deepEqual(told, {
    event: 'outage accepted',
    id: feed.latest.id,
    reason,
    inPlaceOf: id,
    records: 21,
    heldRecords: 20,
  });
});

test('what is accepted stands for nothing worse, for no later version, and for nothing else where nobody knows what it was', async () => {
  await using feed = await WatchedFeed.start(world, 'other');
  await feed.publish(jobs(100));
  const { id } = (await feed.publish(jobs(3))).last;
  const accept = { ACCEPT: String(id) };
  const refused = async (version: string, reason: RegExp, more = {}): Promise<void> => {
    const { last } = await feed.publish(version, { ...accept, ...more });
    assert.match(String(last['error']), reason);
    assert.notEqual(last['id'], id);
  };
  await refused(
    jobs(2),
    /^the feed is held: it has 2 <job>, .* stays current; ACCEPT=other-2-\w+ is another content, and it had 3 records; look at /,
  );
  await refused('<s><ad/></s>', /is another content, and its records were <job>; look at/, { JOB_XML_TAG: 'm:ad' });
  await world.s3.send(new DeleteObjectCommand({ Bucket: world.bucket, Key: `held/other/${id}.json` }));
  await refused(jobs(4), /and held\/other\/other-2-\w+.json, which would tell .* is not there; look at/);
  assert.equal((await feed.publish(jobs(99), accept)).last.event, 'feed changed');
  await refused(jobs(5), /is another content, and of another version: this one is other-3-…; look at/);
  assert.equal((await feed.publish(jobs(3), accept)).last.event, 'feed changed');
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
  await using exact = await WatchedFeed.start(world, 'exact', { maxShrink: '41%' });
  await exact.publish(jobs(1_000));
  assert.equal((await exact.publish(jobs(590))).last.event, 'feed changed');
  assert.equal((await exact.publish(jobs(1_000))).last.event, 'feed changed');
  assert.match(
    String((await exact.publish(jobs(589))).last['error']),
    /has 589 <job>, the last one had 1000: 41.1% fewer, and maxShrink is 41%;/,
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
