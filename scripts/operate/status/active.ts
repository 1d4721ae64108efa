import { type JobStatus, paginateListJobs } from '@aws-sdk/client-batch';
import type { Aws } from '../../aws/clients.ts';
import { mapConcurrently } from '../../aws/concurrency.ts';
import { isError } from '../../aws/errors.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { names } from '../../config/names.ts';
import { describedJobs, type Job } from '../job.ts';
import { situationOf, whyPending, whyRunnable } from '../waiting.ts';
import { waitingChild } from '../waiting-child.ts';

/** A job that has not ended. */
export interface ActiveJob {
  readonly job: Job;
  /** The entry of its queue in config. */
  readonly queue: string;
  /** When it was submitted, or for one that runs when that began. */
  readonly since: number;
  readonly why: readonly string[];
}

const active = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'] as const satisfies readonly JobStatus[];

/** So many of each state of a queue are told of; more are counted. */
const mostOfState = 50;

/** The ids of the jobs of a queue in one state, the first ones; and whether there are more. */
async function idsIn(
  { batch }: Aws,
  jobQueue: string,
  jobStatus: JobStatus,
): Promise<{ ids: string[]; more: boolean }> {
  const pages = paginateListJobs({ client: batch, pageSize: mostOfState }, { jobQueue, jobStatus });
  try {
    const { value } = await pages.next();
    return {
      ids: (value?.jobSummaryList ?? []).flatMap(({ jobId }) => jobId ?? []),
      more: value?.nextToken !== undefined,
    };
  } catch (error) {
    // Nothing was applied yet, or the queue is being replaced.
    if (isError(error, 'ClientException', /not (found|exist)|does not exist/i)) return { ids: [], more: false };
    throw error;
  }
}

type Context = Pick<LoadedConfig, 'site' | 'config'> & { readonly aws: Aws };

/** Why jobs of one queue wait, of arrays a child; the queue is looked at once. */
async function reasonsIn(
  { aws, site, config }: Context,
  jobs: readonly Job[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const waiting = await mapConcurrently(jobs, 4, async (job) => {
    const child = job.children === undefined ? job : await waitingChild(aws, job);
    return child?.status === 'RUNNABLE' ? [{ job, child }] : [];
  });
  const [first] = waiting.flat();
  const situation = first === undefined ? undefined : await situationOf(aws, site, config, first.job.queue);
  const pending = jobs.filter(({ status, dependsOn }) => status === 'PENDING' && dependsOn.length > 0);
  const depending = await mapConcurrently(pending, 4, async (job) => [job.id, await whyPending(aws, job)] as const);
  return new Map([
    ...waiting.flat().map(({ job, child }) => [job.id, whyRunnable(situation, child)] as const),
    ...depending,
  ]);
}

/** What runs and what waits, those that run first; `more` when there is more of a state than is told of. */
export async function activeJobs(context: Context): Promise<{ jobs: readonly ActiveJob[]; more: boolean }> {
  const { aws, site, config } = context;
  const queues = Object.keys(config.jobQueues);
  let more = false;
  const found = await mapConcurrently(queues, 4, async (entry): Promise<ActiveJob[]> => {
    const listed = await Promise.all(active.map((status) => idsIn(aws, names.jobQueue(site, entry), status)));
    more ||= listed.some((each) => each.more);
    const jobs = await describedJobs(aws, [...new Set(listed.flatMap(({ ids }) => ids))]);
    const reasons = await reasonsIn(context, jobs);
    return jobs.map((job) => ({
      job,
      queue: entry,
      since: job.status === 'RUNNING' ? (job.startedAt ?? job.createdAt) : job.createdAt,
      why: reasons.get(job.id) ?? [],
    }));
  });
  const order = (job: Job): number => active.indexOf(active.find((status) => status === job.status) ?? 'SUBMITTED');
  return { jobs: found.flat().sort((a, b) => order(b.job) - order(a.job) || a.since - b.since), more };
}
