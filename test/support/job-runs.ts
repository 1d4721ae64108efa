import { consumeFeed } from '../../jobs/feed-consumer/consume-feed.ts';
import { type Clock, realClock } from '../../jobs/feed-consumer/delivery/clock.ts';
import type { Consumer } from '../../jobs/feed-consumer/opened-delivery.ts';
import { readSettings as readConsumerSettings } from '../../jobs/feed-consumer/settings.ts';
import type { Patience } from '../../jobs/feed-watcher/download/patience.ts';
import { readSettings as readWatcherSettings } from '../../jobs/feed-watcher/settings.ts';
import { watchFeed } from '../../jobs/feed-watcher/watch-feed.ts';
import type { Log } from '../../jobs/process/log.ts';
import { runJob } from '../../jobs/process/run-job.ts';
import type { JobEvent, JobWorld } from './job-world.ts';

/** How a job ended, with the events it logged. */
export interface RunEnd {
  readonly exitCode: number;
  readonly events: readonly JobEvent[];
  readonly last: JobEvent;
}

type Variables = Readonly<Record<string, string>>;

/** A watcher that has none: what did not go well at once has failed. */
const impatient: Partial<Patience> = { delays: [], resumptions: 0, beginnings: 1 };

/** Runs the watcher in this process, which takes a tenth of the time of one of its own. */
export async function runWatcher(world: JobWorld, variables: Variables, patience = impatient): Promise<RunEnd> {
  const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:start-feed-consumer';
  return await run(async (log) => {
    const settings = readWatcherSettings({ BUCKET: world.bucket, TOPIC_ARN, JOB_XML_TAG: 'job', ...variables });
    await watchFeed({ settings, s3: world.s3, sns: world.sns, log, patience });
  });
}

const never = new AbortController().signal;

/** Milliseconds. */
const longestWait = 20;

/** A clock that goes forward by what a wait would have taken longer; `waits` is told of each. */
export function quickClock(waits: (milliseconds: number) => void = () => {}): Clock {
  let skipped = 0;
  return {
    now: () => realClock.now() + skipped,
    wait: async (milliseconds, signal) => {
      waits(milliseconds);
      await realClock.wait(Math.min(milliseconds, longestWait), signal);
      skipped += Math.max(0, milliseconds - longestWait);
    },
  };
}

/**
 * Runs the consumer in this process; `stop` is what SIGTERM means to one of its own. It does not wait long,
 * unless a clock is given.
 */
export async function runConsumer(
  world: JobWorld,
  variables: Variables,
  stop = never,
  more: Partial<Consumer> = {},
): Promise<RunEnd> {
  return await run(async (log) => {
    const settings = readConsumerSettings({ BUCKET: world.bucket, ...variables });
    await consumeFeed({ settings, s3: world.s3, log, stop, abort: never, end: never, clock: quickClock(), ...more });
  });
}

async function run(job: (log: Log) => Promise<void>): Promise<RunEnd> {
  const events: JobEvent[] = [];
  const log: Log = (event, fields = {}) => void events.push({ ...fields, event });
  const exitCode = await runJob(log, async () => {
    await job(log);
    return 0;
  });
  return { exitCode, events, last: events.at(-1) ?? { event: 'nothing logged' } };
}
