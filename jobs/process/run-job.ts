import { ContractError } from '../messages/json-fields.ts';
import { isOfAws } from './aws-errors.ts';
import { JobError, LeftUndone, reasonOf } from './job-error.ts';
import type { Log } from './log.ts';

/** What a process ended by SIGTERM answers by convention: 128 + 15. */
export const terminated = 143;

/** Fields of the error event that say which feed the job is about: as much as is known when it fails. */
type Subject = Readonly<Record<string, unknown>>;

/**
 * Runs a job to its exit code: its own when it returns, 1 with one error event when it throws. Errors that are not the
 * operator's and come from no service keep their stack. The job tells what it is `about` as soon as it knows.
 */
export async function runJob(log: Log, job: (about: (subject: Subject) => void) => Promise<number>): Promise<number> {
  let known: Subject = {};
  try {
    return await job((subject) => {
      known = subject;
    });
  } catch (error) {
    log('job failed', { error: reasonOf(error), ...known, ...detailsOf(error) });
    return 1;
  }
}

function detailsOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof LeftUndone) return detailsOf(error.first);
  if (error instanceof JobError) return error.details;
  if (error instanceof ContractError || !(error instanceof Error)) return {};
  if (isOfAws(error)) return { name: error.name, requestId: error.$metadata.requestId };
  return { name: error.name, stack: error.stack };
}
