import { type ComputeEnvironmentDetail, DescribeJobsCommand, type JobDetail } from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { mapConcurrently } from '../aws/concurrency.ts';
import { settle, type Waiter } from '../aws/waiting.ts';
import { queueArns, startedJobs } from './job-listing.ts';

const isStarted = ({ status }: JobDetail): boolean => status === 'STARTING' || status === 'RUNNING';

/** `CLUSTER` of `arn:…:task/CLUSTER/ID` and of `arn:…:container-instance/CLUSTER/ID`. */
const clusterIn = (arn: string | undefined): string | undefined => arn?.split('/').at(-2);

/** The ECS clusters that a job's containers are in. One on EKS is in none. */
const clustersOf = ({ container, ecsProperties }: JobDetail): readonly string[] =>
  [container, ...(ecsProperties?.taskProperties ?? [])].flatMap(
    (task) => clusterIn(task?.taskArn) ?? clusterIn(task?.containerInstanceArn) ?? [],
  );

/** A job that has just been given its place does not say yet which it is. */
const mayRunIn =
  (cluster: string | undefined) =>
  (job: JobDetail): boolean => {
    const clusters = clustersOf(job);
    const isUnplaced = clusters.length === 0 && job.status === 'STARTING' && job.eksProperties === undefined;
    return isStarted(job) && (isUnplaced || clusters.some((each) => each === cluster));
  };

/** DescribeJobs takes 100 ids. */
const pagesOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / 100) }, (_, page) => ids.slice(page * 100, page * 100 + 100));

async function describe(aws: Aws, ids: readonly string[]): Promise<JobDetail[]> {
  const pages = await mapConcurrently(pagesOf(ids), 4, async (jobs) => {
    aws.signal.throwIfAborted();
    return (await aws.batch.send(new DescribeJobsCommand({ jobs }))).jobs ?? [];
  });
  return pages.flat();
}

function running(jobs: readonly JobDetail[]): string | undefined {
  const [first, ...more] = jobs;
  if (first === undefined) return undefined;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return `running job "${first.jobName}" (${first.jobId})${others}`;
}

/**
 * Waits until no job runs on a disabled compute environment, whichever queue it came from. One on Fargate that is deleted
 * under its jobs becomes INVALID. Nothing starts on it any more, so only the jobs found first are looked at again.
 * https://docs.aws.amazon.com/batch/latest/APIReference/API_DeleteComputeEnvironment.html
 */
export async function untilDrained(
  aws: Aws,
  waiter: Waiter,
  { computeEnvironmentName, ecsClusterArn }: ComputeEnvironmentDetail,
): Promise<void> {
  const isOurs = mayRunIn(ecsClusterArn?.split('/').at(-1));
  const started = await mapConcurrently(await queueArns(aws), 8, (queue) => startedJobs(aws, queue));
  let ids = started.flat();
  await settle(aws.pace, waiter, {
    what: `compute environment "${computeEnvironmentName}"`,
    read: async () => {
      const jobs = (await describe(aws, ids)).filter(isOurs);
      ids = jobs.flatMap(({ jobId }) => jobId ?? []);
      return jobs;
    },
    pending: running,
  });
}
