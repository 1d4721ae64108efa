/** How a request that may succeed later is repeated. Milliseconds. */
export interface RetryPolicy {
  /** Tries of one request, the first included. */
  readonly attempts: number;
  readonly firstDelay: number;
  readonly longestDelay: number;
  /** All the waiting of one request together, pauses included that another one was asked for. */
  readonly longestTotal: number;
}

/** What trying one request has taken so far: tries, and milliseconds of waiting between them. */
export interface Tried {
  readonly attempt: number;
  readonly waited: number;
}

/**
 * Rides out some three minutes of a destination that is away, and ten of one that says how long it will be. Batch begins its
 * next attempt at once, so that attempts alone would be over in a second.
 */
export const retryPolicy: RetryPolicy = {
  attempts: 12,
  firstDelay: 200,
  longestDelay: 60_000,
  longestTotal: 600_000,
};

/**
 * Milliseconds to wait for the next attempt, or `undefined` to give up. What the destination asks for is
 * the least; otherwise the delay doubles and is drawn from its upper half, so that parallel requests do not come back at
 * once. `random` is from 0 to 1.
 */
export function retryDelay(
  policy: RetryPolicy,
  { attempt, waited }: Tried,
  retryAfter: number | undefined,
  random: number,
): number | undefined {
  if (attempt >= policy.attempts) return undefined;
  const backoff = Math.min(policy.longestDelay, policy.firstDelay * 2 ** (attempt - 1));
  const delay = Math.round(Math.max(retryAfter ?? 0, backoff * (0.5 + random / 2)));
  return isTooLong(policy, waited + delay) ? undefined : delay;
}

/** Less than a second does not count: no timer is exact. */
export const isTooLong = ({ longestTotal }: RetryPolicy, waited: number): boolean => waited >= longestTotal + 1_000;
