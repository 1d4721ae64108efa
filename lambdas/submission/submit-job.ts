import { type BatchClient, BatchServiceException, SubmitJobCommand } from '@aws-sdk/client-batch';
import type { Submission } from './submission.ts';
import { unthrottled } from './throttling.ts';

/** ECS's limit on the container overrides of a task, which Batch hands on to it. */
const overridesLimit = 8_192;

/** AWS or a limit refused the submission: there is no job. Any other failure may have made one. */
export class Refused extends Error {}

/** `job "feeds-1" to queue "feeds" with definition "feed-watcher"` */
export const describe = ({ jobName, jobQueue, jobDefinition }: Submission): string =>
  `job "${jobName}" to queue "${jobQueue}" with definition "${jobDefinition}"`;

/**
 * Submits one job and returns its id. The client must not retry by itself: SubmitJob has no client token, so a call
 * whose answer got lost may have made a job. A throttled call has not, and is repeated here.
 * Throws saying what was being submitted to what, `Refused` when there is certainly no job.
 */
export async function submitJob(batch: BatchClient, submission: Submission): Promise<string> {
  requireFittingOverrides(submission);
  try {
    const { jobId } = await unthrottled(() => batch.send(new SubmitJobCommand(submission)));
    if (jobId === undefined) throw new Error('AWS answered without a job id');
    return jobId;
  } catch (error) {
    if (error instanceof BatchServiceException && error.$fault === 'client')
      throw new Refused(`submitting ${describe(submission)}: ${error.name}: ${error.message}`, { cause: error });
    throw new Error(`submitting ${describe(submission)}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function requireFittingOverrides(submission: Submission): void {
  const size = JSON.stringify(submission.containerOverrides ?? {}).length;
  if (size <= overridesLimit) return;
  throw new Refused(
    `submitting ${describe(submission)}: its container overrides are ${size} characters, ` +
      `ECS takes at most ${overridesLimit}; put the data in S3 and send its key`,
  );
}
