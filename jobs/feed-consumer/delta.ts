import type { S3Client } from '@aws-sdk/client-s3';
import { NoSuchKey } from '@aws-sdk/client-s3';
import { type FeedChange, readChanges } from '../messages/feed-changes.ts';
import type { Delivered } from '../messages/feed-message.ts';
import { ContractError } from '../messages/json-fields.ts';
import { RecordSet } from '../messages/record-set.ts';
import { reasonOf } from '../process/job-error.ts';
import type { Log } from '../process/log.ts';
import { readText } from '../process/objects.ts';
import { checkpointKey, parseCheckpoint } from './checkpoint.ts';
import type { Portion } from './snapshot.ts';
import { snapshotBytes } from './snapshot-bytes.ts';

/** What of a snapshot, or of its part, is to be delivered where its consumers know the rest. */
export interface Delta {
  /** By the place in what is read, from 1 on. */
  wants(record: number): boolean;
  /** Ids of records that are no more, but for as many as were sent before. */
  removed(skip: number): AsyncIterable<string>;
}

/** Where the checkpoints of deliveries lie, and the destination that a delivery must have been for. */
export interface Deliveries {
  readonly bucket: string;
  readonly destination: string;
}

/** What a delivery of changes alone is called. */
export const deltaId = (snapshot: string): string => `${snapshot}-delta`;

/**
 * Reads the list of changes, if the message wants it to be used. `undefined`: every record is to be delivered, also where
 * the list is gone or is not whole, or the destination did not get all of the snapshot that it builds on. It is read to its end before anything is sent: a list that turned out to be damaged
 * later would have made batches that the full delivery contradicts. Throws S3's other errors.
 */
export async function openDelta(
  s3: S3Client,
  portion: Portion,
  deliveries: Deliveries,
  log: Log,
): Promise<Delta | undefined> {
  const { messageId, changes, snapshot, recordsBefore, isFirst } = portion;
  const key = changes?.key;
  if (key === undefined) return undefined;
  const list = (): AsyncIterable<FeedChange> => readChanges(messageId, snapshotBytes(s3, snapshot.bucket, key, log));
  try {
    await checkDelivered(s3, changes?.since, deliveries);
    const wanted = await wantedRecords(list());
    return {
      wants: (record) => wanted.has(record + recordsBefore),
      // One of the parts sends them for all.
      removed: (skip) => (isFirst ? removedIds(list(), skip) : nothing()),
    };
  } catch (error) {
    if (!(error instanceof ContractError || error instanceof NoSuchKey)) throw error;
    log('delta given up', { id: messageId, list: `s3://${snapshot.bucket}/${key}`, reason: reasonOf(error) });
    return undefined;
  }
}

/** Throws ContractError when the destination has not got all of a snapshot. */
async function checkDelivered(s3: S3Client, since: Delivered | undefined, deliveries: Deliveries): Promise<void> {
  if (since === undefined) return;
  const { id, parts } = since;
  const ids = parts === undefined ? [id] : Array.from({ length: parts }, (_, index) => `${id}-${index}`);
  for (const each of ids)
    if (!(await isDelivered(s3, each, deliveries)) && !(await isDelivered(s3, deltaId(each), deliveries)))
      throw new ContractError(`it builds on ${each}, which was not delivered to the end to this destination`);
}

async function isDelivered(s3: S3Client, id: string, { bucket, destination }: Deliveries): Promise<boolean> {
  const stored = await readText(s3, bucket, checkpointKey(id));
  const checkpoint = stored === undefined ? undefined : parseCheckpoint(stored.text);
  return checkpoint?.complete === true && checkpoint.destination === destination;
}

async function wantedRecords(changes: AsyncIterable<FeedChange>): Promise<RecordSet> {
  const wanted = new RecordSet();
  for await (const change of changes)
    if (change.kind === 'deliver') for (let [at, to] = change.run; at <= to; at++) wanted.add(at);
  return wanted;
}

async function* removedIds(changes: AsyncIterable<FeedChange>, skip: number): AsyncGenerator<string> {
  let seen = 0;
  for await (const change of changes) if (change.kind === 'removed' && ++seen > skip) yield change.id;
}

async function* nothing(): AsyncGenerator<string> {}
