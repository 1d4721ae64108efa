import { paginateListJobs, SubmitJobCommand } from '@aws-sdk/client-batch';
import type { Aws } from '../../aws/clients.ts';
import { isRefusal } from '../../aws/errors.ts';
import { isBug, PlanError, reasonOf } from '../../reconcile/errors.ts';
import type { Request } from './overlay.ts';

type Submission = Request['submission'];

/** The ids of the jobs of a name, in whatever state: with this filter ListJobs leaves none out. */
async function namedJobs({ batch }: Aws, { jobQueue, jobName }: Submission): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const filters = [{ name: 'JOB_NAME', values: [jobName] }];
  for await (const { jobSummaryList = [] } of paginateListJobs({ client: batch }, { jobQueue, filters })) {
    for (const job of jobSummaryList) if (job.jobName === jobName && job.jobId !== undefined) ids.add(job.jobId);
  }
  return ids;
}

/** A refusal says for certain that there is no job; whatever else goes wrong may have made one. */
const isCertain = (error: unknown): boolean => isRefusal(error) && '$fault' in error && error.$fault === 'client';

function nextStep(reason: string): string {
  if (reason.includes('DISABLED'))
    return '; a queue that is disabled takes no jobs: enable it where somebody disabled it';
  // Batch says so of a queue and of a definition, each in its own words.
  return /not found|does not exist/i.test(reason) ? '; apply makes what config has: npm run reconcile -- apply' : '';
}

/** Whether a queue would not take it. */
export const isDisabled = (error: unknown): boolean =>
  error instanceof PlanError && isRefusal(error.cause) && error.cause.message.includes('DISABLED');

/**
 * Submits a job once. SubmitJob has no client token: where the answer is lost, the job is looked for by its name, and
 * never submitted again. Throws PlanError where there is no job, or it is not known whether there is one.
 */
export async function submitted(aws: Aws, submission: Submission, isOwnName: boolean): Promise<string> {
  const { jobName, jobQueue, jobDefinition } = submission;
  const submitting = `submitting job "${jobName}" to queue "${jobQueue}" with definition "${jobDefinition}"`;
  // A name that was made for this job has no other.
  const before = isOwnName ? new Set() : await namedJobs(aws, submission);
  try {
    const { jobId } = await aws.submitting.send(new SubmitJobCommand(submission));
    if (jobId !== undefined) return jobId;
    throw new Error('AWS answered without a job id');
  } catch (error) {
    if (isBug(error)) throw error;
    const reason = reasonOf(error);
    if (isCertain(error)) throw new PlanError([`${submitting}: ${reason}${nextStep(reason)}`], { cause: error });
    const found = await namedJobs(aws, submission).catch((again: unknown) => {
      throw new PlanError(
        [
          `${submitting}: ${reason}; there may be a job all the same, and looking for it failed: ${reasonOf(again)}; see "npm run status" before submitting again`,
        ],
        { cause: error },
      );
    });
    const [jobId] = [...found].filter((id) => !before.has(id));
    if (jobId !== undefined) return jobId;
    throw new PlanError([`${submitting}: ${reason}; there is no such job`], { cause: error });
  }
}
