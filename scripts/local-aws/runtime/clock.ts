/** A timer that has not fired yet; cancelling one that has is harmless. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time in the embedded AWS: services never call Date.now() or setTimeout() themselves.
 * Times are milliseconds since the epoch.
 */
export interface Clock {
  now(): number;
  at(time: number, run: () => void): Timer;
  after(milliseconds: number, run: () => void): Timer;
  /**
   * Marks work that takes real time (a child process, a delivery in flight). While any is under way a driven clock does
   * not jump; it runs at the pace of the wall, so that durations are true and time-outs still strike.
   */
  busy<T>(work: () => Promise<T>): Promise<T>;
}
