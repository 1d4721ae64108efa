import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { partKey, partsManifestKey } from '../../../jobs/messages/feed-parts.ts';
import { consumerVariables, lineOf, lines, numbered, rejectsOf, storeFeed, take } from '../../support/consumer-runs.ts';
import { storeParts } from '../../support/feed-parts.ts';
import { type RunEnd, runConsumer } from '../../support/job-runs.ts';
import { JobWorld } from '../../support/job-world.ts';
import { startScriptedDestination } from '../../support/scripted-destination.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

const stored = (type: string, sizes: readonly number[]) =>
  storeParts((key, body) => world.put(key, body), world.bucket, type, sizes);
const child = (message: unknown, url: string, index: number): Promise<RunEnd> =>
  runConsumer(world, consumerVariables(message, url, { AWS_BATCH_JOB_ARRAY_INDEX: String(index) }));

test('each child delivers its part, and its rejects tell the places in the whole feed', async () => {
  await using destination = await startScriptedDestination(({ lines: posted }) => {
    const index = posted.indexOf(lineOf(7));
    return index < 0 ? { does: 'take' } : { does: 'refuse lines', rejected: [{ index, reason: 'no seven' }] };
  });
  const message = await stored('children', [5, 4]);
  assert.equal((await child(message, destination.url, 0)).exitCode, 0);
  assert.deepEqual(destination.taken(), lines(1, 5));
  const second = await child(message, destination.url, 1);
  assert.deepEqual([second.exitCode, second.last['id'], second.last['records']], [0, `${message.id}-1`, 4]);
  // The second record of its part, on the second line of its document.
  assert.deepEqual(await rejectsOf(world, { ...message, id: `${message.id}-1` }), [
    { record: 7, line: 2, reason: 'no seven', content: { n: '7' } },
  ]);
});

test('a job that is no child delivers all parts, one after the other, and goes on where it ended', async () => {
  let broken = true;
  await using destination = await startScriptedDestination(({ key }) =>
    broken && key.endsWith('-1-0') ? { does: 'answer', status: 404 } : { does: 'take' },
  );
  const message = await stored('alone', [5, 4, 2]);
  assert.equal((await runConsumer(world, consumerVariables(message, destination.url))).exitCode, 1);
  broken = false;
  const second = await runConsumer(world, consumerVariables(message, destination.url));
  assert.deepEqual(
    second.events.map(({ event, id }) => [event, id]),
    [
      ['feed already delivered', `${message.id}-0`],
      ['feed delivered', `${message.id}-1`],
      ['feed delivered', `${message.id}-2`],
    ],
  );
  assert.deepEqual(destination.taken(), lines(1, 11));
});

test('the historic message takes the parts of the current snapshot, but not records of another name from them', async () => {
  await using destination = await startScriptedDestination(take);
  const current = await stored('historic', [2, 2]);
  await world.put('state/historic.json', JSON.stringify({ version: 1, sequence: 1, current }));
  const historic = { type: 'historic', jobXmlTag: 'job', gzipped: true, emptyCDATA: true };
  assert.equal((await runConsumer(world, consumerVariables(historic, destination.url))).exitCode, 0);
  assert.deepEqual(destination.taken(), lines(1, 4));
  const { last } = await runConsumer(world, consumerVariables({ ...historic, jobXmlTag: 'n' }, destination.url));
  assert.match(String(last['error']), /it is stored in parts of whole <job>; run its watcher with JOB_XML_TAG=n/);
});

test('a part that is not what the manifest says fails its child, and its last batch is never sent', async () => {
  await using destination = await startScriptedDestination(take);
  const message = await stored('tampered', [5, 4]);
  await world.put(partKey(message.key, 1), gzipSync(numbered(4)));
  const { exitCode, last } = await child(message, destination.url, 1);
  assert.equal(exitCode, 1);
  assert.match(String(last['error']), /part-00001\.xml\.gz: its content has \d+ bytes and sha256/);
  assert.deepEqual(destination.posted, []);
});

test('a child without a part, a manifest that is missing, and one of another snapshot fail with the reason', async () => {
  const url = 'http://127.0.0.1:1/';
  const errorOf = async (message: unknown, index: number): Promise<string> =>
    String((await child(message, url, index)).last['error']);
  const message = await stored('wrong', [1, 1]);
  assert.match(await errorOf(message, 2), /child 2 of an array job: message wrong-1-\w+ is of 2 parts/);
  const plain = await storeFeed(world, 'plain', numbered(1));
  assert.match(await errorOf(plain, 0), /child 0 of an array job: message plain-1-\w+ is of no parts/);
  assert.match(
    await errorOf({ ...message, parts: 3 }, 0),
    /manifest\.json lists 2 parts with 2 records, the message says 3 with 2/,
  );
  assert.match(await errorOf({ ...message, records: 3 }, 0), /lists 2 parts with 2 records, the message says 2 with 3/);
  assert.match(
    await errorOf({ ...message, key: 'nowhere' }, 0),
    /in s3:\/\/feeds\/nowhere\/manifest\.json: it is no longer there: .* remove state\/wrong\.json/,
  );
  await world.put(partsManifestKey(message.key), '{"version":2}');
  assert.match(await errorOf(message, 0), /the manifest of the parts is invalid: "version" must be 1/);
});
