import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchClientConfig } from '@aws-sdk/client-batch';
import { sendRate, slowest, type Timer } from './send-rate.ts';

type Strategy = Extract<NonNullable<BatchClientConfig['retryStrategy']>, { recordSuccess: unknown }>;
type Refusal = Parameters<Strategy['refreshRetryTokenForRetry']>[1];
type Token = Awaited<ReturnType<Strategy['acquireInitialRetryToken']>>;

/** How often a request is tried, and the milliseconds before it is tried again, which double each time. */
interface Patience {
  readonly attempts: number;
  readonly pause: number;
}

/** A host that does not answer is told to the operator soon. */
const unreached: Patience = { attempts: 6, pause: 50 };
/** For what has no client token: a request whose answer was lost may have been carried out. */
export const notRepeated: Patience = { attempts: 1, pause: 0 };

interface WhenThrottled extends Patience {
  /** Requests a second; it is never sent fewer. */
  readonly slowest: number;
}

/** A refusal passes when others are done: on the embedded AWS, a moment later. */
const throttled: WhenThrottled = { attempts: 12, pause: 500, slowest };
export const brieflyThrottled: WhenThrottled = { attempts: 12, pause: 10, slowest: 500 };

/** A quota that is used up, which the SDK takes for too many requests: no waiting mends it. */
const isUsedUp = ({ error }: Refusal): boolean => error?.name === 'LimitExceededException';

const longestPause = 20_000;

const token = (retries: number): Token => ({ getRetryCount: () => retries, getRetryDelay: () => 0 });

/** The clock's own time. Whoever waits when it ends waits no longer, and fails. */
export const timerUntil = (signal: AbortSignal): Timer => ({
  now: () => performance.now(),
  wait: (milliseconds) => sleep(milliseconds, undefined, { signal }),
});

/**
 * How the requests of one client are repeated. Those that are throttled slow down all of them. Unlike the SDK's own, it
 * has no budget of retries that many throttled requests use up together.
 */
export function retrying(
  timer: Timer,
  whenThrottled = throttled,
  random = Math.random,
  whenUnreached = unreached,
): Strategy {
  const rate = sendRate(timer, whenThrottled.slowest);
  const patienceWith = (refusal: Refusal): Patience | undefined => {
    if (refusal.errorType === 'THROTTLING' && !isUsedUp(refusal)) return whenThrottled;
    return refusal.errorType === 'TRANSIENT' ? whenUnreached : undefined;
  };
  return {
    acquireInitialRetryToken: async () => {
      await rate.turn();
      return token(0);
    },
    refreshRetryTokenForRetry: async (last, refusal) => {
      const patience = patienceWith(refusal);
      if (patience === whenThrottled) rate.throttled();
      const retries = last.getRetryCount() + 1;
      // The SDK then throws what the service answered.
      if (patience === undefined || retries >= patience.attempts) throw new Error('it was tried often enough');
      const { pause } = patience;
      const { retryAfterHint } = refusal;
      const asked = retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - Date.now();
      const own = random() * pause * 2 ** (retries - 1);
      await timer.wait(Math.min(Math.max(own, asked), longestPause));
      await rate.turn();
      return token(retries);
    },
    recordSuccess: () => rate.taken(),
  };
}
