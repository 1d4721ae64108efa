import { setMaxListeners } from 'node:events';
import { reasonOf } from '../process/job-error.ts';
import { peakMemory } from '../process/peak-memory.ts';
import { rejectsKey } from './checkpoint.ts';
import type { Consignment } from './consignments.ts';
import { deliver } from './delivery.ts';
import type { Journal } from './journal.ts';
import { type Consumer, consignmentsOf, countsOf, type OpenedDelivery, openDelivery } from './opened-delivery.ts';
import { inParallel } from './parallel.ts';
import { Pause, realClock } from './pause.ts';
import { RefusalError } from './rejects.ts';
import { retryPolicy } from './retry-delay.ts';
import { type Portion, portionsOf } from './snapshot.ts';

/** Bytes of memory that all requests under way hold together, so that no PARALLELISM makes the job outgrow its own. */
const mostUnderWay = 16 * 1024 * 1024;
/** Beside what lies in the kernel's memory there is room for nothing: the kernel has to stand still. */
const weightOf = ({ isBorrowed, bytes }: Consignment): number => (isBorrowed ? mostUnderWay : bytes.buffer.byteLength);

/**
 * Delivers the records of a snapshot, each once as far as the destination honours idempotency keys. The progress of an
 * earlier attempt is taken up. Refused records are noted and do not fail the job, unless all are refused. `stopped`: told
 * to stop, with all that was delivered checkpointed. Throws JobError (FeedError, RefusalError) and S3's errors.
 */
export async function consumeFeed(consumer: Consumer): Promise<'complete' | 'stopped'> {
  const { settings, s3 } = consumer;
  for (const portion of await portionsOf(s3, settings.bucket, settings.message, settings.arrayIndex))
    if ((await consumePortion(consumer, portion)) === 'stopped') return 'stopped';
  return 'complete';
}

async function consumePortion(consumer: Consumer, portion: Portion): Promise<'complete' | 'stopped'> {
  const begun = performance.now();
  const delivery = await openDelivery(consumer, portion);
  const { journal, traffic, id } = delivery;
  const { log, stop } = consumer;
  const facts = () => ({ type: portion.snapshot.type, id, ...countsOf(delivery) });
  if (journal.now.complete) {
    log('feed already delivered', facts());
    return 'complete';
  }
  if (journal.now.batches > 0) log('delivery resumed', facts());
  const sums = () => ({
    ...{ ...facts(), ...traffic.totals, peakMemory: peakMemory() },
    milliseconds: Math.round(performance.now() - begun),
  });
  try {
    await deliverAll(delivery);
    const stopped = stop.aborted;
    if (!stopped) await conclude(delivery);
    log(stopped ? 'delivery stopped' : 'feed delivered', sums());
    return stopped ? 'stopped' : 'complete';
  } catch (error) {
    log('delivery broken off', sums());
    throw error;
  }
}

/** Delivers what the journal does not have yet. Saves the progress also when it fails. */
async function deliverAll(delivery: OpenedDelivery): Promise<void> {
  const { consumer, journal, destination, traffic, id } = delivery;
  const { settings, log, stop } = consumer;
  const failed = new AbortController();
  let failure: unknown;
  // Once one batch has failed, the others are not to wait and try for minutes more.
  const ending = AbortSignal.any([stop, failed.signal]);
  setMaxListeners(0, ending);
  const pause = new Pause(realClock);
  const courier = { destination, id, policy: retryPolicy, stop: ending, clock: realClock, pause, traffic };
  try {
    if (journal.now.batches === 0) await destination.begin?.();
    const room = { items: settings.parallelism, weight: mostUnderWay, isClosed: () => journal.isFarAhead };
    await inParallel(consignmentsOf(delivery), room, weightOf, ending, async (consignment) => {
      try {
        const saved = await journal.finish(consignment.number, await deliver(courier, consignment));
        if (saved) log('progress', { id, ...countsOf(delivery) });
      } catch (error) {
        if (!isAbort(error)) failure ??= error;
        failed.abort();
        throw error;
      } finally {
        consignment.release();
      }
    });
  } catch (error) {
    // A batch that was waiting to be tried again ends in an abort when told to stop. Every other failure is one.
    const first = failure ?? error;
    if (!stop.aborted || !isAbort(first)) throw await afterSaving(journal, first);
  }
  if (stop.aborted) await journal.save(false);
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
async function conclude({ consumer: { settings, log }, journal, destination, id }: OpenedDelivery): Promise<void> {
  const { records, unchanged, deletions, rejected } = journal.now;
  const sent = records - unchanged + deletions;
  const file = `s3://${settings.bucket}/${rejectsKey(id)}`;
  if (sent > 0 && rejected === sent) {
    await journal.startOver();
    throw new RefusalError(`delivering the feed: all ${sent} records were refused; the reasons are in ${file}`);
  }
  await destination.finish?.();
  await journal.save(true);
  if (rejected > 0) log('records rejected', { id, rejected, file });
}
