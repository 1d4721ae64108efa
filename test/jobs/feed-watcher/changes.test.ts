import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { compared } from '../../../jobs/feed-watcher/changes/comparison.ts';
import { RecordIndex } from '../../../jobs/feed-watcher/changes/record-index.ts';
import { readChanges } from '../../../jobs/messages/feed-changes.ts';
import type { SnapshotMessage } from '../../../jobs/messages/feed-message.ts';
import { WorkFolder } from '../../../jobs/process/work-folder.ts';
import type { RunEnd } from '../../support/job-runs.ts';
import { type JobEvent, JobWorld } from '../../support/job-world.ts';
import { WatchedFeed } from '../../support/watched-feed.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

interface Ad {
  readonly id?: string;
  readonly text: string;
}

const record = ({ id, text }: Ad): string => `<job>${id === undefined ? '' : `<ref>${id}</ref>`}<t>${text}</t></job>`;
const feedOf = (ads: readonly Ad[]): string => `<s>${ads.map(record).join('\n')}</s>`;
const ads = (...ids: readonly string[]): Ad[] => ids.map((id) => ({ id, text: 'as ever' }));
const delta = { id: 'ref', delta: true, maxShrink: '100%' };

function eventOf({ events }: RunEnd, name: string): JobEvent {
  const found = events.find(({ event }) => event === name);
  assert.ok(found, `no event "${name}" in ${JSON.stringify(events)}`);
  return found;
}

/** What is to be delivered by its place, and what was removed. */
async function listedChanges({ id, changes }: SnapshotMessage) {
  const places: number[] = [];
  const removed: string[] = [];
  const stored = await world.get(changes?.key ?? '');
  assert.ok(stored, `there is no ${changes?.key}`);
  for await (const change of readChanges(id, Readable.from([stored])))
    if (change.kind === 'removed') removed.push(change.id);
    else for (let [at, to] = change.run; at <= to; at++) places.push(at);
  return { places, removed };
}

test('what was added, removed and changed is in the log, the state and the message, and in the list for a delta', async () => {
  await using feed = await WatchedFeed.start(world, 'delta', delta);
  const first = await feed.publish(feedOf(ads('a', 'b', 'c', 'd')));
  assert.deepEqual(
    feed.messages.map(({ changes }) => changes),
    [undefined],
  );
  assert.equal(eventOf(first, 'changes unknown')['reason'], 'there is no snapshot to compare with');
  const second = await feed.publish(
    feedOf([{ id: 'new "1"', text: 'n' }, ...ads('d'), { id: 'b', text: 'other' }, ...ads('c')]),
  );
  assert.equal(second.exitCode, 0, JSON.stringify(second.last));
  const key = feed.latest.changes?.key;
  const counts = { added: 1, removed: 1, changed: 1 };
  assert.deepEqual(feed.latest.changes, { ...counts, key, since: { id: feed.messages[0]?.id } });
  assert.deepEqual((await feed.state()).current, feed.latest);
  const { event: _, id, ...inLog } = eventOf(second, 'records compared');
  assert.equal(id, feed.latest.id);
  assert.deepEqual(inLog, { ...counts, unidentified: 0, repeated: 0, delivery: 'changes' });
  assert.deepEqual(await listedChanges(feed.latest), { places: [1, 3], removed: ['a'] });
});

test('the same records in another order are no change, and without delta there is no list', async () => {
  await using feed = await WatchedFeed.start(world, 'order', { id: 'ref' });
  await feed.publish(feedOf(ads('a', 'b', 'c')));
  await feed.publish(feedOf(ads('c', 'a', 'b')));
  assert.deepEqual(feed.latest.changes, { added: 0, removed: 0, changed: 0 });
});

test('a record is changed when an entity is that it refers to', async () => {
  await using feed = await WatchedFeed.start(world, 'entities', delta);
  const version = (company: string): string =>
    `<!DOCTYPE s [<!ENTITY co "${company}">]>${feedOf([{ id: 'a', text: '&co;' }, ...ads('b')])}`;
  await feed.publish(version('Old'));
  await feed.publish(version('New'));
  assert.deepEqual(await listedChanges(feed.latest), { places: [1], removed: [] });
});

test('records without an id, and ids that are there twice, are counted, and all records are delivered', async () => {
  await using feed = await WatchedFeed.start(world, 'irregular', delta);
  await feed.publish(feedOf(ads('a', 'b')));
  const irregular = feedOf([...ads('a', 'a', 'a', 'c'), { text: 'no id' }, { text: 'nor here' }]);
  const end = await feed.publish(irregular);
  assert.deepEqual(feed.latest.changes, { added: 1, removed: 1, changed: 1 });
  const inLog = eventOf(end, 'records compared');
  assert.deepEqual([inLog['unidentified'], inLog['repeated'], inLog['delivery']], [2, 2, 'full']);
  // What had no id before cannot be said to have gone.
  await feed.publish(feedOf(ads('a', 'c')));
  assert.equal(feed.latest.changes?.key, undefined);
  await feed.publish(feedOf(ads('a', 'd')));
  assert.deepEqual(await listedChanges(feed.latest), { places: [2], removed: ['c'] });
});

test('a record without an id, or an id that is there twice, is enough for all records to be delivered', async () => {
  const versions = { nameless: [...ads('a'), { text: 'no id' }], twice: ads('a', 'a') };
  for (const [type, version] of Object.entries(versions)) {
    await using feed = await WatchedFeed.start(world, type, delta);
    await feed.publish(feedOf(ads('a', 'b')));
    const end = await feed.publish(feedOf(version));
    assert.equal(eventOf(end, 'records compared')['delivery'], 'full', type);
    assert.deepEqual([feed.latest.changes?.removed, feed.latest.changes?.key], [1, undefined], type);
  }
});

