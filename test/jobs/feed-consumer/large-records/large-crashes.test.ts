import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, watch } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { RecordConverter } from '../../../../jobs/feed-consumer/batches/record-object.ts';
import type { SnapshotMessage } from '../../../../jobs/messages/feed-message.ts';
import { checkpointOf, consumerVariables, storeFeed, take } from '../../../support/consumer-runs.ts';
import { runConsumer } from '../../../support/job-runs.ts';
import { JobWorld } from '../../../support/job-world.ts';
import { type Death, deathsAt, type MortalRun, MortalWorld, together } from '../../../support/mortal-job.ts';
import { type ScriptedDestination, startScriptedDestination } from '../../../support/scripted-destination.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

/** Text that gzip does not make much smaller, so that half of the stored feed is half of its content. */
const noise = (name: string, bytes: number): string =>
  createHash('shake256', { outputLength: (bytes * 3) / 4 })
    .update(name)
    .digest('base64');

const small = (n: number): string => `<job><n>${n}</n></job>`;
/** Of several children, which are repeated, so that its JSON lies in the file in pieces of another order. */
const large = (n: number, bytes: number): string => {
  const parts = [0, 1, 2].map((part) => noise(`${n}-${part}`, bytes / 3));
  return `<job id="${n}"><a>${parts[0]}</a><b x="é">${parts[1]}</b><n>${n}</n><a>&lt;${parts[2]}</a></job>`;
};

/** The middle of the feed lies in its first large record, behind more of it than is kept whole. */
const records = [small(1), large(2, 2_100_000), large(3, 1_200_000), small(4)];
const converter = new RecordConverter(true);

/** A line by its hash: two megabytes of it say nothing to who reads a failure. */
const brief = (line: string): string => `${line.length} ${createHash('sha256').update(line).digest('hex')}`;
const wanted = records.map((xml) => brief(JSON.stringify(converter.convert(xml))));

const feedOf = (name: string): Promise<SnapshotMessage> => storeFeed(world, name, `<s>${records.join('\n')}</s>`);

/** A checkpoint after each batch; each record is one, as a large one travels alone. */
const settings = { BATCH_SIZE: '2', CHECKPOINT_SECONDS: '0' };

/** Everything that was promised, whatever happened on the way. */
async function assertDelivered(service: ScriptedDestination, message: SnapshotMessage, how: string): Promise<void> {
  assert.deepEqual(service.taken().map(brief).sort(), wanted.toSorted(), how);
  const posted = service.posted.map(({ key, lines }) => [key, ...lines.map(brief)]);
  const batches = wanted.map((line, batch) => [`${message.id}-${batch}`, line]);
  for (const each of posted)
    assert.ok(
      batches.some((batch) => batch.join() === each.join()),
      `${how}: ${each}`,
    );
  const { complete, records: done, rejected } = await checkpointOf(world, message);
  assert.deepEqual({ complete, done, rejected }, { complete: true, done: 4, rejected: 0 }, how);
}

/** All that lies in a folder, at any depth. */
const contentOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

/** Waits for something in the folder of a job's files. Throws when it does not come. */
async function inWorkFolder(temporary: string, isThere: (names: readonly string[]) => boolean): Promise<void> {
  await inFolder(temporary, (names) => names.length > 0);
  await inFolder(join(temporary, readdirSync(temporary)[0] ?? ''), isThere);
}

async function inFolder(folder: string, isThere: (names: readonly string[]) => boolean): Promise<void> {
  const watcher = watch(folder);
  try {
    while (!isThere(readdirSync(folder))) await once(watcher, 'change', { signal: AbortSignal.timeout(20_000) });
  } finally {
    watcher.close();
  }
}

/** Runs the tests' own attempts with a folder for their files, and gives what is left in it. */
async function leftBy(use: () => Promise<void>): Promise<readonly string[]> {
  const usual = process.env['TMPDIR'];
  const folder = mkdtempSync(join(world.directory, 'attempts-'));
  process.env['TMPDIR'] = folder;
  try {
    await use();
  } finally {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
  }
  return contentOf(folder);
}

