import { setTimeout as delay } from 'node:timers/promises';
import { JobError } from '../process/job-error.ts';
import type { Log } from '../process/log.ts';
import type { Batch, Line } from './batches.ts';
import type { Answer, Destination, RefusedLine } from './destination.ts';
import type { BatchOutcome } from './progress.ts';
import type { Reject } from './rejects.ts';
import { type RetryPolicy, retryDelay } from './retry-delay.ts';

/** What of the outside a delivery needs. */
export interface Courier {
  readonly destination: Pick<Destination, 'post'>;
  readonly messageId: string;
  readonly policy: RetryPolicy;
  /** No retry begins once this is signalled. */
  readonly stop: AbortSignal;
  readonly log: Log;
  /** Waits so many milliseconds; rejects at once when the signal comes. */
  wait?(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

/**
 * Delivers one batch. Refused lines become rejects; a batch that is refused as a whole is halved until the lines at fault
 * stand alone. Throws JobError when the destination stays away or refuses everything, AbortError when told to stop.
 */
export async function deliver(courier: Courier, batch: Batch): Promise<BatchOutcome> {
  const key = `${courier.messageId}-${batch.number}`;
  const rejects = batch.lines.length === 0 ? [] : await deliverLines(courier, batch.lines, key);
  return {
    records: batch.lines.length + batch.unreadable.length,
    rejects: [...rejects, ...batch.unreadable].sort((a, b) => a.record - b.record),
  };
}

async function deliverLines(courier: Courier, lines: readonly Line[], key: string): Promise<readonly Reject[]> {
  const answer = await postPatiently(courier, lines, key);
  if (answer.kind === 'accepted') return rejectsOf(lines, answer.refused);
  if (lines.length === 1) return rejectsOf(lines, [{ index: 0, reason: answer.reason }]);
  const middle = Math.ceil(lines.length / 2);
  courier.log('batch halved', { key, records: lines.length, reason: answer.reason });
  // One after the other: a destination in this state is not to get more requests at once than it was meant to.
  return [
    ...(await deliverLines(courier, lines.slice(0, middle), `${key}.0`)),
    ...(await deliverLines(courier, lines.slice(middle), `${key}.1`)),
  ];
}

function rejectsOf(lines: readonly Line[], refused: readonly RefusedLine[]): readonly Reject[] {
  const reasons = new Map(refused.map(({ index, reason }) => [index, reason]));
  return lines.flatMap(({ json, record, line }, index) => {
    const reason = reasons.get(index);
    return reason === undefined ? [] : [{ record, line, reason, content: JSON.parse(json) }];
  });
}

/** Repeats a request until it is accepted or refused. */
async function postPatiently(
  courier: Courier,
  lines: readonly Line[],
  key: string,
): Promise<Extract<Answer, { kind: 'accepted' | 'refused' }>> {
  const { policy, stop, log, wait = (milliseconds, signal) => delay(milliseconds, undefined, { signal }) } = courier;
  const body = lines.map(({ json }) => json);
  for (let attempt = 1; ; attempt++) {
    const answer = await courier.destination.post(body, key);
    if (answer.kind === 'accepted' || answer.kind === 'refused') return answer;
    if (answer.kind === 'hopeless') throw failure(key, answer.reason, 'check DESTINATION_URL and what it expects');
    const milliseconds = retryDelay(policy, attempt, answer.retryAfter, Math.random());
    if (milliseconds === undefined) throw failure(key, answer.reason, `given up after ${attempt} attempts`);
    log('batch retried', { key, attempt, milliseconds, reason: answer.reason });
    await wait(milliseconds, stop);
  }
}

const failure = (key: string, reason: string, next: string): JobError =>
  new JobError(`delivering batch ${key}: ${reason}; ${next}`, { batch: key });
