import { setTimeout as sleep } from 'node:timers/promises';
import { BatchServiceException } from '@aws-sdk/client-batch';

/** Milliseconds before each further attempt; Batch takes 50 submissions a second from an account. */
const backOff = [200, 600, 1_800, 5_400];

/** Repeats a call that AWS throttled, and no other: a throttled call has had no effect. */
export async function unthrottled<T>(call: () => Promise<T>, pauses: readonly number[] = backOff): Promise<T> {
  const [pause, ...later] = pauses;
  try {
    return await call();
  } catch (error) {
    if (pause === undefined || !isThrottled(error)) throw error;
    await sleep(pause);
    return unthrottled(call, later);
  }
}

const isThrottled = (error: unknown): boolean =>
  error instanceof BatchServiceException &&
  (error.$metadata.httpStatusCode === 429 || /^(TooManyRequests|Throttling)/.test(error.name));
