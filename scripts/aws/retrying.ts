import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchClientConfig } from '@aws-sdk/client-batch';
import { sendRate, type Timer } from './send-rate.ts';

type Strategy = Extract<NonNullable<BatchClientConfig['retryStrategy']>, { recordSuccess: unknown }>;
type Token = Awaited<ReturnType<Strategy['acquireInitialRetryToken']>>;

/** How often a request is tried, and the milliseconds before it is tried again, which double each time. */
interface Patience {
  readonly attempts: number;
  readonly pause: number;
}

/** A refusal passes when others are done; a host that does not answer is told to the operator soon. */
const patience: ReadonlyMap<string, Patience> = new Map([
  ['THROTTLING', { attempts: 12, pause: 500 }],
  ['TRANSIENT', { attempts: 6, pause: 50 }],
]);
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
export function retrying(timer: Timer, random = Math.random): Strategy {
  const rate = sendRate(timer);
  return {
    acquireInitialRetryToken: async () => {
      await rate.turn();
      return token(0);
    },
    refreshRetryTokenForRetry: async (last, { errorType, retryAfterHint }) => {
      if (errorType === 'THROTTLING') rate.throttled();
      const retries = last.getRetryCount() + 1;
      const { attempts, pause } = patience.get(errorType) ?? { attempts: 0, pause: 0 };
      // The SDK then throws what the service answered.
      if (retries >= attempts) throw new Error('it was tried often enough');
      const asked = retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - Date.now();
      const own = random() * pause * 2 ** (retries - 1);
      await timer.wait(Math.min(Math.max(own, asked), longestPause));
      await rate.turn();
      return token(retries);
    },
    recordSuccess: () => rate.taken(),
  };
}
