import type { S3Client } from '@aws-sdk/client-s3';
import { sequenceOf } from '../messages/feed-message.ts';
import type { Log } from '../process/log.ts';
import type { WorkFolder } from '../process/work-folder.ts';
import { batchesOf } from './batches/batches.ts';
import type { Portion } from './batches/portions.ts';
import { openObject } from './batches/snapshot-bytes.ts';
import type { Clock } from './delivery/clock.ts';
import { allRecords, type Consignment, changesOnly } from './delivery/consignments.ts';
import { type Delta, openDelta } from './delivery/delta.ts';
import { Traffic } from './delivery/traffic.ts';
import type { Destination } from './destinations/destination.ts';
import type { Turn } from './order/turn.ts';
import { suffixes } from './progress/checkpoint.ts';
import { Journal } from './progress/journal.ts';
import type { Settings } from './settings.ts';

export interface Consumer {
  readonly settings: Settings;
  readonly s3: S3Client;
  readonly log: Log;
  /** Take no more records; finish what is under way. */
  readonly stop: AbortSignal;
  /** Cut off what is still under way. */
  readonly abort: AbortSignal;
  /** Wait for nothing any more, not for the last checkpoint either. */
  readonly end: AbortSignal;
  /** What waits are measured by, where it is not the real one. */
  readonly clock?: Clock;
}

/** One delivery: of a feed or of its part, of all records or of what changed. */
export interface OpenedDelivery {
  readonly consumer: Consumer;
  readonly portion: Portion;
  readonly turn: Turn;
  readonly delta: Delta | undefined;
  readonly id: string;
  readonly journal: Journal;
  readonly destination: Destination;
  readonly traffic: Traffic;
}

/** What an earlier attempt left of it is taken up. */
export async function openDelivery(consumer: Consumer, portion: Portion, turn: Turn): Promise<OpenedDelivery> {
  const { settings, s3, log, abort } = consumer;
  const { snapshot, messageId, recordsBefore, recordsOfFeed: records, part } = portion;
  const delta = settings.again === undefined ? await openDelta(s3, portion, turn.base.missing, log) : undefined;
  // The batches of changes are others than those of all records, and so are their keys.
  const id = `${snapshot.id}${settings.again === undefined ? (delta?.suffix ?? '') : `-${settings.again}`}`;
  const place = { s3, bucket: settings.bucket, delivery: id, interval: settings.checkpointInterval, recordsBefore };
  const journal = await Journal.open(place, turn.destination, settings.batchSize);
  const kind = kindOf(delta);
  const about = { kind, snapshot: messageId, sequence: sequenceOf(messageId), records, part };
  const destination = settings.open({ id, feedType: snapshot.type, abort, ...about });
  return { consumer, portion, turn, delta, id, journal, destination, traffic: new Traffic(id, log) };
}

/** To its destination a delivery of all records is a full one, deletions or not. */
export const kindOf = (delta: Delta | undefined): 'full' | 'delta' =>
  delta?.suffix === suffixes.changes ? 'delta' : 'full';

/** Those that were sent; refused ones included. */
export function countsOf({ journal: { now }, delta }: OpenedDelivery): Readonly<Record<string, number>> {
  const { records, unchanged, deletions, batches, rejected } = now;
  return { records: records - unchanged, ...(delta !== undefined && { deletions }), batches, rejected };
}

/** What the journal does not have yet. */
export function consignmentsOf(
  { consumer, portion, delta, journal }: OpenedDelivery,
  folder: WorkFolder,
): AsyncGenerator<Consignment> {
  const { s3, log } = consumer;
  const { snapshot } = portion;
  const start = journal.now;
  const { batchSize } = start;
  const open = () => openObject({ s3, bucket: snapshot.bucket, key: snapshot.key }, log);
  const batches = batchesOf({ snapshot, open, batchSize, start, folder, log });
  return delta === undefined ? allRecords(batches) : changesOnly(batches, delta, batchSize, start);
}
