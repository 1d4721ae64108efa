import { constants } from 'node:os';

/** Thrown where work is given up because somebody wants the process to end. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  /** What a shell sees of a process that the signal ended. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Ctrl-C, or a request from outside to end. */
export interface Interruption {
  /** Resolves when it comes. */
  readonly came: Promise<unknown>;
  /** The result of the work; throws Interrupted when that comes first, and what the work does later is not looked at. */
  unless<Result>(work: Promise<Result>): Promise<Result>;
}

/** Listens from now on. The second interruption ends the process at once. */
export function listenForInterruption(): Interruption {
  const came = new Promise<NodeJS.Signals>((resolve) => {
    let isSecond = false;
    const listener = (signal: NodeJS.Signals): void => {
      if (isSecond) process.exit(new Interrupted(signal).exitCode);
      isSecond = true;
      resolve(signal);
    };
    // The listeners stay: log-update's would end the process when it finds itself alone with a signal.
    process.on('SIGINT', listener).on('SIGTERM', listener);
  });
  const interrupted = async (): Promise<never> => {
    throw new Interrupted(await came);
  };
  return { came, unless: (work) => Promise.race([work, interrupted()]) };
}
