import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { FeedMessage, SnapshotMessage } from '../messages/feed-message.ts';
import { parseFeedState, stateKey } from '../messages/feed-state.ts';
import { JobError } from '../process/job-error.ts';
import { readText } from '../process/objects.ts';

/**
 * The snapshot that a message means: its own, or for the historic form the current one of its type. Throws JobError
 * when there is none.
 */
export async function snapshotOf(s3: S3Client, bucket: string, message: FeedMessage): Promise<SnapshotMessage> {
  if (message.version !== undefined) return message;
  const key = stateKey(message.type);
  const stored = await readText(s3, bucket, key);
  const current = stored === undefined ? undefined : parseFeedState(stored.text).current;
  if (current === undefined)
    throw new JobError(
      `finding the current snapshot of "${message.type}": s3://${bucket}/${key} names none; run its watcher first`,
    );
  const { jobXmlTag, emptyCDATA } = message;
  // gzipped stays the snapshot's own: it says how the object was stored, the others how to read it.
  return { ...current, jobXmlTag, emptyCDATA, id: readingId(current, message) };
}

/** Other records come of the same snapshot when it is read in another way, so their delivery is another one. */
function readingId(current: SnapshotMessage, { jobXmlTag, emptyCDATA }: FeedMessage): string {
  if (jobXmlTag === current.jobXmlTag && emptyCDATA === current.emptyCDATA) return current.id;
  const reading = createHash('sha256').update(`${jobXmlTag}\n${emptyCDATA}`).digest('hex').slice(0, 8);
  return `${current.id}-${reading}`;
}
