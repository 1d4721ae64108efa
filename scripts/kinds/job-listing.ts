import {
  type JobStatus,
  type JobSummary,
  ListJobsCommand,
  paginateDescribeJobQueues,
  paginateListJobs,
} from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { mapConcurrently } from '../aws/concurrency.ts';
import { found } from '../aws/errors.ts';
import { isGone } from './batch-status.ts';

/** The ARNs of all job queues of the account, whosever they are. */
export async function queueArns(aws: Aws): Promise<readonly string[]> {
  const queues: string[] = [];
  for await (const page of paginateDescribeJobQueues({ client: aws.batch }, {})) {
    aws.signal.throwIfAborted();
    for (const { jobQueueArn, status } of page.jobQueues ?? []) {
      if (jobQueueArn !== undefined && status !== 'DELETED') queues.push(jobQueueArn);
    }
  }
  return queues;
}

type Where = { readonly jobQueue: string } | { readonly arrayJobId: string };

/**
 * Jobs of one queue, or the children of one job, in one state: ListJobs tells of one at a time, RUNNING if none is named.
 * A queue that has gone since it was listed has none.
 */
const jobsIn = async (aws: Aws, where: Where, jobStatus: JobStatus): Promise<JobSummary[]> =>
  (await found(allJobs(aws, where, jobStatus), isGone)) ?? [];

async function allJobs(aws: Aws, where: Where, jobStatus: JobStatus): Promise<JobSummary[]> {
  const jobs: JobSummary[] = [];
  for await (const page of paginateListJobs({ client: aws.batch }, { ...where, jobStatus })) {
    aws.signal.throwIfAborted();
    jobs.push(...(page.jobSummaryList ?? []));
  }
  return jobs;
}

/** The ids by which DescribeJobs tells of all jobs in a queue that have a container, or are about to have one. */
export async function startedJobs(aws: Aws, jobQueue: string): Promise<readonly string[]> {
  const [started, parents] = await Promise.all([
    startedIn(aws, { jobQueue }),
    // The parent of an array waits in PENDING while its children run.
    jobsIn(aws, { jobQueue }, 'PENDING'),
  ]);
  const arrays = parents.filter(({ arrayProperties }) => arrayProperties?.size !== undefined);
  const children = await mapConcurrently(arrays, 4, ({ jobId = '' }) => startedIn(aws, { arrayJobId: jobId }));
  return [...started, ...children.flat()];
}

/** Of a job of many nodes the main one tells where they are. */
const described = ({ jobId = '', nodeProperties }: JobSummary): string =>
  nodeProperties?.numNodes === undefined ? jobId : `${jobId}#0`;

async function startedIn(aws: Aws, where: Where): Promise<string[]> {
  const started = await Promise.all([jobsIn(aws, where, 'STARTING'), jobsIn(aws, where, 'RUNNING')]);
  return started.flat().map(described);
}

const active = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'] as const satisfies readonly JobStatus[];

/** How many jobs of a queue have not ended: of each state up to a page, and whether there are more. */
export async function activeJobs(
  aws: Aws,
  jobQueue: string,
): Promise<{ readonly count: number; readonly more: boolean }> {
  const pages = await Promise.all(
    active.map((jobStatus) => found(aws.batch.send(new ListJobsCommand({ jobQueue, jobStatus })), isGone)),
  );
  return {
    count: pages.reduce((sum, page) => sum + (page?.jobSummaryList?.length ?? 0), 0),
    more: pages.some((page) => page?.nextToken !== undefined),
  };
}
