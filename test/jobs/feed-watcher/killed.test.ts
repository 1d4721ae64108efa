import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { keptKeys } from '../../../jobs/feed-watcher/snapshots/snapshot-keys.ts';
import { ended, JobWorld } from '../../support/job-world.ts';
import { startMoodyServer } from '../../support/moody-server.ts';
import { type Death, deathsAt, type MortalRun, runMortal, together } from '../../support/mortal-job.ts';
import { WatchedFeed } from '../../support/watched-feed.ts';

const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:topic';
let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

const jobs = (count: number): string =>
  `<s>${Array.from({ length: count }, (_, n) => `<job><n>${n}</n></job>`).join('\n')}</s>`;

/** A feed in parts with a list of changes has every effect that there is. */
const settings = { id: 'n', delta: true, partsAbove: 3_000, partSize: 3_000 };

/** One attempt of a job, as Batch makes it: another attempt has the same id. */
const attempt = (feed: WatchedFeed, job: string, death?: Death): Promise<MortalRun> =>
  runMortal(
    world,
    'feed-watcher',
    { ...feed.variables(job), TOPIC_ARN },
    { AWS_ENDPOINT_URL_SNS: world.topic.endpoint },
    death,
  );

/** Everything that was promised of one version, whatever happened on the way. */
async function assertPublished(feed: WatchedFeed, sequence: number, how: string): Promise<void> {
  const about = feed.messages.filter(({ id }) => id.startsWith(`${feed.type}-${sequence}-`));
  const { current, pending } = await feed.state();
  assert.ok(about.length > 0 && current !== undefined, `${how}: nothing was published`);
  assert.equal(pending, undefined, how);
  for (const message of about) assert.deepEqual(message, current, `${how}: two messages about one version`);
  assert.ok(current.id.startsWith(`${feed.type}-${sequence}-`), `${how}: ${current.id}`);
  const stored = await world.keys(`snapshots/${feed.type}/${sequence}-`);
  assert.deepEqual(stored, [...keptKeys(current)].sort(), how);
}

/** A feed of which one version is published and the next one is there. */
async function withCase<Result>(type: string, use: (feed: WatchedFeed) => Promise<Result>): Promise<Result> {
  await using feed = await WatchedFeed.start(world, type, settings);
  assert.equal((await feed.publish(jobs(200))).exitCode, 0);
  feed.serve(jobs(220));
  return await use(feed);
}

test('killed at any of its effects, and run again, it publishes one snapshot under one key and leaves nothing else', async () => {
  const effects = await withCase('undisturbed', async (feed) => {
    const run = await attempt(feed, 'job-2');
    assert.equal(run.exitCode, 0, JSON.stringify(run.last));
    await assertPublished(feed, 2, 'undisturbed');
    return run.effects;
  });
  const kinds = effects.map((effect) => effect.replace('/feeds/', '').replaceAll(/undisturbed\/?/g, ''));
  assert.deepEqual(kinds, [
    ...['GET state/.json', 'GET '],
    ...[0, 1].map((part) => `PUT snapshots/2-job-2/part-0000${part}.xml.gz`),
    ...['PUT snapshots/2-job-2.records.gz', 'GET snapshots/1-job-1.records.gz', 'PUT snapshots/2-job-2.changes.gz'],
    ...['PUT snapshots/2-job-2/manifest.json', 'PUT state/.json', 'POST /', 'PUT state/.json', 'GET '],
  ]);
  const tasks = deathsAt(effects).map((death) => async () => {
    const how = `killed ${death.moment} effect ${death.effect} (${effects[death.effect - 1]})`;
    // Every other time it is another job that finds what the one before has left.
    const next = death.effect % 2 === 0 ? 'job-2' : 'job-3';
    await withCase(`killed-${death.moment}-${death.effect}`, async (feed) => {
      const first = await attempt(feed, 'job-2', death);
      assert.ok(first.killed && first.exitCode === null, `${how}: ${JSON.stringify(first.last)}`);
      const second = await feed.look({ AWS_BATCH_JOB_ID: next });
      assert.equal(second.exitCode, 0, `${how}: ${JSON.stringify(second.last)}`);
      await assertPublished(feed, 2, how);
      assert.equal((await feed.look()).last.event, 'feed unchanged', how);
    });
  });
  await together(tasks, 3);
});

