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

/** A time for which a destination asked to be left alone. It asks in its answer to one request and means all of them. */
export class Pause {
  readonly #clock: Clock;
  #until = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ask(milliseconds: number): void {
    this.#until = Math.max(this.#until, this.#clock.now() + milliseconds);
  }

  /** Waits until it is over, and for what is asked meanwhile. Rejects when the signal comes. */
  async over(signal: AbortSignal): Promise<void> {
    for (let rest = this.#rest(); rest > 0; rest = this.#rest()) await this.#clock.wait(rest, signal);
  }

  #rest(): number {
    return Math.ceil(this.#until - this.#clock.now());
  }
}
