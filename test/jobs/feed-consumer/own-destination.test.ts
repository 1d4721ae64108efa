import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { consumeFeed } from '../../../jobs/feed-consumer/consume-feed.ts';
import { destinations } from '../../../jobs/feed-consumer/destinations/destinations.ts';
import { readSettings } from '../../../jobs/feed-consumer/settings.ts';
import { consumerVariables, lines, numbered, storeFeed } from '../../support/consumer-runs.ts';
import { folderDestination } from '../../support/folder-destination.ts';
import { JobWorld } from '../../support/job-world.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

test('the destination of which the page tells is one file and one line, and has all that is done for others', async () => {
  const kinds = new Map([...destinations, ['file:', folderDestination]]);
  const message = await storeFeed(world, 'own', numbered(25));
  const out = join(world.directory, 'out');
  const variables = consumerVariables(message, pathToFileURL(out).href);
  const settings = readSettings({ BUCKET: world.bucket, ...variables }, kinds);
  const never = new AbortController().signal;
  const consumer = { settings, s3: world.s3, log: () => {}, stop: never, abort: never, end: never };
  assert.equal(await consumeFeed(consumer), 'complete');
  const folder = join(out, message.id);
  const files = [0, 1, 2].map((batch) => `${message.id}-${batch}.ndjson`);
  assert.deepEqual(readdirSync(folder).sort(), ['end.json', ...files].sort());
  const taken = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'));
  assert.deepEqual(taken, lines(1, 25));
  const end = { delivery: 'full', batches: 3, records: 25, deletions: 0, rejected: 0 };
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'end.json'), 'utf8')), end);
  // Its settings are complained of like any.
  const remote = { BUCKET: world.bucket, ...variables, DESTINATION_URL: 'file://host/out' };
  assert.throws(() => readSettings(remote, kinds), /DESTINATION_URL must be of the form file:\/\/\/FOLDER/);
});

/** The lines of a file, its imports in the order of the alphabet: where they lie decides how they are ordered. */
function importsFirst(source: string): readonly string[] {
  const all = source.split('\n');
  const isImport = (line: string): boolean => line.startsWith('import ');
  return [...all.filter(isImport).sort(), ...all.filter((line) => !isImport(line))];
}

test('the page shows the very file', () => {
  const [, shown] = /```ts\n(\/\/ jobs\/feed-consumer\/destinations\/folder-destination\.ts\n[\s\S]*?)```/.exec(
    readFileSync('jobs/README.md', 'utf8'),
  ) ?? [undefined, 'no such code in jobs/README.md'];
  const tried = readFileSync('test/support/folder-destination.ts', 'utf8');
  const inPlace = tried
    .replace('../../jobs/feed-consumer/destinations/', './')
    .replace('../../jobs/process/', '../../process/');
  assert.deepEqual(
    importsFirst(shown),
    importsFirst(`// jobs/feed-consumer/destinations/folder-destination.ts\n${inPlace}`),
  );
});

test('one file knows the kinds of destinations', () => {
  const folder = 'jobs/feed-consumer';
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const knowing = files.filter((file) =>
    /from '\.[\w./-]*\/\w+-destination\.ts'/.test(readFileSync(join(folder, file), 'utf8')),
  );
  assert.deepEqual(knowing, ['destinations/destinations.ts']);
});
