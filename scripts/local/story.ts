import { GetQueueAttributesCommand, paginateListQueues, type SQSClient } from '@aws-sdk/client-sqs';
import { names } from '../config/names.ts';
import type { DrivenClock } from '../local-aws/runtime/driven-clock.ts';
import { firingsSince } from './firings.ts';
import { hasEnded, type JobRun, jobRunsSince, lastEvent, logTail } from './job-runs.ts';
import type { Cast, Day, ToldRun } from './summary.ts';
import type { System } from './system.ts';

/** Milliseconds. */
export const oneDay = 24 * 60 * 60 * 1_000;
/** Milliseconds of real time between two looks at the jobs while a day passes. */
const interval = 100;
/** How many lines of a failed job's log are told. */
const tail = 20;

/** What may be shown while a day passes. */
export interface Watching {
  /** All jobs of the day, whenever they were looked at, and how many records have arrived. */
  onJobs(runs: readonly JobRun[], records: number): void;
}

export const castOf = ({ environment }: System): Cast => ({
  watcher: names.jobDefinition(environment.loaded.site, 'feed-watcher'),
  consumer: names.jobDefinition(environment.loaded.site, 'feed-consumer'),
  type: environment.loaded.environment.variables['feedType'] ?? '',
});

/** Lets one day pass on the driven clock, from midnight to midnight, and tells what happened in it. */
export async function liveThrough(
  system: System,
  clock: DrivenClock,
  { day, feed, begins }: Pick<Day, 'day' | 'feed' | 'begins'>,
  watching: Watching,
): Promise<Day> {
  const { destination, environment } = system;
  const { aws, loaded } = environment;
  const before = destination.received();
  const look = async (): Promise<JobRun[]> => {
    const runs = await jobRunsSince(aws.batch, queuesOf(system), begins);
    watching.onJobs(runs, destination.received().records - before.records);
    return runs;
  };
  await whileLooking(clock.advanceTo(begins + oneDay), look);
  const runs = await look();
  const after = destination.received();
  return {
    day,
    begins,
    feed,
    firings: await firingsSince(aws.logs, `/aws/lambda/${names.function(loaded.site, 'schedule-to-batch')}`, begins),
    runs: await Promise.all(runs.map((run) => told(system, run))),
    deadLetters: await lettersIn(aws.sqs, loaded.site.prefix),
    delivered: { records: after.records - before.records, bytes: after.bytes - before.bytes },
  };
}

const queuesOf = ({ environment: { loaded } }: System): string[] =>
  Object.keys(loaded.config.jobQueues).map((name) => names.jobQueue(loaded.site, name));

async function whileLooking(work: Promise<void>, look: () => Promise<unknown>): Promise<void> {
  const finished = work.then(() => 'finished' as const);
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const next = new Promise<'look'>((resolve) => {
      timer = setTimeout(() => resolve('look'), interval);
    });
    const came = await Promise.race([finished, next]).finally(() => clearTimeout(timer));
    if (came === 'finished') return;
    await look();
  }
}

async function told({ environment: { aws } }: System, run: JobRun): Promise<ToldRun> {
  const event = await lastEvent(aws.logs, run);
  const failed = hasEnded(run) && run.status === 'FAILED';
  return {
    ...run,
    ...(event !== undefined && { event }),
    ...(failed && { logTail: await logTail(aws.logs, run, tail) }),
  };
}

async function lettersIn(sqs: SQSClient, prefix: string): Promise<number> {
  let letters = 0;
  for await (const { QueueUrls } of paginateListQueues({ client: sqs }, { QueueNamePrefix: `${prefix}-` }))
    for (const QueueUrl of QueueUrls ?? []) {
      const request = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessages' as const] };
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand(request));
      letters += Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
    }
  return letters;
}
