import type { Clock } from './clock.ts';

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

  /** Milliseconds until it is over; it may be asked for more meanwhile. */
  get rest(): number {
    return Math.max(0, Math.ceil(this.#until - this.#clock.now()));
  }
}
