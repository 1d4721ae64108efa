import { setTimeout as delay } from 'node:timers/promises';

/** Time as a delivery knows it, in milliseconds. */
export interface Clock {
  now(): number;
  /** Rejects at once when the signal comes. */
  wait(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
};
