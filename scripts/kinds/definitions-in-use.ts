import { paginateListJobs } from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { atOnce, mapConcurrently } from '../aws/concurrency.ts';
import { found } from '../aws/errors.ts';
import type { Loss } from '../reconcile/kind.ts';
import { isGone } from './batch-status.ts';
import { queueArns } from './job-listing.ts';

const finished: ReadonlySet<string | undefined> = new Set(['SUCCEEDED', 'FAILED']);

/** A queue may have gone since it was listed, and its jobs with it. */
const usedIn = async (aws: Aws, jobQueue: string, definition: string): Promise<string[]> =>
  (await found(unfinishedIn(aws, jobQueue, definition), isGone)) ?? [];

/** With a filter, ListJobs leaves no state out. */
async function unfinishedIn(aws: Aws, jobQueue: string, definition: string): Promise<string[]> {
  const used: string[] = [];
  const filters = [{ name: 'JOB_DEFINITION', values: [definition] }];
  for await (const { jobSummaryList = [] } of paginateListJobs({ client: aws.batch }, { jobQueue, filters })) {
    aws.signal.throwIfAborted();
    for (const { status, jobDefinition } of jobSummaryList) {
      if (!finished.has(status) && jobDefinition !== undefined) used.push(jobDefinition);
    }
  }
  return used;
}

/** The unfinished jobs of a definition, counted: what they run as goes with it. */
export async function jobsOf(aws: Aws, definition: string): Promise<Loss | undefined> {
  const queues = await queueArns(aws);
  const { length } = (await mapConcurrently(queues, atOnce, (queue) => usedIn(aws, queue, definition))).flat();
  return length === 0
    ? undefined
    : { what: `${length} unfinished ${length === 1 ? 'job' : 'jobs'} of it`, permit: 'jobs' };
}

/** The ARNs of the revisions of a definition that unfinished jobs were submitted with, whichever their queue. */
export async function definitionsInUse(aws: Aws, definition: string): Promise<ReadonlySet<string>> {
  const queues = await queueArns(aws);
  return new Set((await mapConcurrently(queues, atOnce, (queue) => usedIn(aws, queue, definition))).flat());
}
