import {
  type ComputeEnvironmentDetail,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  GetJobQueueSnapshotCommand,
  type JobQueueDetail,
} from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { mapConcurrently } from '../aws/concurrency.ts';
import { names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import { startedJobs } from '../kinds/job-listing.ts';
import { describedJobs, hasEnded, type Job } from './job.ts';
import { counted } from './wording.ts';

/** What decides whether a job of a queue can start. */
export interface QueueSituation {
  readonly queue: JobQueueDetail;
  readonly environments: readonly ComputeEnvironmentDetail[];
  /** The ids of the jobs that are next, the first at most a hundred. */
  readonly next: readonly string[];
  /** The first of them. */
  readonly first?: Job | undefined;
  /** Those that have a container, or are about to, in this queue and in those that share its compute environments. */
  readonly started: readonly Job[];
}

/** Names in AWS of a queue and of those that have a compute environment in common with it. */
function sharing(site: Site, { jobQueues }: Config, queue: string): string[] {
  const own = Object.entries(jobQueues).find(([entry]) => names.jobQueue(site, entry) === queue)?.[1];
  const together = Object.entries(jobQueues).flatMap(([entry, { computeEnvironments }]) =>
    computeEnvironments.some((each) => own?.computeEnvironments.includes(each)) ? [names.jobQueue(site, entry)] : [],
  );
  return together.length === 0 ? [queue] : together;
}

/** Asked for none, Batch would describe all of the account. */
async function environmentsIn({ batch }: Aws, arns: string[]): Promise<ComputeEnvironmentDetail[]> {
  if (arns.length === 0) return [];
  const { computeEnvironments = [] } = await batch.send(
    new DescribeComputeEnvironmentsCommand({ computeEnvironments: arns }),
  );
  return computeEnvironments.filter(({ status }) => status !== 'DELETED');
}

/** `undefined` where there is no such queue any more. */
export async function situationOf(
  aws: Aws,
  site: Site,
  config: Config,
  queue: string,
): Promise<QueueSituation | undefined> {
  const { jobQueues = [] } = await aws.batch.send(new DescribeJobQueuesCommand({ jobQueues: [queue] }));
  const found = jobQueues.find(({ status }) => status !== 'DELETED');
  if (found === undefined) return undefined;
  const order = (found.computeEnvironmentOrder ?? []).flatMap(({ computeEnvironment }) => computeEnvironment ?? []);
  const [environments, { frontOfQueue }, started] = await Promise.all([
    environmentsIn(aws, order),
    aws.batch.send(new GetJobQueueSnapshotCommand({ jobQueue: queue })),
    mapConcurrently(sharing(site, config, queue), 4, (each) => startedJobs(aws, each)),
  ]);
  const next = (frontOfQueue?.jobs ?? []).map(({ jobArn = '' }) => jobArn.slice(jobArn.lastIndexOf('/') + 1));
  const [first] = next.length === 0 ? [] : await describedJobs(aws, next.slice(0, 1));
  // A hundred jobs that run are explanation enough.
  return { queue: found, environments, next, first, started: await describedJobs(aws, started.flat().slice(0, 100)) };
}

const because = (reason: string | undefined): string => (reason === undefined || reason === '' ? '' : ` (${reason})`);

const isOpen = ({ state, status }: ComputeEnvironmentDetail): boolean => state === 'ENABLED' && status === 'VALID';

function closedReasons({ queue, environments }: QueueSituation): string[] {
  const { jobQueueName, state, status, statusReason } = queue;
  const closed = environments.filter((each) => !isOpen(each));
  return [
    ...(status === 'VALID' ? [] : [`queue "${jobQueueName}" is ${status}${because(statusReason)}`]),
    ...(state === 'DISABLED' ? [`queue "${jobQueueName}" is DISABLED: it takes no new jobs`] : []),
    ...closed.map(
      (each) =>
        `compute environment "${each.computeEnvironmentName}" is ${each.state === 'ENABLED' ? '' : `${each.state} and `}${each.status}${because(each.statusReason)}`,
    ),
    ...(closed.length === environments.length ? ['so no compute environment of its queue starts jobs'] : []),
  ];
}

const most = ({ computeResources }: ComputeEnvironmentDetail): number => computeResources?.maxvCpus ?? 0;

/** Some names, and how many more. */
function some(all: readonly string[]): string {
  const shown = all.slice(0, 3);
  return all.length > shown.length ? `${shown.join(', ')} and ${all.length - shown.length} more` : shown.join(', ');
}

function capacityReasons({ environments, started }: QueueSituation, { vcpus }: Job): string[] {
  const open = environments.filter(isOpen);
  if (open.length === 0) return [];
  const largest = Math.max(...open.map(most));
  if (vcpus > largest)
    return [`it wants ${vcpus} vCPUs, and no compute environment of its queue has more than ${largest}`];
  const all = open.reduce((sum, each) => sum + most(each), 0);
  const taken = started.reduce((sum, each) => sum + each.vcpus, 0);
  if (taken + vcpus <= all) return [];
  const who = `${counted(started.length, 'job')}: ${some(started.map(({ name }) => name))}`;
  return [`it wants ${vcpus} vCPUs, and ${taken} of ${all} are taken by ${who}`];
}

/** What AWS says of a job that waits; it may still be what ended the last attempt. */
const ownReasons = ({ reason, attempts }: Job): string[] =>
  reason === '' || attempts.at(-1)?.reason.startsWith(reason) ? [] : [reason];

/** A queue gives its first job its turn first: one that cannot start holds up all that are behind it. */
function orderReasons(situation: QueueSituation, { id }: Job): string[] {
  const { next, first } = situation;
  const before = next.indexOf(id);
  if (before <= 0) return [];
  const are = `${counted(before, 'job is', 'jobs are')} before it in the queue`;
  if (first === undefined || first.id !== next[0]) return [are];
  const why = [...ownReasons(first), ...capacityReasons(situation, first)].join('; ');
  return [`${are}, the first "${first.name}" (${first.id})${why === '' ? '' : `: ${why}`}`];
}

/** Why a job is still RUNNABLE, each reason a clause of a sentence; none where it is only a matter of time. */
export const whyRunnable = (situation: QueueSituation | undefined, job: Job): string[] =>
  situation === undefined
    ? [`queue "${job.queue}" does not exist any more`]
    : [
        ...ownReasons(job),
        ...closedReasons(situation),
        ...capacityReasons(situation, job),
        ...orderReasons(situation, job),
      ];

/** Which jobs a PENDING one waits for. */
export async function whyPending(aws: Aws, { dependsOn }: Job): Promise<string[]> {
  if (dependsOn.length === 0) return [];
  const others = await describedJobs(aws, dependsOn);
  return others
    .filter((job) => !hasEnded(job))
    .map((job) => `it depends on "${job.name}" (${job.id}), which is ${job.status}`);
}
