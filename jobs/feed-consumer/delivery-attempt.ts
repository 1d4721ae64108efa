import { setMaxListeners } from 'node:events';
import { LeftUndone, reasonOf } from '../process/job-error.ts';
import { WorkFolder } from '../process/work-folder.ts';
import { mostTold } from './batches/reject-content.ts';
import { realClock } from './delivery/clock.ts';
import type { Consignment } from './delivery/consignments.ts';
import { type Courier, deliver, finish } from './delivery/delivery.ts';
import { inParallel, type Room } from './delivery/parallel.ts';
import { Pause } from './delivery/pause.ts';
import { retryPolicy } from './delivery/retry-delay.ts';
import { unlessStopped } from './delivery/unless-stopped.ts';
import { consignmentsOf, countsOf, kindOf, type OpenedDelivery } from './opened-delivery.ts';
import { overtakingTime } from './order/looks.ts';
import { rejectsKey, sentOf } from './progress/checkpoint.ts';
import type { Journal } from './progress/journal.ts';
import { judgeBeginning, judgeEnd, judgeRejects, RefusalError } from './progress/judgement.ts';
import { weightOfRejects } from './progress/rejects.ts';

/** Bytes of memory that all requests under way hold together, so that no PARALLELISM makes the job outgrow its own. */
const mostUnderWay = 10 * 1024 * 1024;
/** Bytes of memory that are reckoned for a record beside its JSON: where it lies, and what the destination may say of it. */
const recordWeight = 512;

/**
 * Bytes of memory. A record in a file takes some for what is read of it and what a reject may tell of it. A sixteenth of its length
 * counts as well, so that all files under way take at most 16 times `mostUnderWay` of the disk.
 */
const weightOf = ({ content, lines, unreadable }: Consignment): number =>
  (content.kind === 'file' ? 2 * mostTold + content.length / 16 : content.bytes.buffer.byteLength) +
  lines.length * recordWeight +
  weightOfRejects(unreadable);

/** Delivers what the journal does not have yet. Saves the progress also when it fails. */
export async function deliverAll(delivery: OpenedDelivery): Promise<'complete' | 'stopped'> {
  const { consumer, journal, destination, traffic, turn, id } = delivery;
  const { settings, stop, clock = realClock } = consumer;
  using folder = new WorkFolder('feed-consumer');
  const found = journal.now.batches;
  const failed = new AbortController();
  let failure: unknown;
  // Once one batch has failed, the others are not to wait and try for minutes more.
  const ending = AbortSignal.any([stop, failed.signal]);
  setMaxListeners(0, ending);
  const pause = new Pause(clock);
  const courier = { destination, id, turn, policy: retryPolicy, stop: ending, clock, pause, traffic };
  try {
    if (journal.now.batches === 0) {
      if (turn.overtakes) await clock.wait(overtakingTime, ending);
      await unlessStopped(Promise.resolve(destination.begin?.()), ending);
    }
    const room = roomBeside(journal, settings.parallelism);
    await inParallel(consignmentsOf(delivery, folder), room, weightOf, ending, async (consignment) => {
      try {
        await deliverOne(delivery, courier, consignment);
      } catch (error) {
        if (!isAbort(error)) failure ??= error;
        failed.abort();
        throw error;
      } finally {
        consignment.release();
      }
    });
    if (!stop.aborted) {
      await conclude(delivery, courier);
      return 'complete';
    }
  } catch (error) {
    // A batch that was waiting to be tried again ends in an abort when told to stop. Every other failure is one.
    const first = failure ?? error;
    if (!stop.aborted || !isAbort(first)) throw await afterSaving(journal, first);
  }
  if (journal.now.batches > found) await journal.save(false);
  return 'stopped';
}

/** Delivers one batch and notes it. Throws as `deliver` does, and RefusalError once the destination plainly takes nothing. */
async function deliverOne(delivery: OpenedDelivery, courier: Courier, consignment: Consignment): Promise<void> {
  const { consumer, journal, id } = delivery;
  const saved = await journal.finish(consignment.number, await deliver(courier, consignment));
  if (saved) consumer.log('progress', { id, ...countsOf(delivery) });
  const refusal = judgeBeginning(journal.now, consumer.settings.mostRejects, rejectsOf(delivery));
  if (refusal !== undefined) throw refusal;
}

/** Rejects that wait to be stored take room away from requests. */
const roomBeside = (journal: Journal, items: number): Room => ({
  items,
  get weight() {
    return mostUnderWay - journal.weight;
  },
  isClosed: () => journal.isFarAhead,
});

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** Saves the progress of a failed attempt and gives its error back, with what went wrong in saving where that failed too. */
async function afterSaving(journal: Journal, error: unknown): Promise<unknown> {
  try {
    await (error instanceof RefusalError ? journal.startOver() : journal.save(false));
    return error;
  } catch (saving) {
    // It may have failed for this very reason.
    return reasonOf(saving) === reasonOf(error) ? error : new LeftUndone(error, 'its progress was not saved', saving);
  }
}

/** Where the rejects of a delivery are. */
const rejectsOf = ({ consumer, id }: OpenedDelivery): string => `s3://${consumer.settings.bucket}/${rejectsKey(id)}`;

/** The delivery is complete when every record was taken or noted as refused. Throws JobError (RefusalError) when that is a failure. */
async function conclude(delivery: OpenedDelivery, courier: Courier): Promise<void> {
  const { consumer, portion, turn, delta, journal, id } = delivery;
  const { now } = journal;
  const { batches, deletions, rejected } = now;
  const file = rejectsOf(delivery);
  const isAll = kindOf(delta) === 'full' || now.records - now.unchanged === portion.snapshot.records;
  const of = !isAll ? 'changes' : portion.part === undefined ? 'all' : 'part';
  const failure =
    judgeEnd({ ...now, of, followsRefusal: turn.base.allRejected === true }, file) ??
    judgeRejects(now, consumer.settings.mostRejects, file);
  if (failure !== undefined) throw failure;
  // Another run that has it by now removed what lies there, and the end would tell of the rest alone.
  if (delivery.destination.begin !== undefined) await journal.save(false);
  await finish(courier, { batches, records: sentOf(now) - deletions, deletions, rejected });
  await journal.save(true);
  if (rejected > 0) consumer.log('records rejected', { id, rejected, of: sentOf(now), file });
}
