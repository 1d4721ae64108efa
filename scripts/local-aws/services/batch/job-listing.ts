import type { KeyValuesPair } from '@aws-sdk/client-batch';
import { sizeOf } from './container-properties.ts';
import { clientException, refused } from './errors.ts';
import { jobDetail, jobSummary } from './job-detail.ts';
import { findQueue } from './job-queues.ts';
import { page } from './paging.ts';
import type { BatchHandlers, BatchState, Job, JobQueue } from './state.ts';

const mostDescribed = 100;
const mostListed = 1000;
const mostFiltered = 100;

type Listing = Parameters<NonNullable<BatchHandlers['ListJobs']>>[0];

export function jobListingHandlers(state: BatchState): BatchHandlers {
  return {
    DescribeJobs({ jobs }) {
      if (jobs.length > mostDescribed) throw refused(`Maximum number of jobs supported is  ${mostDescribed}`);
      return { jobs: jobs.flatMap((id) => foundJob(state, id) ?? []).map(jobDetail) };
    },

    ListJobs(input) {
      const filters = input.filters ?? [];
      if (filters.length > 1) throw refused('Only one filter can be used at a time');
      const [filter] = filters;
      const most = filter === undefined ? mostListed : mostFiltered;
      const { items, nextToken } = page(
        filter === undefined ? byStatus(state, input) : filtered(state, input, filter),
        input,
        most,
      );
      return { jobSummaryList: items.map(jobSummary), nextToken };
    },

    GetJobQueueSnapshot({ jobQueue }) {
      const queue = findQueue(state, jobQueue);
      if (queue === undefined) throw clientException(`${jobQueue} does not exist`);
      const lastUpdatedAt = state.world.clock.now();
      return {
        frontOfQueue: {
          jobs: queue.runnable
            .slice(0, 100)
            .map(({ arn, positionedAt }) => ({ jobArn: arn, earliestTimeAtPosition: positionedAt })),
          lastUpdatedAt,
        },
        queueUtilization: {
          totalCapacityUsage: [{ capacityUnit: 'VCPU', quantity: vcpusInUse(state, queue) }],
          lastUpdatedAt,
        },
      };
    },
  };
}

const foundJob = (state: BatchState, reference: string): Job | undefined =>
  state.jobs.get(reference.slice(reference.lastIndexOf('/') + 1));

const vcpusInUse = (state: BatchState, queue: JobQueue): number =>
  [...state.jobs.values()]
    .filter(
      (job) =>
        job.queue === queue && (job.status === 'STARTING' || job.status === 'RUNNING') && job.array === undefined,
    )
    .reduce((sum, job) => sum + sizeOf(job.container).vcpus, 0);

/** The jobs a listing is about, the latest first. */
function listed(state: BatchState, { jobQueue, arrayJobId, multiNodeJobId }: Listing): Job[] {
  const given = [jobQueue, arrayJobId, multiNodeJobId].filter((each) => each !== undefined);
  if (given.length !== 1) throw refused('exactly one of jobQueue, arrayJobId and multiNodeJobId must be given');
  if (arrayJobId !== undefined) return [...(state.jobs.get(arrayJobId)?.array?.children ?? [])];
  if (jobQueue === undefined) return [];
  const queue = findQueue(state, jobQueue);
  if (queue === undefined) throw clientException(`JobQueue ${jobQueue} not found`);
  return [...state.jobs.values()].filter((job) => job.queue === queue && job.child === undefined).reverse();
}

/** "If you don't specify a status, only RUNNING jobs are returned." */
const byStatus = (state: BatchState, input: Listing): Job[] =>
  listed(state, input).filter(({ status }) => status === (input.jobStatus ?? 'RUNNING'));

/** With a filter the status counts for SHARE_IDENTIFIER only, and children of arrays are not filtered. */
function filtered(state: BatchState, input: Listing, { name, values = [] }: KeyValuesPair): Job[] {
  const [value = ''] = values;
  const jobs = listed(state, input);
  if (input.arrayJobId !== undefined) return jobs;
  switch (name) {
    case 'JOB_NAME':
      return jobs.filter((job) => matches(value.toLowerCase(), job.name.toLowerCase()));
    case 'JOB_DEFINITION':
      return jobs.filter(({ definition }) =>
        value.startsWith('arn:') ? definition.arn === value : matches(value, definition.name),
      );
    case 'BEFORE_CREATED_AT':
      return jobs.filter((job) => job.createdAt < Number(value));
    case 'AFTER_CREATED_AT':
      return jobs.filter((job) => job.createdAt > Number(value));
    case 'SHARE_IDENTIFIER':
      return jobs.filter(
        (job) =>
          matches(value, job.shareIdentifier ?? '') &&
          (input.jobStatus === undefined || job.status === input.jobStatus),
      );
    default:
      throw refused(
        `filter ${name} is not one of JOB_NAME, JOB_DEFINITION, BEFORE_CREATED_AT, AFTER_CREATED_AT, SHARE_IDENTIFIER`,
      );
  }
}

const matches = (pattern: string, text: string): boolean =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
