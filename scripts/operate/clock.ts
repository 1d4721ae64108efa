import { setTimeout as sleep } from 'node:timers/promises';

/** How time passes for who waits for something; a test has its own. */
export interface Clock {
  now(): number;
  /** Resolves when the time is over, or earlier when the signal says so. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => Date.now(),
  wait: async (milliseconds, signal) => {
    await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  },
};