test('a version that is read in another way, or has lost its list, is compared with nothing and delivered in full', async () => {
  await using feed = await WatchedFeed.start(world, 'unknown', delta);
  await feed.publish(feedOf(ads('a', 'b')));
  await world.put('snapshots/unknown/1-job-1.records.gz', 'not gzip');
  const damaged = await feed.publish(feedOf(ads('a', 'c')));
  assert.match(
    String(eventOf(damaged, 'changes unknown')['reason']),
    /records.gz is of no use: the list of records is damaged/,
  );
  const settings = { ...delta, fields: { t: { required: true } } };
  const reread = await feed.look({ FEED_SETTINGS: JSON.stringify(settings) });
  assert.equal(reread.last.event, 'feed changed');
  assert.deepEqual([feed.latest.changes, feed.latest.fields], [undefined, settings.fields]);
  const other = await feed.publish(feedOf(ads('x')), { FEED_SETTINGS: JSON.stringify({ ...settings, id: 't' }) });
  assert.match(String(eventOf(other, 'changes unknown')['reason']), /its records are <job> by ref/);
  const without = await feed.publish(feedOf(ads('y')), { FEED_SETTINGS: JSON.stringify({ fields: settings.fields }) });
  assert.equal(without.exitCode, 0);
  const none = await feed.publish(feedOf(ads('z')), { FEED_SETTINGS: JSON.stringify(settings) });
  assert.match(String(eventOf(none, 'changes unknown')['reason']), /there is no .*records.gz/);
});

test('white space around an id tells no records apart, and a deletion tells the id as it stood in the record', async () => {
  await using feed = await WatchedFeed.start(world, 'blanks', delta);
  await feed.publish(feedOf([{ id: ' a\n', text: '1' }, { id: ' b', text: '1' }, ...ads('c')]));
  await feed.publish(feedOf([{ id: 'a', text: '2' }, ...ads('c')]));
  const { added, removed, changed } = feed.latest.changes ?? assert.fail();
  assert.deepEqual([added, removed, changed], [0, 1, 1]);
  assert.deepEqual(await listedChanges(feed.latest), { places: [1], removed: [' b'] });
  const twice = await feed.publish(feedOf([...ads('a'), { id: ' a', text: '3' }]));
  assert.equal(eventOf(twice, 'records compared')['repeated'], 1);
});

test('an id, like the fields of rules, is named as in the JSON of the record: a prefix belongs to it', async () => {
  await using feed = await WatchedFeed.start(world, 'prefixed', { ...delta, id: 'm:ref' });
  const version = (n: number): string => `<s xmlns:m="m"><job><m:ref>${n}</m:ref></job></s>`;
  await feed.publish(version(1));
  await feed.publish(version(2));
  assert.deepEqual(await listedChanges(feed.latest), { places: [1], removed: ['1'] });
  const unprefixed = await feed.publish(version(3), { FEED_SETTINGS: JSON.stringify(delta) });
  assert.equal(eventOf(unprefixed, 'changes unknown')['unidentified'], 1);
});

/** The entries of a feed, sorted with so few of them in memory that most are merged from files. */
function indexOf(all: readonly Ad[], folder: WorkFolder, inMemory = 3): RecordIndex {
  const index = new RecordIndex('ref', folder, () => new Map(), inMemory);
  for (const ad of all) {
    const bytes = Buffer.from(record(ad));
    index.piece(bytes.subarray(0, 7));
    index.piece(bytes.subarray(7));
    index.end();
  }
  return index;
}

test('however many runs there are, no more than some of them are open at once', async () => {
  using folder = new WorkFolder('feed-watcher');
  const files: string[] = [];
  const counted = Object.assign(Object.create(folder), {
    newFile: (name: string): string => files[files.push(folder.newFile(name)) - 1] ?? '',
    remove: (path: string): void => folder.remove(path),
  });
  const index = indexOf(ads(...Array.from({ length: 300 }, (_, n) => `${(n * 7) % 300}`)), counted, 1);
  const sorted = await Readable.from(index.sorted()).toArray();
  assert.deepEqual(
    sorted.map(({ id }) => id),
    Array.from({ length: 300 }, (_, n) => String(n)).sort(),
  );
  // 300 runs, and those that came of 64 others.
  assert.equal(files.length, 304);
  assert.equal(files.filter((file) => existsSync(file)).length, 300 + 4 - 4 * 64);
});

test('of any two versions the counts and places are those of a plain comparison, however many runs are merged', async () => {
  const ad = fc.record({
    id: fc.constantFrom('a', 'b', 'ä', 'Z', '1', '10', 'é', '😀', '\uffee', 'x y'),
    text: fc.constantFrom('1', '2'),
  });
  const version = fc.uniqueArray(ad, { selector: ({ id }) => id, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(version, version, async (old, now) => {
      using folder = new WorkFolder('feed-watcher');
      const { deliver, ...counts } = await compared(indexOf(old, folder).sorted(), indexOf(now, folder).sorted());
      const before = new Map(old.map(({ id, text }) => [id, text]));
      const present = new Set(now.map(({ id }) => id));
      const isNew = now.map(({ id, text }) => before.get(id) !== text);
      const added = now.filter(({ id }) => !before.has(id)).length;
      assert.deepEqual(counts, {
        added,
        removed: old.filter(({ id }) => !present.has(id)).length,
        changed: isNew.filter(Boolean).length - added,
      });
      assert.deepEqual(
        now.map((_, at) => deliver.has(at + 1)),
        isNew,
      );
    }),
    { numRuns: 100 },
  );
});
