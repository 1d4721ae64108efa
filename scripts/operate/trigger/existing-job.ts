import { TerminateJobCommand } from '@aws-sdk/client-batch';
import { names } from '../../config/names.ts';
import type { OpenEnvironment } from '../../control/environment.ts';
import { holderName } from '../../control/holder.ts';
import { PlanError } from '../../reconcile/errors.ts';
import { describedJobs, hasEnded, type Job } from '../job.ts';
import { howToGoOn, type Run } from './run.ts';

/** A job of this environment. Throws PlanError for any other. */
export async function ownJob({ loaded: { site, config }, aws }: OpenEnvironment, id: string): Promise<Job> {
  const [job] = await describedJobs(aws, [id]);
  if (job === undefined) {
    throw new PlanError([`looking for job ${id}: there is none; Batch keeps those that have ended for about 7 days`]);
  }
  const queues = Object.keys(config.jobQueues).map((entry) => names.jobQueue(site, entry));
  if (queues.includes(job.queue)) return job;
  throw new PlanError([
    `looking for job ${id}: it is in queue "${job.queue}", which is none of ${site.environment}'s; choose another --environment`,
  ]);
}

/** Ends a job in whatever state it is. */
export async function terminate({ environment: { aws } }: Run, id: string): Promise<void> {
  const reason = `terminated by hand: ${holderName()}`;
  await aws.batch.send(new TerminateJobCommand({ jobId: id, reason }));
}

/** Asks AWS to end a job, and does not wait for it. */
export async function stop(run: Run, id: string): Promise<void> {
  const job = await ownJob(run.environment, id);
  if (hasEnded(job)) {
    run.display.line(`job ${id} is ${job.status} already`);
    return;
  }
  await terminate(run, id);
  run.display.line(
    `terminating ${job.name}, which is ${job.status}: what runs is sent SIGTERM, and SIGKILL 30 s later`,
  );
  run.display.line(howToGoOn(run, id)[0] ?? '');
}
