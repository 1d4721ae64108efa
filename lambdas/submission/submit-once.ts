import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BatchClient, type JobSummary, paginateListJobs } from '@aws-sdk/client-batch';
import type { Claim, Claims } from './claims.ts';
import type { Submission } from './submission.ts';
import { describe, Refused, submitJob } from './submit-job.ts';
import { unthrottled } from './throttling.ts';

/** Milliseconds between two looks at a claim that another invocation holds. */
const poll = 100;
/** Milliseconds kept back from the invocation's own time for an orderly failure. */
const reserve = 1_000;

export interface SubmitOnce {
  readonly batch: BatchClient;
  readonly claims: Claims;
  /** Milliseconds that this invocation has left. A claim of ours is nobody else's until then. */
  readonly remaining: () => number;
  readonly log: (fields: Readonly<Record<string, unknown>>) => void;
}

/**
 * Submits a job whose name belongs to one event, unless an earlier delivery of the event has done so; returns the job's
 * id either way. `identity` is what two deliveries of one event have in common.
 *
 * The name is claimed, the job submitted, its id written into the claim. A crash before the claim leaves nothing behind.
 * After it, the claim is free again once the crashed invocation's time is over; then ListJobs says whether it had come as
 * far as submitting. A delivery that meets a claim in use waits for its job id.
 */
export async function submitOnce(aws: SubmitOnce, submission: Submission, identity: string): Promise<string> {
  const of = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  const { jobName } = submission;
  for (let seen: Claim | undefined; aws.remaining() > reserve; seen = await aws.claims.read(jobName)) {
    if (seen !== undefined && seen.of !== of)
      throw new Error(
        `submitting ${describe(submission)}: the name is claimed by another submission; give each schedule and topic a jobName of its own`,
      );
    const step = await advance(aws, submission, of, seen);
    if (step !== undefined) return step;
  }
  throw new Error(
    `submitting ${describe(submission)}: another invocation holds the claim on its name and has not finished`,
  );
}

/** The job's id, or `undefined` when the claim has to be looked at again. */
async function advance(
  aws: SubmitOnce,
  submission: Submission,
  of: string,
  seen: Claim | undefined,
): Promise<string | undefined> {
  if (seen?.status === 'submitted') {
    // Otherwise who sends a message again by hand waits for a job that never comes.
    aws.log({ alreadySubmitted: submission.jobName, jobId: seen.jobId });
    return seen.jobId;
  }
  if (seen !== undefined) {
    const jobId = await findJob(aws.batch, submission);
    if (jobId !== undefined) {
      await aws.claims.complete(submission.jobName, of, jobId);
      return jobId;
    }
    if (seen.until > Date.now()) {
      await sleep(poll);
      return undefined;
    }
  }
  const claim = await aws.claims.take(submission.jobName, of, Date.now() + aws.remaining(), seen);
  return claim === undefined ? undefined : submitClaimed(aws, submission, claim);
}

/** A refused submission gives its claim up, so that the next attempt need not wait. One that may have worked does not. */
async function submitClaimed(aws: SubmitOnce, submission: Submission, claim: Claim): Promise<string> {
  try {
    const jobId = await submitJob(aws.batch, submission);
    await aws.claims.complete(submission.jobName, claim.of, jobId);
    return jobId;
  } catch (error) {
    if (error instanceof Refused) await aws.claims.release(submission.jobName, claim);
    throw error;
  }
}

/** The first job of this name in the queue, in whatever state: with this filter ListJobs leaves none out. */
async function findJob(batch: BatchClient, { jobName, jobQueue }: Submission): Promise<string | undefined> {
  const found = await unthrottled(async () => {
    const filters = [{ name: 'JOB_NAME', values: [jobName] }];
    const summaries: JobSummary[] = [];
    for await (const { jobSummaryList = [] } of paginateListJobs({ client: batch }, { jobQueue, filters }))
      summaries.push(...jobSummaryList.filter((job) => job.jobName === jobName));
    return summaries;
  });
  found.sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
  return found[0]?.jobId;
}
