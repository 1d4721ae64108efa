import { DescribeJobsCommand, type JobDetail, type JobStatus } from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';

/** As many as DescribeJobs takes. */
const mostAtOnce = 100;

/** One start of a job's container, counted from 1. Times are milliseconds since the epoch. */
export interface Attempt {
  readonly number: number;
  /** `undefined` where no container ran. */
  readonly exitCode?: number | undefined;
  /** Why it ended, in AWS's words. */
  readonly reason: string;
  readonly startedAt?: number | undefined;
  readonly stoppedAt?: number | undefined;
  readonly stream?: string | undefined;
}

/** A job as DescribeJobs tells of it. */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly status: JobStatus;
  /** In AWS's words: why it waits, or how it ended. */
  readonly reason: string;
  /** Names in AWS, the definition's with its revision. */
  readonly queue: string;
  readonly definition: string;
  readonly createdAt: number;
  readonly startedAt?: number | undefined;
  readonly stoppedAt?: number | undefined;
  /** Those that are over; what they are out of. */
  readonly attempts: readonly Attempt[];
  readonly mostAttempts: number;
  readonly logGroup: string;
  /** Of the attempt that is under way, from when it runs. */
  readonly stream?: string | undefined;
  readonly vcpus: number;
  readonly dependsOn: readonly string[];
  /** Of an array: how many children there are, and how many in each state. */
  readonly children?: { readonly size: number; readonly byStatus: Readonly<Record<string, number>> } | undefined;
}

export const hasEnded = ({ status }: Pick<Job, 'status'>): boolean => status === 'SUCCEEDED' || status === 'FAILED';

/** Of the last attempt that had a container. */
export const exitCodeIn = ({ attempts }: Job): number | undefined =>
  attempts.findLast(({ exitCode }) => exitCode !== undefined)?.exitCode;

/** How long a job took: from its first start, or where it never did from its submission. */
export function tookOf({ createdAt, startedAt, stoppedAt, attempts }: Job): number | undefined {
  const begun = attempts.find((attempt) => attempt.startedAt !== undefined)?.startedAt ?? startedAt ?? createdAt;
  return stoppedAt === undefined ? undefined : stoppedAt - begun;
}

const nameIn = (arn = ''): string => arn.slice(arn.lastIndexOf('/') + 1);

/** What Batch says, and what the container says of it. */
export const reasonText = (...reasons: readonly (string | undefined)[]): string =>
  [...new Set(reasons.filter((reason) => reason !== undefined && reason !== ''))].join(': ');

function attemptsOf({ attempts = [] }: JobDetail): Attempt[] {
  return attempts.map(({ container = {}, startedAt, stoppedAt, statusReason }, at) => ({
    number: at + 1,
    exitCode: container.exitCode,
    reason: reasonText(statusReason, container.reason),
    startedAt,
    stoppedAt,
    stream: container.logStreamName,
  }));
}

function vcpusOf({ resourceRequirements = [], vcpus = 0 }: NonNullable<JobDetail['container']>): number {
  const required = resourceRequirements.find(({ type }) => type === 'VCPU')?.value;
  return required === undefined ? vcpus : Number(required);
}

function jobOf(job: JobDetail): Job {
  const { container = {}, arrayProperties, dependsOn = [] } = job;
  const size = arrayProperties?.size;
  return {
    id: job.jobId ?? '',
    name: job.jobName ?? '',
    status: job.status ?? 'SUBMITTED',
    reason: job.statusReason ?? '',
    queue: nameIn(job.jobQueue),
    definition: nameIn(job.jobDefinition),
    createdAt: job.createdAt ?? 0,
    startedAt: job.startedAt,
    stoppedAt: job.stoppedAt,
    attempts: attemptsOf(job),
    mostAttempts: job.retryStrategy?.attempts ?? 1,
    // docs.aws.amazon.com/batch/latest/userguide/using_awslogs.html
    logGroup: container.logConfiguration?.options?.['awslogs-group'] ?? '/aws/batch/job',
    stream: container.logStreamName,
    vcpus: vcpusOf(container),
    dependsOn: dependsOn.flatMap(({ jobId }) => jobId ?? []),
    children: size === undefined ? undefined : { size, byStatus: arrayProperties?.statusSummary ?? {} },
  };
}

/** Jobs by their ids, in no particular order; what Batch does not know (any more) is left out. */
export async function describedJobs(aws: Aws, ids: readonly string[]): Promise<Job[]> {
  const jobs: Job[] = [];
  for (let at = 0; at < ids.length; at += mostAtOnce) {
    const answer = await aws.batch.send(new DescribeJobsCommand({ jobs: ids.slice(at, at + mostAtOnce) }));
    jobs.push(...(answer.jobs ?? []).map(jobOf));
  }
  return jobs;
}
