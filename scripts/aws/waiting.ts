import { setTimeout as sleep } from 'node:timers/promises';

/** How often AWS is asked and for how long, in milliseconds: the first pause, the longest, and when to give up. */
export interface Pace {
  readonly first: number;
  readonly most: number;
  readonly limit: number;
}

/** Who waits: they can stop it, and they are told what for. */
export interface Waiter {
  readonly signal: AbortSignal;
  waiting(forWhat: string): void;
}

export interface Settling<T> {
  /** `compute environment "main-1a2b3c4d"` */
  readonly what: string;
  read(): Promise<T>;
  /** `CREATING`, with AWS's reason where it gives one; `undefined` once it has settled. */
  pending(value: T): string | undefined;
}

/**
 * Reads until what is read has settled, with growing pauses, and returns it.
 * Throws with the last status seen when the pace's limit has passed, and when the waiter stops.
 */
export async function settle<T>(pace: Pace, waiter: Waiter, { what, read, pending }: Settling<T>): Promise<T> {
  let waited = 0;
  for (let pause = pace.first; ; pause = Math.min(pause * 1.5, pace.most)) {
    const value = await read();
    const status = pending(value);
    if (status === undefined) return value;
    if (waited >= pace.limit) {
      throw new Error(
        `waiting for ${what}: still ${status} after ${Math.round(waited / 1000)} s; once AWS is done with it, run this again`,
      );
    }
    waiter.waiting(`${what} is ${status}`);
    await sleep(pause, undefined, { signal: waiter.signal }).catch((error: unknown) => {
      throw new Error(`waiting for ${what}: stopped while still ${status}; run this again to go on`, { cause: error });
    });
    waited += pause;
  }
}

export interface Persisting<T> {
  readonly what: string;
  attempt(): Promise<T>;
  /** What is being waited for when this error comes; `undefined` for an error that repeating does not mend. */
  transient(error: unknown): string | undefined;
}

type Outcome<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly error: unknown };

/** Repeats a request as long as AWS refuses it for a reason that passes by itself, at the pace of `settle`. */
export async function persist<T>(pace: Pace, waiter: Waiter, { what, attempt, transient }: Persisting<T>): Promise<T> {
  const outcome = await settle<Outcome<T>>(pace, waiter, {
    what,
    read: () =>
      attempt().then(
        (value) => ({ done: true, value }),
        (error: unknown) => ({ done: false, error }),
      ),
    pending: (last) => (last.done ? undefined : transient(last.error)),
  });
  if (outcome.done) return outcome.value;
  throw outcome.error;
}
