import type { S3Client } from '@aws-sdk/client-s3';
import type { Delivered } from '../../messages/feed-message.ts';
import { readText } from '../../process/objects.ts';
import { type Checkpoint, checkpointKey, parseCheckpoint, sentOf, suffixes } from '../progress/checkpoint.ts';

/** Where the checkpoints of deliveries lie, and the destination that a delivery must have been for. */
export interface Deliveries {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly destination: string;
}

/** Checkpoints that are read at once: a snapshot may have 10,000 parts. */
const atOnce = 25;

/** What became of the delivery that changes build on. */
export interface Base {
  /** What of it did not come to its end. */
  readonly missing?: string;
  /** It came to its end, and nothing of it was taken. */
  readonly allRejected?: true;
}

export async function baseOf(deliveries: Deliveries, { id, parts }: Delivered): Promise<Base> {
  const ids = parts === undefined ? [id] : Array.from({ length: parts }, (_, index) => `${id}-${index}`);
  let sent = 0;
  let rejected = 0;
  for (let at = 0; at < ids.length; at += atOnce) {
    const names = ids.slice(at, at + atOnce);
    const found = await Promise.all(names.map((name) => completeDelivery(deliveries, name)));
    for (const [index, checkpoint] of found.entries()) {
      if (checkpoint === undefined) return { missing: names[index] ?? id };
      sent += sentOf(checkpoint);
      rejected += checkpoint.rejected;
    }
  }
  return sent > 0 && sent === rejected ? { allRejected: true } : {};
}

/** The checkpoint of a delivery that came to its end, in whichever way: all records, or what changed. */
export async function completeDelivery(
  { s3, bucket, destination }: Deliveries,
  id: string,
): Promise<Checkpoint | undefined> {
  for (const suffix of ['', ...Object.values(suffixes)]) {
    const stored = await readText({ s3, bucket, key: checkpointKey(`${id}${suffix}`) });
    const checkpoint = stored === undefined ? undefined : parseCheckpoint(stored.text);
    if (checkpoint?.complete === true && checkpoint.destination === destination) return checkpoint;
  }
  return undefined;
}
