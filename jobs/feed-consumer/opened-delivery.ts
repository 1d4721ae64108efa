import type { S3Client } from '@aws-sdk/client-s3';
import type { Log } from '../process/log.ts';
import { batchesOf } from './batches.ts';
import { allRecords, type Consignment, changesOnly } from './consignments.ts';
import { type Delta, openDelta } from './delta.ts';
import type { Destination } from './destination.ts';
import { Journal } from './journal.ts';
import { destinationName, type Settings } from './settings.ts';
import type { Portion } from './snapshot.ts';
import { snapshotBytes } from './snapshot-bytes.ts';
import { Traffic } from './traffic.ts';

export interface Consumer {
  readonly settings: Settings;
  readonly s3: S3Client;
  readonly log: Log;
  /** Take no more records; finish what is under way. */
  readonly stop: AbortSignal;
  /** Cut off what is still under way. */
  readonly abort: AbortSignal;
}

/** One delivery: of a feed or of its part, of all records or of what changed. */
export interface OpenedDelivery {
  readonly consumer: Consumer;
  readonly portion: Portion;
  readonly delta: Delta | undefined;
  readonly id: string;
  readonly journal: Journal;
  readonly destination: Destination;
  readonly traffic: Traffic;
}

/** What an earlier attempt left of it is taken up. */
export async function openDelivery(consumer: Consumer, portion: Portion): Promise<OpenedDelivery> {
  const { settings, s3, log, abort } = consumer;
  const { snapshot, recordsBefore } = portion;
  const name = destinationName(settings.destination);
  const delta = await openDelta(s3, portion, { bucket: settings.bucket, destination: name }, log);
  // The batches of changes are others than those of all records, and so are their keys.
  const id = `${snapshot.id}${delta?.suffix ?? ''}`;
  const place = { s3, bucket: settings.bucket, delivery: id, interval: settings.checkpointInterval, recordsBefore };
  const journal = await Journal.open(place, name, settings.batchSize);
  const destination = settings.open({ id, feedType: snapshot.type, abort });
  return { consumer, portion, delta, id, journal, destination, traffic: new Traffic(id, log) };
}

/** Those that were sent; refused ones included. */
export function countsOf({ journal: { now }, delta }: OpenedDelivery): Readonly<Record<string, number>> {
  const { records, unchanged, deletions, batches, rejected } = now;
  return { records: records - unchanged, ...(delta !== undefined && { deletions }), batches, rejected };
}

/** What the journal does not have yet. */
export function consignmentsOf({ consumer, portion, delta, journal }: OpenedDelivery): AsyncGenerator<Consignment> {
  const { s3, log } = consumer;
  const { snapshot } = portion;
  const start = journal.now;
  const stored = snapshotBytes(s3, snapshot.bucket, snapshot.key, log);
  const batches = batchesOf(snapshot, stored, start.batchSize, start, log);
  return delta === undefined ? allRecords(batches) : changesOnly(batches, delta, start.batchSize, start);
}
