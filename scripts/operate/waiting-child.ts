import { paginateListJobs } from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { describedJobs, type Job } from './job.ts';

/** A child of an array that waits, where none has come further; an array itself is PENDING as long as any has not ended. */
export async function waitingChild(aws: Aws, { id: arrayJobId, children }: Job): Promise<Job | undefined> {
  const { RUNNABLE: runnable = 0, STARTING: starting = 0, RUNNING: running = 0 } = children?.byStatus ?? {};
  if (runnable === 0 || starting + running > 0) return undefined;
  const waiting = { arrayJobId, jobStatus: 'RUNNABLE', maxResults: 1 } as const;
  const { value } = await paginateListJobs({ client: aws.batch }, waiting).next();
  const [id] = (value?.jobSummaryList ?? []).flatMap(({ jobId }) => jobId ?? []);
  return id === undefined ? undefined : (await describedJobs(aws, [id]))[0];
}
