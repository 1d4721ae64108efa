import type { S3Client } from '@aws-sdk/client-s3';
import type { SnapshotMessage } from '../messages/feed-message.ts';
import { reasonOf } from '../process/job-error.ts';
import type { Log } from '../process/log.ts';
import { batchesOf } from './batches.ts';
import { rejectsKey } from './checkpoint.ts';
import { type Courier, deliver } from './delivery.ts';
import { Destination } from './destination.ts';
import { Journal } from './journal.ts';
import { inParallel } from './parallel.ts';
import { RefusalError } from './rejects.ts';
import { retryPolicy } from './retry-delay.ts';
import type { Settings } from './settings.ts';
import { snapshotOf } from './snapshot.ts';
import { snapshotBytes } from './snapshot-bytes.ts';

export interface Consumer {
  readonly settings: Settings;
  readonly s3: S3Client;
  readonly log: Log;
  /** Take no more records; finish what is under way. */
  readonly stop: AbortSignal;
  /** Cut off what is still under way. */
  readonly abort: AbortSignal;
}

/**
 * Delivers the records of a snapshot, each once as far as the destination honours idempotency keys. The progress of an
 * earlier attempt is taken up. Refused records are noted and do not fail the job, unless all are refused. `stopped`: told
 * to stop, with all that was delivered checkpointed. Throws JobError (FeedError, RefusalError) and S3's errors.
 */
export async function consumeFeed(consumer: Consumer): Promise<'complete' | 'stopped'> {
  const { settings, s3, log } = consumer;
  const begun = performance.now();
  const snapshot = await snapshotOf(s3, settings.bucket, settings.message);
  const place = { s3, bucket: settings.bucket, messageId: snapshot.id };
  const journal = await Journal.open(place, settings.destination.href, settings.batchSize);
  const what = { type: snapshot.type, id: snapshot.id };
  const { complete, batches, records, rejected } = journal.now;
  if (complete) {
    log('feed already delivered', { ...what, records, batches, rejected });
    return 'complete';
  }
  if (batches > 0) log('delivery resumed', { ...what, records, batches, rejected });

  const bytes = await deliverAll(consumer, snapshot, journal);
  const stopped = consumer.stop.aborted;
  if (!stopped) await conclude(consumer, snapshot, journal);
  log(stopped ? 'delivery stopped' : 'feed delivered', {
    ...what,
    ...countsOf(journal),
    bytes,
    milliseconds: Math.round(performance.now() - begun),
  });
  return stopped ? 'stopped' : 'complete';
}

const countsOf = ({ now: { records, batches, rejected } }: Journal): Readonly<Record<string, number>> => ({
  records,
  batches,
  rejected,
});

/** Delivers what the journal does not have yet and gives the bytes of JSON sent. Saves the progress also when it fails. */
async function deliverAll(consumer: Consumer, snapshot: SnapshotMessage, journal: Journal): Promise<number> {
  const { settings, s3, log, stop, abort } = consumer;
  const destination = new Destination({ url: settings.destination, feedType: snapshot.type, abort });
  const courier: Courier = { destination, messageId: snapshot.id, policy: retryPolicy, stop, log };
  const stored = snapshotBytes(s3, snapshot.bucket, snapshot.key, log);
  const batches = batchesOf(snapshot, stored, journal.now.batchSize, journal.now);
  try {
    await inParallel(batches, settings.parallelism, stop, async (batch) => {
      if (await journal.finish(batch.number, await deliver(courier, batch)))
        log('progress', { id: snapshot.id, ...countsOf(journal) });
    });
  } catch (error) {
    // A batch that was waiting to be tried again ends in an abort when told to stop. Every other failure is one.
    if (!stop.aborted || !isAbort(error)) throw await afterSaving(journal, error);
  }
  if (stop.aborted) await journal.save(false);
  return destination.bytes;
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** Saves the progress of a failed attempt and gives its error back, with what went wrong in saving where that failed too. */
async function afterSaving(journal: Journal, error: unknown): Promise<unknown> {
  try {
    await (error instanceof RefusalError ? journal.startOver() : journal.save(false));
    return error;
  } catch (saving) {
    return new Error(`${reasonOf(error)}; and its progress was not saved: ${reasonOf(saving)}`, { cause: error });
  }
}

/** The delivery is complete when every record was taken or noted as refused. Throws RefusalError when all were refused. */
async function conclude({ settings, log }: Consumer, { id }: SnapshotMessage, journal: Journal): Promise<void> {
  const { records, rejected } = journal.now;
  const file = `s3://${settings.bucket}/${rejectsKey(id)}`;
  if (records > 0 && rejected === records) {
    await journal.startOver();
    throw new RefusalError(`delivering the feed: all ${records} records were refused; the reasons are in ${file}`);
  }
  await journal.save(true);
  if (rejected > 0) log('records rejected', { id, rejected, file });
}
