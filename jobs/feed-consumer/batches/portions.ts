import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ChangeCounts, FeedMessage, SnapshotMessage } from '../../messages/feed-message.ts';
import { type FeedPart, parseFeedParts, partsManifestKey } from '../../messages/feed-parts.ts';
import { parseFeedState, stateKey } from '../../messages/feed-state.ts';
import { removedSnapshot } from '../../messages/removed-snapshot.ts';
import { JobError } from '../../process/job-error.ts';
import { readText } from '../../process/objects.ts';

/** What is read in one go: a snapshot that is one object, or one part of it. */
export interface Portion {
  /** As a snapshot of its own, with an id of its own: for a part `<message id>-<index>`. */
  readonly snapshot: SnapshotMessage;
  readonly messageId: string;
  readonly changes: ChangeCounts | undefined;
  /** Records of the feed before its first one, and all of them where the message tells it. */
  readonly recordsBefore: number;
  readonly recordsOfFeed: number | undefined;
  /** Which part it is, from 0 on; `undefined` where it is all. What is sent once for the whole feed, the first one sends. */
  readonly part: { readonly index: number; readonly of: number } | undefined;
}

/**
 * What a job has to read: the snapshot that its message means; of one in parts the one of its array index, or all of
 * them, one after the other, where it is no child of an array job. Throws JobError when there is none, ContractError for
 * a manifest that is wrong.
 */
export async function portionsOf(
  s3: S3Client,
  bucket: string,
  message: FeedMessage,
  arrayIndex: number | undefined,
): Promise<readonly Portion[]> {
  const snapshot = await snapshotOf(s3, bucket, message);
  const all = snapshot.parts === undefined ? [wholePortion(snapshot)] : await partPortions(s3, snapshot);
  if (arrayIndex === undefined) return all;
  const own = snapshot.parts === undefined ? undefined : all[arrayIndex];
  if (own !== undefined) return [own];
  throw new JobError(
    `finding the part of child ${arrayIndex} of an array job: message ${snapshot.id} is of ${snapshot.parts ?? 'no'} parts; submit an array of that size`,
  );
}

const wholePortion = (snapshot: SnapshotMessage): Portion => ({
  snapshot,
  messageId: snapshot.id,
  changes: snapshot.changes,
  recordsBefore: 0,
  recordsOfFeed: snapshot.records,
  part: undefined,
});

async function partPortions(s3: S3Client, snapshot: SnapshotMessage): Promise<readonly Portion[]> {
  const { bucket, key } = snapshot;
  const place = `s3://${bucket}/${partsManifestKey(key)}`;
  const stored = await readText({ s3, bucket, key: partsManifestKey(key) });
  if (stored === undefined)
    throw new JobError(`finding the parts of ${snapshot.id} in ${place}: ${removedSnapshot(snapshot.type)}`);
  const { parts } = parseFeedParts(stored.text);
  const records = parts.reduce((sum, part) => sum + part.records, 0);
  if (parts.length !== snapshot.parts || (snapshot.records !== undefined && records !== snapshot.records))
    throw new JobError(
      `finding the parts of ${snapshot.id}: ${place} lists ${parts.length} parts with ${records} records, the message says ${snapshot.parts} with ${snapshot.records}`,
    );
  return parts.map((part, index) => partPortion(snapshot, part, { index, of: parts.length }));
}

const partPortion = (
  snapshot: SnapshotMessage,
  { firstRecord, ...content }: FeedPart,
  place: { index: number; of: number },
): Portion => ({
  snapshot: { ...snapshot, id: `${snapshot.id}-${place.index}`, ...content },
  messageId: snapshot.id,
  changes: snapshot.changes,
  recordsBefore: firstRecord - 1,
  recordsOfFeed: snapshot.records,
  part: place,
});

/**
 * The snapshot that a message means: its own, or for the historic form the current one of its type. Throws JobError
 * when there is none.
 */
async function snapshotOf(s3: S3Client, bucket: string, message: FeedMessage): Promise<SnapshotMessage> {
  if (message.version !== undefined) return message;
  const key = stateKey(message.type);
  const stored = await readText({ s3, bucket, key });
  const current = stored === undefined ? undefined : parseFeedState(stored.text).current;
  if (current === undefined)
    throw new JobError(
      `finding the current snapshot of "${message.type}": s3://${bucket}/${key} names none; run its watcher first`,
    );
  const { jobXmlTag, emptyCDATA } = message;
  // gzipped stays the snapshot's own: it says how the object was stored, the others how to read it.
  const asked = { ...current, jobXmlTag, emptyCDATA, id: readingId(current, message) };
  if (jobXmlTag === current.jobXmlTag) return asked;
  if (current.parts !== undefined)
    throw new JobError(
      `reading <${jobXmlTag}> of ${current.id}: it is stored in parts of whole <${current.jobXmlTag}>; run its watcher with JOB_XML_TAG=${jobXmlTag}`,
    );
  const { records: _, ...uncounted } = asked;
  return uncounted;
}

/** Other records come of the same snapshot when it is read in another way, so their delivery is another one. */
function readingId(current: SnapshotMessage, { jobXmlTag, emptyCDATA }: FeedMessage): string {
  if (jobXmlTag === current.jobXmlTag && emptyCDATA === current.emptyCDATA) return current.id;
  const reading = createHash('sha256').update(`${jobXmlTag}\n${emptyCDATA}`).digest('hex').slice(0, 8);
  return `${current.id}-${reading}`;
}
