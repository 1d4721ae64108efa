import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { consumerVariables, rejectsOf, storeChanges, storeFeed, take } from '../../../support/consumer-runs.ts';
import { runConsumer } from '../../../support/job-runs.ts';
import { ended, JobWorld } from '../../../support/job-world.ts';
import { startScriptedDestination } from '../../../support/scripted-destination.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

const small = (name: string): string => `<job><id>${name}</id></job>`;
const large = (name: string): string => `<job><id>${name}</id><text>${name.repeat(2_000_000)}</text></job>`;
const smallLine = (name: string): string => JSON.stringify({ id: name });
const largeLine = (name: string): string => JSON.stringify({ id: name, text: name.repeat(2_000_000) });
const feed = (records: readonly string[]): string => `<s>${records.join('')}</s>`;

/** Long lines are compared by what they begin with and their length. */
const brief = (line: string): string => `${line.slice(0, 30)} ${line.length}`;

for (const DESTINATION_FORMAT of ['ndjson', 'json'])
  test(`a large record is sent again when the service breaks off, and becomes a reject when it is refused: ${DESTINATION_FORMAT}`, async () => {
    await using destination = await startScriptedDestination(({ lines: [line = ''], attempt }) => {
      if (line.startsWith('{"id":"b"')) return attempt === 1 ? { does: 'break' } : take();
      return line.startsWith('{"id":"c"') ? { does: 'answer', status: 413, body: 'too large' } : take();
    });
    const message = await storeFeed(
      world,
      `large-${DESTINATION_FORMAT}`,
      feed([small('a'), large('b'), large('c'), small('d'), large('e')]),
    );
    const { exitCode, last } = await runConsumer(
      world,
      consumerVariables(message, destination.url, { DESTINATION_FORMAT }),
    );
    assert.equal(exitCode, 0, JSON.stringify(last));
    assert.deepEqual(
      destination.taken().map(brief).sort(),
      [smallLine('a'), largeLine('b'), smallLine('d'), largeLine('e')].map(brief).sort(),
    );
    const sent = destination.posted.filter(({ lines: [line = ''] }) => line.startsWith('{"id":"b"'));
    assert.deepEqual(
      sent.map(({ key, lines }) => [key, lines.map(brief)]),
      [1, 2].map(() => [`${message.id}-1`, [brief(largeLine('b'))]]),
    );
    assert.deepEqual(
      (await rejectsOf(world, message)).map((each) => JSON.stringify(each).replaceAll(/c{9,}/g, 'c…')),
      [`{"record":3,"line":1,"reason":"it answered 413: too large","content":"{\\"id\\":\\"c\\",\\"text\\":\\"c……"}`],
    );
  });

test('of large records only those are sent that changed', async () => {
  await using destination = await startScriptedDestination(take);
  const before = await storeFeed(world, 'large-delta', feed([large('a')]));
  await runConsumer(world, consumerVariables(before, destination.url));
  const records = feed([large('a'), large('b'), small('c'), large('d'), small('e')]);
  const message = await storeFeed(world, 'large-delta', records, {}, 2);
  const changes = await storeChanges(
    world,
    message,
    [
      [2, 2],
      [5, 5],
    ],
    ['gone'],
    before,
  );
  const sentBefore = destination.posted.length;
  const { exitCode, last } = await runConsumer(world, consumerVariables(changes, destination.url));
  assert.equal(exitCode, 0, JSON.stringify(last));
  const sent = destination.posted.slice(sentBefore).map(({ key, lines }) => [key.at(-1), ...lines.map(brief)]);
  assert.deepEqual(sent.sort(), [
    ['0', brief(largeLine('b'))],
    ['1', brief(smallLine('e'))],
    ['2', brief('{"$deleted":"gone"}')],
  ]);
});

test('a job that may write nowhere says so when a large record comes', async () => {
  const message = await storeFeed(world, 'large-nowhere', feed([large('a')]));
  const variables = consumerVariables(message, `s3://${world.bucket}/out`, { TMPDIR: '/dev/null' });
  const { exitCode, last, stderr } = await ended(await world.start('feed-consumer', variables));
  assert.equal(exitCode, 1);
  assert.match(
    String(last['error']),
    /^making a folder for the job's files in \/dev\/null: ENOTDIR.*; let TMPDIR name one that the job may write to$/,
  );
  assert.equal(stderr, '');
});

test('a bucket gets large records as it gets others, and nothing of them is left on the disk', async () => {
  const message = await storeFeed(world, 'large-s3', feed([small('a'), large('b'), small('c')]));
  const variables = consumerVariables(message, `s3://${world.bucket}/out`);
  const { last } = await ended(await world.start('feed-consumer', variables));
  assert.equal(last.event, 'feed delivered');
  const folder = `out/large-s3/${message.id}/`;
  const parts = (await world.keys(folder)).filter((key) => key.includes('part-'));
  assert.deepEqual(
    (await Promise.all(parts.sort().map((key) => world.get(key)))).map((part) =>
      brief(
        gunzipSync(part ?? Buffer.alloc(0))
          .toString()
          .trimEnd(),
      ),
    ),
    [smallLine('a'), largeLine('b'), smallLine('c')].map(brief),
  );
  assert.deepEqual(
    readdirSync(world.directory).filter((name) => name.startsWith('feed-consumer-')),
    [],
  );
});
