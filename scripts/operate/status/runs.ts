import { paginateListJobs } from '@aws-sdk/client-batch';
import type { Aws } from '../../aws/clients.ts';
import { mapConcurrently } from '../../aws/concurrency.ts';
import { isError } from '../../aws/errors.ts';
import { describedJobs, hasEnded, type Job } from '../job.ts';
import { logTail } from '../job-log.ts';
import { isByHand } from '../job-names.ts';
import { type Source, sourceOf } from './sources.ts';

/** What a job logged last: one JSON object an event. */
interface Last {
  readonly event?: string | undefined;
  readonly records?: number | undefined;
  readonly error?: string | undefined;
  /** A command that publishes what the job held; SCHEDULE and ENVIRONMENT stand for names, which a job cannot know. */
  readonly accept?: string | undefined;
}

/** The command that publishes all the same what the job of a schedule held, where it held something. */
export const acceptCommand = (
  accept: string | undefined,
  { kind, name }: Source,
  environment: string,
): string | undefined =>
  kind === 'schedule' ? accept?.replace('SCHEDULE', name).replace('ENVIRONMENT', environment) : undefined;

/** A job that has ended. */
export interface Run extends Last {
  readonly job: Job;
  readonly byHand: boolean;
}

export interface Ran {
  readonly source: Source;
  /** The latest first. */
  readonly runs: readonly Run[];
}

/** Jobs of other sources may bear names that begin alike: so many pages are read for those that are wanted. */
const mostPages = 5;
/** Of an array of no more children, what they say is added up. */
const fewChildren = 10;

/** The ids of the latest jobs of a source that have ended. With a filter ListJobs tells of all states, the latest first. */
async function latest({ batch }: Aws, sources: readonly Source[], source: Source, count: number): Promise<string[]> {
  const filters = [{ name: 'JOB_NAME', values: [`${source.base}*`] }];
  const ids: string[] = [];
  let pages = 0;
  try {
    for await (const page of paginateListJobs({ client: batch }, { jobQueue: source.queue, filters })) {
      for (const { jobId, jobName = '', status } of page.jobSummaryList ?? []) {
        const isEnded = status === 'SUCCEEDED' || status === 'FAILED';
        if (jobId !== undefined && isEnded && sourceOf(sources, jobName) === source) ids.push(jobId);
      }
      pages += 1;
      if (ids.length >= count || pages >= mostPages) break;
    }
  } catch (error) {
    if (!isError(error, 'ClientException', /not (found|exist)|does not exist/i)) throw error;
  }
  return ids.slice(0, count);
}

function lastOf(line: string): Last {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return {};
    const said = new Map<string, unknown>(Object.entries(value));
    const text = (name: string): string | undefined => {
      const found = said.get(name);
      return typeof found === 'string' ? found : undefined;
    };
    const records = said.get('records');
    return {
      event: text('event'),
      records: typeof records === 'number' ? records : undefined,
      error: text('error'),
      accept: text('accept'),
    };
  } catch (error) {
    // A job may log what it likes.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

async function lastSaid({ logs }: Aws, { logGroup, attempts, stream }: Job): Promise<Last> {
  const name = attempts.at(-1)?.stream ?? stream;
  const [line] = name === undefined ? [] : await logTail(logs, { group: logGroup, name }, 1);
  return line === undefined ? {} : lastOf(line);
}

/** What the children of an array say together; of a large one nothing, as that would be a request for each. */
async function saidBy(aws: Aws, job: Job): Promise<Last> {
  const { children } = job;
  if (children === undefined) return lastSaid(aws, job);
  if (children.size > fewChildren) return {};
  const ids = Array.from({ length: children.size }, (_, index) => `${job.id}:${index}`);
  const said = await mapConcurrently(await describedJobs(aws, ids), 4, (child) => lastSaid(aws, child));
  const counts = said.flatMap(({ records }) => records ?? []);
  const events = new Set(said.flatMap(({ event }) => event ?? []));
  return {
    event: events.size === 1 ? [...events][0] : undefined,
    records: counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0),
  };
}

/** The latest runs of each source. */
export async function latestRuns(aws: Aws, sources: readonly Source[], count: number): Promise<Ran[]> {
  const ids = await mapConcurrently(sources, 4, (source) => latest(aws, sources, source, count));
  const jobs = new Map((await describedJobs(aws, ids.flat())).map((job) => [job.id, job]));
  return mapConcurrently(sources, 4, async (source): Promise<Ran> => {
    const ended = (ids[sources.indexOf(source)] ?? []).flatMap((id) => jobs.get(id) ?? []).filter(hasEnded);
    const runs = await mapConcurrently(ended, 2, async (job) => ({
      job,
      byHand: isByHand(job.name),
      ...(await saidBy(aws, job)),
    }));
    return { source, runs };
  });
}