test('killed while it keeps a feed aside, it publishes nothing, and keeps it aside the next time', async () => {
  await using feed = await WatchedFeed.start(world, 'held', settings);
  await feed.publish(jobs(1_000));
  const state = await world.get('state/held.json');
  feed.serve(jobs(200));
  const { effects } = await attempt(feed, 'job-2');
  const aside = await world.keys('held/');
  for (const death of deathsAt(effects)) {
    assert.ok((await attempt(feed, 'job-2', death)).killed);
    assert.match(String((await feed.look()).last['error']), /^the feed is held/);
    assert.deepEqual(await world.keys('held/'), aside);
    assert.deepEqual(await world.get('state/held.json'), state);
  }
  assert.equal(feed.messages.length, 1);
});

test('killed at any of its removals, it removes no more than it may, and the next attempt removes the rest', async () => {
  const withLeftovers = async (name: string, death?: Death): Promise<readonly string[]> => {
    await using feed = await WatchedFeed.start(world, name, settings);
    await feed.publish(jobs(200));
    await world.put(`snapshots/${name}/1-job-0.xml.gz`, 'left by a run that died');
    // The same content again, which is known when its parts are stored.
    feed.serve(gzipSync(jobs(200)));
    const run = await attempt(feed, 'job-2', death);
    assert.equal(run.killed, death !== undefined, `${name}: ${JSON.stringify(run.last)}`);
    const { last } = death === undefined ? run : await feed.look({ AWS_BATCH_JOB_ID: 'job-2' });
    assert.equal(last.event, 'feed unchanged', `${name}: ${JSON.stringify(last)}`);
    assert.deepEqual(await world.keys(`snapshots/${name}/`), [...keptKeys(feed.latest)].sort(), name);
    assert.equal(feed.messages.length, 1, name);
    return run.effects;
  };
  const effects = await withLeftovers('leftovers');
  const removals = [...effects.entries()].filter(([, effect]) => /^(DELETE .*|POST \/feeds\/?)$/.test(effect));
  assert.equal(removals.length, 3, effects.join('\n'));
  const tasks = removals.map(([at]) => async () => {
    await withLeftovers(`leftovers-${at}`, { effect: at + 1, moment: 'after' });
  });
  await together(tasks, 3);
});

test('killed while S3 takes a large feed piece by piece, it leaves no object, and the next attempt stores it whole', async () => {
  const noise = randomBytes(9 * 1024 * 1024).toString('base64');
  const large = gzipSync(`<s><job>${noise}</job></s>`, { level: 1 });
  await using undisturbed = await WatchedFeed.start(world, 'large');
  undisturbed.serve(large);
  const { effects } = await attempt(undisturbed, 'job-1');
  const key = 'snapshots/large/1-job-1.xml.gz';
  const pieces = [...effects.entries()].filter(([, effect]) => effect.endsWith(key)).map(([at]) => at + 1);
  assert.deepEqual(
    pieces.map((at) => effects[at - 1]?.split(' ')[0]),
    ['POST', 'PUT', 'PUT', 'POST'],
  );
  const tasks = pieces.map((effect) => async () => {
    await using feed = await WatchedFeed.start(world, `large-${effect}`);
    feed.serve(large);
    assert.ok((await attempt(feed, 'job-1', { effect, moment: 'after' })).killed);
    const isWhole = effect === pieces.at(-1);
    assert.equal((await world.keys(`snapshots/${feed.type}/`)).length, isWhole ? 1 : 0);
    assert.equal((await feed.look()).last.event, 'feed changed');
    assert.equal(feed.messages.length, 1);
  });
  await together(tasks, 2);
});

test('told to stop in the middle of a download it stops at once, and has published nothing', async () => {
  await using server = await startMoodyServer();
  server.will((response) => response.writeHead(200).write(`<s>${'<job/>'.repeat(5_000)}`));
  const variables = { FEED_URL: server.url, FEED_TYPE: 'stopped', JOB_XML_TAG: 'job', TOPIC_ARN };
  const FEED_SETTINGS = JSON.stringify({ partsAbove: 5_000 });
  const child = await world.start('feed-watcher', { ...variables, FEED_SETTINGS });
  const end = ended(child);
  // Its first parts are there before the server has sent all.
  while ((await world.keys('snapshots/stopped/')).length === 0) assert.equal(child.exitCode, null);
  child.kill('SIGTERM');
  const { exitCode, last } = await end;
  assert.deepEqual([exitCode, last.event], [143, 'job stopped']);
  assert.equal(await world.get('state/stopped.json'), undefined);
  assert.deepEqual(
    world.topic.published.filter((message) => message.includes('stopped')),
    [],
  );
});
