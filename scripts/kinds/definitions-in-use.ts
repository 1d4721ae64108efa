import { paginateListJobs } from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { mapConcurrently } from '../aws/concurrency.ts';
import { queueArns } from './job-listing.ts';

const finished: ReadonlySet<string | undefined> = new Set(['SUCCEEDED', 'FAILED']);

/** With a filter, ListJobs leaves no state out. */
async function usedIn(aws: Aws, jobQueue: string, definition: string): Promise<string[]> {
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

/** The ARNs of the revisions of a definition that unfinished jobs were submitted with, whichever their queue. */
export async function definitionsInUse(aws: Aws, definition: string): Promise<ReadonlySet<string>> {
  const queues = await queueArns(aws);
  return new Set((await mapConcurrently(queues, 8, (queue) => usedIn(aws, queue, definition))).flat());
}
