import { JobError } from '../../process/job-error.ts';
import type { Line } from '../batches/batch.ts';
import { bytesOf, type Content, piecesOf } from '../batches/content.ts';
import { contentOf, mostTold } from '../batches/reject-content.ts';
import type { Answer, Body, Destination, RefusedLine, Totals } from '../destinations/destination.ts';
import type { Turn } from '../order/turn.ts';
import type { BatchOutcome } from '../progress/progress.ts';
import { type Reject, rejectOf } from '../progress/rejects.ts';
import type { Clock } from './clock.ts';
import type { Consignment } from './consignments.ts';
import type { Pause } from './pause.ts';
import { isTooLong, type RetryPolicy, retryDelay } from './retry-delay.ts';
import type { Traffic } from './traffic.ts';
import { unlessStopped } from './unless-stopped.ts';

/** What of the outside a delivery needs. */
export interface Courier {
  readonly destination: Pick<Destination, 'send' | 'finish'>;
  /** What the keys of its parcels begin with. */
  readonly id: string;
  /** Asked before each try: it may be another snapshot's turn by now. */
  readonly turn: Pick<Turn, 'check'>;
  readonly policy: RetryPolicy;
  /** No try begins once this is signalled. */
  readonly stop: AbortSignal;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly traffic: Traffic;
}

/** Lines of one batch that are sent together. */
interface Load {
  readonly content: Content;
  readonly lines: readonly Line[];
}

/** Characters of a reason that are told. */
const mostReason = 1_000;

type Settled = Extract<Answer, { kind: 'accepted' | 'refused' }>;

/**
 * Delivers one batch. Refused lines become rejects; a batch that is refused as a whole is halved until the lines at fault
 * stand alone. Throws JobError when the destination stays away or refuses everything, Superseded when
 * it is another snapshot's turn, AbortError when told to stop.
 */
export async function deliver(courier: Courier, batch: Consignment): Promise<BatchOutcome> {
  const { number, lines } = batch;
  const rejects = lines.length === 0 ? [] : await deliverLoad(courier, batch, number, `${courier.id}-${number}`);
  return {
    covers: batch.covers,
    rejects: [...rejects, ...batch.unreadable].sort((a, b) => a.record - b.record),
  };
}

/** Tells the destination that all was sent, if it wants to know. Throws as `deliver` does, and when it says no. */
export async function finish(courier: Courier, totals: Totals): Promise<void> {
  const { destination, id } = courier;
  if (destination.finish === undefined) return;
  const what = `the end of ${id}`;
  const answer = await patiently(courier, what, async () => (await destination.finish?.(totals)) ?? accepted);
  if (answer.kind === 'refused')
    throw failure(what, answer.reason, 'nothing but this is left to do; run the job again');
}

const accepted: Answer = { kind: 'accepted', refused: [] };

async function deliverLoad(courier: Courier, load: Load, batch: number, key: string): Promise<readonly Reject[]> {
  const { lines } = load;
  const parcel = { key, body: bodyOf(load), records: lines.length, batch };
  const answer = await patiently(courier, `batch ${key}`, () => {
    courier.traffic.sent(parcel.body.length);
    return courier.destination.send(parcel);
  });
  if (answer.kind === 'accepted') return await rejectsOf(load, answer.refused);
  if (lines.length === 1) return await rejectsOf(load, [{ index: 0, reason: answer.reason }]);
  courier.traffic.halved(answer.reason);
  const middle = Math.ceil(lines.length / 2);
  // One after the other: a destination in this state is not to get more requests at once than it was meant to.
  return [
    ...(await deliverLoad(courier, { ...load, lines: lines.slice(0, middle) }, batch, `${key}.0`)),
    ...(await deliverLoad(courier, { ...load, lines: lines.slice(middle) }, batch, `${key}.1`)),
  ];
}

/** From the first line to the newline behind the last one. */
function bodyOf({ content, lines }: Load): Body {
  const start = lines[0]?.start ?? 0;
  const end = (lines.at(-1)?.end ?? 0) + 1;
  return { length: end - start, pieces: () => piecesOf(content, start, end) };
}

/** One for each record, whatever the destination says of it, in the order of the feed. */
async function rejectsOf({ content, lines }: Load, refused: readonly RefusedLine[]): Promise<readonly Reject[]> {
  const rejects: Reject[] = [];
  const reasons = new Map(refused.toReversed().map(({ index, reason }) => [index, reason]));
  for (const [index, reason] of [...reasons].sort(([a], [b]) => a - b)) {
    const at = lines[index];
    if (at === undefined) continue;
    const json = await bytesOf(content, at.start, at.end, mostTold + 1);
    rejects.push(rejectOf(at, shortened(reason), contentOf(json)));
  }
  return rejects;
}

const shortened = (reason: string): string => (reason.length > mostReason ? `${reason.slice(0, mostReason)}…` : reason);

/** Repeats a request until it is accepted or refused. */
async function patiently(courier: Courier, what: string, request: () => Promise<Answer>): Promise<Settled> {
  const { turn, policy, stop, clock, pause, traffic } = courier;
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    waited += await waitForAll(courier, what, waited);
    stop.throwIfAborted();
    await unlessStopped(turn.check(), stop);
    stop.throwIfAborted();
    const answer = await request();
    if (answer.kind === 'accepted' || answer.kind === 'refused') return answer;
    if (answer.kind === 'hopeless') throw failure(what, answer.reason, 'check DESTINATION_URL and what it expects');
    const { cause, reason, retryAfter } = answer;
    const milliseconds = retryDelay(policy, { attempt, waited }, retryAfter, Math.random());
    if (milliseconds === undefined) {
      const limit = isTooLong(policy, waited + (retryAfter ?? 0)) ? `: ${tooLong(policy, retryAfter ?? 0)}` : '';
      throw failure(what, reason, `given up after ${attempt} attempts and ${seconds(waited)} of waiting${limit}`);
    }
    traffic.retried(cause, reason, milliseconds);
    if (retryAfter !== undefined) pause.ask(retryAfter);
    await clock.wait(milliseconds, stop);
    waited += milliseconds;
  }
}

/** Waits as long as the destination asked for in its answers to other requests, and gives the milliseconds. */
async function waitForAll({ policy, stop, clock, pause }: Courier, what: string, before: number): Promise<number> {
  let waited = 0;
  for (let { rest } = pause; rest > 0; { rest } = pause) {
    if (isTooLong(policy, before + waited + rest)) {
      const next = `given up after ${seconds(before + waited)} of waiting: ${tooLong(policy, rest)}`;
      throw failure(what, 'the destination answered another request that all must wait', next);
    }
    await clock.wait(rest, stop);
    waited += rest;
  }
  return waited;
}

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 1_000)} s`;
const tooLong = ({ longestTotal }: RetryPolicy, asked: number): string =>
  `it asks for ${seconds(asked)} more, and a request waits ${seconds(longestTotal)} in all at most`;

const failure = (what: string, reason: string, next: string): JobError =>
  new JobError(`delivering ${what}: ${reason}; ${next}`);
