import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Checkpoint, parseCheckpoint } from '../../jobs/feed-consumer/progress/checkpoint.ts';
import { writeChanges } from '../../jobs/messages/feed-changes.ts';
import type { SnapshotMessage } from '../../jobs/messages/feed-message.ts';
import type { RecordRun } from '../../jobs/messages/record-set.ts';
import type { JobWorld } from './job-world.ts';
import type { Reaction } from './scripted-destination.ts';

/** Stores a feed as the watcher would and gives the message about it. */
export async function storeFeed(
  world: Pick<JobWorld, 'put'> & { readonly bucket: string },
  type: string,
  feed: string,
  more: Partial<SnapshotMessage> = {},
  sequence = 1,
): Promise<SnapshotMessage> {
  const content = Buffer.from(feed);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const key = `snapshots/${type}/${sequence}-job.xml.gz`;
  const etag = await world.put(key, gzipSync(content));
  const id = `${type}-${sequence}-${sha256.slice(0, 12)}`;
  const reading = { type, jobXmlTag: 'job', gzipped: true, emptyCDATA: true };
  const stored = { bucket: world.bucket, key, sha256, bytes: content.length, etag };
  return { version: 1, id, ...reading, ...stored, ...more };
}

/** Stores the list of a snapshot's changes as the watcher would, and gives the message that tells of it. */
export async function storeChanges<Message extends SnapshotMessage>(
  world: JobWorld,
  message: Message,
  runs: readonly RecordRun[],
  removed: readonly string[],
  since?: SnapshotMessage,
): Promise<Message> {
  const key = `changes/${message.id}.ndjson.gz`;
  await world.put(key, await buffer(writeChanges(message.id, runs, removed)));
  const changed = runs.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const base = since === undefined ? {} : { since: { id: since.id, ...(since.parts && { parts: since.parts }) } };
  return { ...message, changes: { added: 0, changed, removed: removed.length, key, ...base } };
}

/** The environment of a consumer with small batches, three of them under way at once. */
export const consumerVariables = (message: unknown, url: string, more: Readonly<Record<string, string>> = {}) => ({
  DOWNLOAD_MESSAGE: JSON.stringify(message),
  DESTINATION_URL: url,
  PARALLELISM: '3',
  BATCH_SIZE: '10',
  ...more,
});

export const checkpointOf = async (world: JobWorld, { id }: Pick<SnapshotMessage, 'id'>): Promise<Checkpoint> =>
  parseCheckpoint(String(await world.get(`checkpoints/${id}.json`)));

/** The rejects that are stored, in their order; none when there are none. */
export async function rejectsOf(world: JobWorld, { id }: Pick<SnapshotMessage, 'id'>): Promise<unknown[]> {
  const parts = await Promise.all((await world.keys(`rejects/${id}/`)).sort().map((key) => world.get(key)));
  return parts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

export const take = (): Reaction => ({ does: 'take' });

/** A feed of records that hold their numbers, from 1 on, each on a line of its own. */
export const numbered = (count: number): string =>
  `<s>${Array.from({ length: count }, (_, index) => `<job><n>${index + 1}</n></job>`).join('\n')}</s>`;

/** What a numbered record is sent as. */
export const lineOf = (n: number): string => JSON.stringify({ n: String(n) });
export const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => lineOf(from + index));

/** The lines of all parts that the manifest of a delivery to a bucket lists, in its order. */
export async function listedLines(
  world: Pick<JobWorld, 'get'>,
  manifest: { readonly parts: readonly { readonly key: string }[] },
): Promise<string[]> {
  const found: string[] = [];
  for (const { key } of manifest.parts) {
    const text = gunzipSync((await world.get(key)) ?? Buffer.alloc(0)).toString();
    found.push(...text.trim().split('\n'));
  }
  return found;
}
