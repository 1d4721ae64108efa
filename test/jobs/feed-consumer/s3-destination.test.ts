import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { consumerVariables, lines, listedLines, numbered, storeFeed } from '../../support/consumer-runs.ts';
import { JobWorld } from '../../support/job-world.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

const manifestIn = async (folder: string) => JSON.parse(String(await world.get(`${folder}/manifest.json`)));

test('a bucket gets a part for each batch and then a manifest of them', async () => {
  const message = await storeFeed(world, 'parts', numbered(25), { records: 25 });
  const { exitCode, last } = await world.run('feed-consumer', consumerVariables(message, 's3://feeds/out/here/'));
  assert.equal(exitCode, 0, JSON.stringify(last));
  const manifest = await manifestIn(`out/here/parts/${message.id}`);
  assert.deepEqual(await world.keys(`out/here/parts/`), [
    `out/here/parts/${message.id}/manifest.json`,
    ...[0, 1, 2].map((part) => `out/here/parts/${message.id}/part-00000${part}.ndjson.gz`),
  ]);
  const { parts: _, ...about } = manifest;
  assert.deepEqual(about, {
    ...{ version: 1, id: message.id, type: 'parts', delivery: 'full', snapshot: message.id, sequence: 1 },
    ...{ recordsOfFeed: 25, records: 25, deletions: 0, rejected: 0 },
  });
  assert.deepEqual(await listedLines(world, manifest), lines(1, 25));
  for (const { key, bytes } of manifest.parts) assert.equal((await world.get(key))?.length, bytes);
});

test('what an abandoned delivery left is gone before the first part is written', async () => {
  const message = await storeFeed(world, 'left', numbered(15));
  const folder = `left/${message.id}`;
  for (const name of ['manifest.json', 'part-000001.ndjson.gz', 'part-000007.ndjson.gz'])
    await world.put(`${folder}/${name}`, 'old');
  await world.put('left/other-1-abc/part-000000.ndjson.gz', 'of another message');
  const { exitCode, last } = await world.run('feed-consumer', consumerVariables(message, 's3://feeds'));
  assert.equal(exitCode, 0, JSON.stringify(last));
  assert.deepEqual(await listedLines(world, await manifestIn(folder)), lines(1, 15));
  assert.equal((await world.keys(`${folder}/`)).length, 3);
  assert.equal(String(await world.get('left/other-1-abc/part-000000.ndjson.gz')), 'of another message');
});

test('a bucket that does not exist fails the job at once, with its address', async () => {
  const message = await storeFeed(world, 'missing', numbered(5));
  const { exitCode, last } = await world.run('feed-consumer', consumerVariables(message, 's3://nobodys/x'));
  assert.equal(exitCode, 1);
  assert.match(
    String(last['error']),
    /^listing s3:\/\/nobodys\/x\/missing\/[\w-]+\/: there is no such bucket; BUCKET, DESTINATION_URL or the message/,
  );
  assert.deepEqual([last.event, last['type'], last['id']], ['job failed', 'missing', message.id]);
});

test('an address that is no bucket with a prefix is refused', async () => {
  const message = await storeFeed(world, 'wrong', numbered(1));
  const { last } = await world.run('feed-consumer', consumerVariables(message, 's3://feeds/x?acl=public'));
  assert.match(String(last['error']), /DESTINATION_URL must be of the form s3:\/\/BUCKET\/PREFIX/);
});
