import { peakMemory } from '../process/peak-memory.ts';
import { type Portion, portionsOf } from './batches/portions.ts';
import { unlessStopped } from './delivery/unless-stopped.ts';
import { deliverAll } from './delivery-attempt.ts';
import { type Consumer, countsOf, kindOf, openDelivery } from './opened-delivery.ts';
import { turnInterval } from './order/looks.ts';
import { Superseded, type Turn, takeTurn } from './order/turn.ts';
import { destinationName } from './settings.ts';

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
    ...facts(),
    ...traffic.totals,
    peakMemory: peakMemory(),
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
