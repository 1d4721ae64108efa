import { interruptedCode } from '../control/interruption.ts';

/** Ctrl-C, or a request from outside to end. */
export interface Stops extends Disposable {
  /** Aborts with the next one, the signal's name as its reason. */
  readonly signal: AbortSignal;
  /** Waits for another one. */
  again(): void;
}

/** From now on a signal does not end the process: what it means is asked, or said, by who listens. One more ends it at once. */
export function listenForStops(): Stops {
  let controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    // A request that is not answered would be waited for.
    if (controller.signal.aborted) process.exit(interruptedCode);
    controller.abort(signal);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    get signal() {
      return controller.signal;
    },
    again: () => {
      controller = new AbortController();
    },
    [Symbol.dispose]: () => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    },
  };
}
