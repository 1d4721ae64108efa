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

/** setTimeout fires at once when it is asked to wait longer than a signed 32-bit number of milliseconds. */
const longestTimeout = 2 ** 31 - 1;

/**
 * The time of the wall. Timers may lie any time ahead, and do not keep the process alive: its server's socket does. An
 * exception in a timer is an uncaught exception of the process.
 */
export function realClock(): Clock {
  const at = (time: number, run: () => void): Timer => {
    let timeout: NodeJS.Timeout;
    const wait = (): void => {
      const left = time - Date.now();
      timeout = setTimeout(() => (Date.now() >= time ? run() : wait()), Math.min(Math.max(left, 0), longestTimeout));
      timeout.unref();
    };
    wait();
    return { cancel: () => clearTimeout(timeout) };
  };
  return {
    now: () => Date.now(),
    at,
    after: (milliseconds, run) => at(Date.now() + milliseconds, run),
    busy: (work) => work(),
  };
}
