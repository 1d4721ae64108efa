import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Clock, Timer } from './clock.ts';
import { TimerQueue } from './timer-queue.ts';

/**
 * A clock that stands still until it is driven, and runs at the pace of the wall while something is busy. An exception
 * in a timer rejects the `advanceTo` or leaves the `skip` that fired it; one that fired at the wall's pace is an uncaught
 * exception of the process. The timers behind it stay due.
 */
export interface DrivenClock extends Clock {
  /**
   * Fires every timer due until `time`, one by one, each when all that the one before it began is done. Ends idle, at
   * `time`, or later when busy work ran past it. Never ends when something stays busy for ever.
   */
  advanceTo(time: number): Promise<void>;
  /** Resolves when nothing is busy and everything that was ready to run has run. */
  idle(): Promise<void>;
  /** Moves time on at once, even while something is busy, and fires in order what becomes due. */
  skip(milliseconds: number): void;
}

export const drivenClock = (start: number): DrivenClock => new WallPacedClock(start);

class WallPacedClock implements DrivenClock {
  readonly #timers = new TimerQueue();
  /** The time when the wall's clock showed `#wall`; it counts on from there while something is busy. */
  #time: number;
  #wall = 0;
  #busy = 0;
  #timeout: NodeJS.Timeout | undefined;
  #waiting: (() => void)[] = [];

  constructor(start: number) {
    this.#time = start;
  }

  now(): number {
    return Math.floor(this.#busy > 0 ? this.#time + performance.now() - this.#wall : this.#time);
  }

  at(time: number, run: () => void): Timer {
    const timer = this.#timers.add(time, run);
    this.#arm();
    return {
      cancel: () => {
        this.#timers.delete(timer);
        this.#arm();
      },
    };
  }

  after(milliseconds: number, run: () => void): Timer {
    return this.at(this.now() + milliseconds, run);
  }

  async busy<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy === 0) this.#wall = performance.now();
    this.#busy += 1;
    this.#arm();
    try {
      return await work();
    } finally {
      this.#time += this.#busy === 1 ? performance.now() - this.#wall : 0;
      this.#busy -= 1;
      this.#arm();
      if (this.#busy === 0) for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  async idle(): Promise<void> {
    do {
      if (this.#busy > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      // Twice, because the first may come before the event loop has polled for what is ready on its sockets.
      await setImmediate();
      await setImmediate();
    } while (this.#busy > 0);
  }

  async advanceTo(time: number): Promise<void> {
    await this.idle();
    while (this.#fireNext(time)) await this.idle();
    this.#moveTo(time);
  }

  skip(milliseconds: number): void {
    const until = this.now() + milliseconds;
    while (this.#fireNext(until));
    this.#moveTo(until);
  }

  #fireNext(until: number): boolean {
    const timer = this.#timers.takeDue(until);
    if (timer === undefined) return false;
    this.#moveTo(timer.time);
    timer.run();
    return true;
  }

  #moveTo(time: number): void {
    if (time <= this.now()) return;
    this.#time = time;
    this.#wall = performance.now();
    this.#arm();
  }

  /** While something is busy the next timer fires when the wall says so; otherwise it waits to be driven. */
  #arm(): void {
    clearTimeout(this.#timeout);
    const next = this.#timers.next();
    if (this.#busy === 0 || next === undefined) return;
    // A timer far ahead is armed again when the longest time-out Node knows has passed.
    this.#timeout = setTimeout(() => this.#fireDue(), Math.min(Math.max(next - this.now(), 0), 2 ** 31 - 1));
  }

  #fireDue(): void {
    try {
      while (this.#fireNext(this.now()));
    } finally {
      this.#arm();
    }
  }
}
