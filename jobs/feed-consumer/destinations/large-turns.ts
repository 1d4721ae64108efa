import { setImmediate } from 'node:timers/promises';

/** The time that an answer may take. */
export interface Deadline {
  pause(): void;
  resume(): void;
}

/** Lets large answers in one after the other. */
export class LargeTurns {
  #latest: Promise<void> = Promise.resolve();

  /** Waits for those that came before, which takes nothing of the time there is; gives what ends the turn. */
  async next(deadline: Deadline): Promise<() => void> {
    const before = this.#latest;
    let end = (): void => {};
    this.#latest = new Promise((resolve) => {
      end = resolve;
    });
    deadline.pause();
    await before;
    // What the answer before said has become rejects by then.
    await setImmediate();
    deadline.resume();
    return end;
  }
}