test('killed at any of its effects with large records under way, and run again, it delivers each of them under one key', async () => {
  const withCase = async (name: string, death?: Death): Promise<MortalRun> => {
    await using service = await startScriptedDestination(take);
    const message = await feedOf(name);
    const variables = consumerVariables(message, '', { ...settings, PARALLELISM: '1' });
    await using mortal = await MortalWorld.open(world, { DESTINATION_URL: service.url });
    const first = await mortal.run('feed-consumer', variables, death);
    assert.equal(first.killed, death !== undefined, `${name}: ${JSON.stringify(first)}`);
    mortal.letLive();
    const last = death === undefined ? first : await runConsumer(world, { ...variables, ...mortal.addresses });
    assert.equal(last.exitCode, 0, `${name}: ${JSON.stringify(last.last)}`);
    await assertDelivered(service, message, name);
    // It went on where the first one was: one batch at most had to come again.
    assert.ok(service.posted.length <= 5, `${name}: ${service.posted.map(({ key }) => key)}`);
    return first;
  };
  const { effects } = await withCase('large-undisturbed');
  assert.equal(effects.filter((effect) => effect === 'POST /in').length, 4, effects.join('\n'));
  const tasks = deathsAt(effects).map((death) => async () => {
    await withCase(`large-killed-${death.moment}-${death.effect}`, death);
  });
  assert.deepEqual(await leftBy(() => together(tasks, 3)), []);
});

const isLargePost = ({ method, headers }: IncomingMessage): boolean =>
  method === 'POST' && Number(headers['content-length']) > 1_000_000;

/** An attempt that is killed, and the next one, which finds on the disk what it left. */
async function killedOnce(
  name: string,
  DESTINATION_URL: string,
  PARALLELISM: string,
  deathIn: (temporary: string) => Death,
): Promise<SnapshotMessage> {
  const TMPDIR = join(world.directory, name);
  mkdirSync(TMPDIR);
  const message = await feedOf(name);
  const services = DESTINATION_URL.startsWith('s3:') ? {} : { DESTINATION_URL };
  const variables = consumerVariables(message, DESTINATION_URL, { ...settings, PARALLELISM, TMPDIR });
  await using mortal = await MortalWorld.open(world, services);
  const first = await mortal.run('feed-consumer', variables, deathIn(TMPDIR));
  assert.ok(first.killed && first.exitCode === null, JSON.stringify(first));
  const left = contentOf(TMPDIR);
  assert.match(left[0] ?? '', /^feed-consumer-\w+$/);
  const again = await mortal.run('feed-consumer', variables);
  assert.equal(again.exitCode, 0, JSON.stringify(again.last));
  // Its own are gone, and those of another process are none of its business.
  assert.deepEqual(contentOf(TMPDIR), left);
  return message;
}

test('killed in the middle of reading a large record, it delivers it when it is run again', async () => {
  await using service = await startScriptedDestination(take);
  const message = await killedOnce('large-reading', service.url, '1', (temporary) => ({
    within: ({ url = '' }) => url.includes('/snapshots/'),
    until: () => inWorkFolder(temporary, (names) => names.some((name) => name.endsWith('-large-record'))),
  }));
  await assertDelivered(service, message, 'large-reading');
});

test('killed while a large record goes out, it sends all of it again under its key', async () => {
  await using service = await startScriptedDestination(take);
  const message = await killedOnce('large-sending', service.url, '1', () => ({ within: isLargePost }));
  await assertDelivered(service, message, 'large-sending');
  assert.deepEqual(service.cut, [`${message.id}-1`]);
});

test('killed with several large records in files, it delivers all of them when it is run again', async () => {
  await using service = await startScriptedDestination(take);
  const areBothThere = (names: readonly string[]): boolean =>
    names.filter((name) => name.endsWith('-record.ndjson')).length === 2;
  const message = await killedOnce('large-several', service.url, '3', (temporary) => ({
    within: isLargePost,
    until: () => inWorkFolder(temporary, areBothThere),
  }));
  await assertDelivered(service, message, 'large-several');
});

test('killed while a large record goes to a bucket, it leaves a whole manifest when it is run again', async () => {
  const message = await killedOnce('large-bucket', `s3://${world.bucket}/out`, '1', () => ({
    within: ({ method, url = '' }) => method === 'PUT' && url.includes('part-000001'),
  }));
  const folder = `out/large-bucket/${message.id}`;
  const { parts, ...totals } = JSON.parse(String(await world.get(`${folder}/manifest.json`)));
  assert.deepEqual([totals.records, totals.deletions, totals.rejected], [4, 0, 0]);
  const lines: string[] = [];
  for (const { key, bytes } of parts) {
    const part = await world.get(key);
    assert.equal(part?.length, bytes, key);
    lines.push(
      gunzipSync(part ?? Buffer.alloc(0))
        .toString()
        .trimEnd(),
    );
  }
  assert.deepEqual(lines.map(brief), wanted);
});
