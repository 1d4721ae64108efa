import { setMaxListeners } from 'node:events';
import { LeftUndone, reasonOf } from '../process/job-error.ts';
import { peakMemory } from '../process/peak-memory.ts';
import { WorkFolder } from '../process/work-folder.ts';
import { mostTold } from './batches/reject-content.ts';
import { type Portion, portionsOf } from './batches/snapshot.ts';
import type { Consignment } from './delivery/consignments.ts';
import { type Courier, deliver, finish } from './delivery/delivery.ts';
import { inParallel, type Room, unlessStopped } from './delivery/parallel.ts';
import { Pause, realClock } from './delivery/pause.ts';
import { retryPolicy } from './delivery/retry-delay.ts';
import {
  type Consumer,
  consignmentsOf,
  countsOf,
  kindOf,
  type OpenedDelivery,
  openDelivery,
} from './opened-delivery.ts';
import { Superseded, type Turn, takeTurn } from './order/turn.ts';
import { rejectsKey, sentOf } from './progress/checkpoint.ts';
import type { Journal } from './progress/journal.ts';
import { judgeBeginning, judgeEnd, judgeRejects, RefusalError } from './progress/judgement.ts';
import { weightOfRejects } from './progress/rejects.ts';
import { destinationName } from './settings.ts';

/** Bytes of memory that all requests under way hold together, so that no PARALLELISM makes the job outgrow its own. */
const mostUnderWay = 10 * 1024 * 1024;
/** Bytes of memory that are reckoned for a record beside its JSON: where it lies, and what the destination may say of it. */
const recordWeight = 512;

/** A record in a file takes memory for what is read of it and may be told of it, and of the disk no more than 16 times `mostUnderWay` with others. */
const weightOf = ({ content, lines, unreadable }: Consignment): number =>
  (content.kind === 'file' ? 2 * mostTold + content.length / 16 : content.bytes.buffer.byteLength) +
  lines.length * recordWeight +
  weightOfRejects(unreadable);

/** Milliseconds between two looks at whose turn it is, where checkpoints are no more frequent. */
const turnInterval = 5_000;
/** Milliseconds after which a delivery that was overtaken begins no request any more: its next look, and the time of it. */
export const overtakingTime = turnInterval + 1_000;

/**
 * Delivers the records of a snapshot, each once as far as the destination honours idempotency keys. The progress of an
 * earlier attempt is taken up. A snapshot that is older than what its destination gets is left alone. Refused records are
 * noted and do not fail the job, unless they tell of more. `stopped`: told to stop, with all that was delivered
 * checkpointed, if S3 took that in time. Throws JobError (FeedError, RefusalError) and S3's errors.
 */
export async function consumeFeed(consumer: Consumer): Promise<'complete' | 'stopped'> {
  const { settings, log, end } = consumer;
  const outcome = await unlessStopped(consume(consumer), end);
  if (outcome === undefined) log('delivery stopped', { type: settings.message.type, saved: false });
  return outcome ?? 'stopped';
}

async function consume(consumer: Consumer): Promise<'complete' | 'stopped'> {
  const { settings, s3, log, stop } = consumer;
  const { type } = settings.message;
  const portions = await unlessStopped(portionsOf(s3, settings.bucket, settings.message, settings.arrayIndex), stop);
  if (portions === undefined) {
    log('delivery stopped', { type });
    return 'stopped';
  }
  try {
    for (const portion of portions) if ((await consumePortion(consumer, portion)) === 'stopped') return 'stopped';
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
    log('delivery superseded', { type, id: portions[0]?.messageId, by: error.by });
  }
  return 'complete';
}

async function turnOf({ settings, s3 }: Consumer, portion: Portion): Promise<Turn> {
  const { bucket, destination, again, checkpointInterval } = settings;
  const interval = Math.min(turnInterval, checkpointInterval);
  return await takeTurn({ s3, bucket, destination: destinationName(destination), interval }, portion, again);
}

async function consumePortion(consumer: Consumer, portion: Portion): Promise<'complete' | 'stopped'> {
  const begun = performance.now();
  const { log, stop } = consumer;
  const opening = turnOf(consumer, portion).then((turn) => openDelivery(consumer, portion, turn));
  const delivery = await unlessStopped(opening, stop);
  if (delivery === undefined) {
    // Nothing of it has begun, and nothing is to be saved.
    log('delivery stopped', { type: portion.snapshot.type, id: portion.snapshot.id });
    return 'stopped';
  }
  const { journal, traffic, id, delta } = delivery;
  const facts = () => ({ type: portion.snapshot.type, id, delivery: kindOf(delta), ...countsOf(delivery) });
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
    const end = await deliverAll(delivery);
    log(end === 'stopped' ? 'delivery stopped' : 'feed delivered', sums());
    return end;
  } catch (error) {
    log('delivery broken off', sums());
    throw error;
  }
}

/** Delivers what the journal does not have yet. Saves the progress also when it fails. */
async function deliverAll(delivery: OpenedDelivery): Promise<'complete' | 'stopped'> {
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

/** What rejects take that wait to be stored, requests under way may not. */
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
    judgeEnd({ ...now, of, isSecond: turn.base.allRejected === true }, file) ??
    judgeRejects(now, consumer.settings.mostRejects, file);
  if (failure !== undefined) throw failure;
  await finish(courier, { batches, records: sentOf(now) - deletions, deletions, rejected });
  await journal.save(true);
  if (rejected > 0) consumer.log('records rejected', { id, rejected, of: sentOf(now), file });
}
