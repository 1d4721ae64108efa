import type { S3Client } from '@aws-sdk/client-s3';
import { NoSuchKey } from '@aws-sdk/client-s3';
import { type FeedChange, readChanges } from '../../messages/feed-changes.ts';
import { ContractError } from '../../messages/json-fields.ts';
import { RecordSet } from '../../messages/record-set.ts';
import { reasonOf } from '../../process/job-error.ts';
import type { Log } from '../../process/log.ts';
import type { Portion } from '../batches/portions.ts';
import { snapshotBytes } from '../batches/snapshot-bytes.ts';
import { suffixes } from '../progress/checkpoint.ts';

/** Records of a feed whose message does not tell how many they are: 12 MB of bits. */
const mostRecords = 100_000_000;

/** What of a snapshot, or of its part, is to be delivered where its consumers know the rest. */
export interface Delta {
  /** What the delivery is called, behind the name of the snapshot: its batches are others than those of another kind. */
  readonly suffix: (typeof suffixes)[keyof typeof suffixes];
  /** By the place in what is read, from 1 on. */
  wants(record: number): boolean;
  /** Ids of records that are no more, but for as many as were sent before. */
  removed(skip: number): AsyncIterable<string>;
}

/**
 * Reads the list of changes, if the message wants it to be used. `undefined`: every record is to be delivered, also where
 * the list is gone or is not whole. Where the destination did not get all of the snapshot that it builds on (`missing`),
 * every record and the deletions are. It is read to its end before anything is sent: a list that turned out to be damaged
 * later would have made batches that the full delivery contradicts. Throws S3's other errors.
 */
export async function openDelta(
  s3: S3Client,
  portion: Portion,
  missing: string | undefined,
  log: Log,
): Promise<Delta | undefined> {
  const { messageId, changes, snapshot, recordsBefore, part } = portion;
  const key = changes?.key;
  if (key === undefined) return undefined;
  const place = { s3, bucket: snapshot.bucket, key };
  const list = (): AsyncIterable<FeedChange> => readChanges(messageId, snapshotBytes(place, log));
  try {
    const wanted = await wantedRecords(list(), portion.recordsOfFeed);
    if (missing !== undefined) log('changes not enough', { id: messageId, missing });
    return {
      suffix: missing === undefined ? suffixes.changes : suffixes.all,
      wants: (record) => missing !== undefined || wanted.has(record + recordsBefore),
      // One of the parts sends them for all.
      removed: (skip) => ((part?.index ?? 0) === 0 ? removedIds(list(), skip) : noIds()),
    };
  } catch (error) {
    if (!(error instanceof ContractError || error instanceof NoSuchKey)) throw error;
    log('delta given up', { id: messageId, list: `s3://${snapshot.bucket}/${key}`, reason: reasonOf(error) });
    return undefined;
  }
}

/** Throws ContractError where a list speaks of records that the feed does not have: they would fill the memory. */
async function wantedRecords(changes: AsyncIterable<FeedChange>, most = mostRecords): Promise<RecordSet> {
  const wanted = new RecordSet();
  for await (const change of changes) {
    if (change.kind !== 'deliver') continue;
    const [from, to] = change.run;
    if (to > most) throw new ContractError(`the list of changes tells of record ${to}, and the feed has ${most}`);
    for (let at = from; at <= to; at++) wanted.add(at);
  }
  return wanted;
}

async function* removedIds(changes: AsyncIterable<FeedChange>, skip: number): AsyncGenerator<string> {
  let seen = 0;
  for await (const change of changes) if (change.kind === 'removed' && ++seen > skip) yield change.id;
}

async function* noIds(): AsyncGenerator<string> {}
