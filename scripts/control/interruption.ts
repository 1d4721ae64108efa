import { constants } from 'node:os';
import { PlanError } from '../reconcile/errors.ts';

/** What a shell sees of a process that Ctrl-C ended. */
export const interruptedCode = 128 + constants.signals.SIGINT;

interface Interruption extends Disposable {
  /** Aborts with the first. */
  readonly signal: AbortSignal;
}

/**
 * The first Ctrl-C, or request from outside to end, lets what is under way finish and begins nothing new; the second ends
 * the process at once.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(interruptedCode);
    const by = signal === 'SIGINT' ? 'Ctrl-C' : signal;
    process.stderr.write(`\nstopping after what is under way; ${by} once more ends it at once\n`);
    controller.abort(new PlanError([`stopped by ${by}`]));
  };
  // The listeners stay as long as the work: log-update's would end the process when it finds itself alone with a signal.
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    },
  };
}
