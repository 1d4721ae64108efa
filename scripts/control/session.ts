import { countCalls } from './calls.ts';
import { type OpenEnvironment, openEnvironment } from './environment.ts';
import { interruptedCode, listenForInterruption } from './interruption.ts';
import type { CommonFlags } from './options.ts';
import { loadOptionsOf } from './options.ts';
import { saying } from './reading.ts';

const telling = (environment: OpenEnvironment): OpenEnvironment => ({
  ...environment,
  plan: () => saying('comparing config with what is there', environment.plan()),
  removal: () => saying('reading what is there', environment.removal()),
});

/**
 * Opens the environment that the command line names, and closes it after the work. Calls are told on standard error,
 * which no program reads.
 */
export async function withEnvironment(
  flags: CommonFlags,
  work: (environment: OpenEnvironment) => Promise<void>,
  listen = listenForInterruption,
): Promise<void> {
  using interruption = listen();
  const { signal } = interruption;
  const calls = countCalls();
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  try {
    const options = { ...loadOptionsOf(flags), endpoint, signal };
    const environment = await saying(
      'asking AWS who is calling',
      openEnvironment({ ...options, onCall: calls.onCall }),
    );
    await work(telling(environment)).finally(() => environment.close());
  } catch (error) {
    if (signal.aborted) process.exitCode = interruptedCode;
    throw error;
  } finally {
    if (flags.verbose) console.error(calls.render());
  }
}
