import type { Firing } from './firings.ts';
import type { JobEvent, JobRun } from './job-runs.ts';

/** A job of the story, with the last event that it logged and, when it failed, the end of its log. */
export interface ToldRun extends JobRun {
  readonly event?: JobEvent;
  readonly logTail?: readonly string[];
}

/** What a day's feed is, seen from the day before. */
export type Feed = 'new' | 'unchanged' | 'changed';

/** One day on the driven clock. */
export interface Day {
  readonly day: number;
  /** Midnight, in milliseconds since the epoch. */
  readonly begins: number;
  readonly feed: Feed;
  readonly firings: readonly Firing[];
  readonly runs: readonly ToldRun[];
  /** Letters in the dead-letter queues when the day ended. */
  readonly deadLetters: number;
  /** What the destination received on this day; bytes of NDJSON. */
  readonly delivered: { readonly records: number; readonly bytes: number };
}

/** What `npm start` leaves behind: printed with --json, and written to summary.json. */
export interface Summary {
  readonly version: 1;
  readonly outcome: 'succeeded' | 'failed';
  /** Why the outcome is `failed`; empty otherwise. */
  readonly problems: readonly string[];
  readonly applied: { readonly resources: number; readonly milliseconds: number };
  readonly days: readonly Day[];
  readonly delivered: { readonly records: number; readonly bytes: number; readonly file: string };
  /** From the start of the process to the end of the last day. */
  readonly milliseconds: number;
}

/** What a day is judged by: two job definitions, by their names in AWS, and a feed. */
export interface Cast {
  readonly watcher: string;
  readonly consumer: string;
  /** The type of the feed that the story serves; a team may have other feeds beside it. */
  readonly type: string;
}

/**
 * What is wrong with a day, in sentences; nothing when it went as the pipeline promises: every job succeeds, a new or
 * changed feed is delivered whole, an unchanged one starts nothing downstream, and no letter is dead.
 */
export function problemsOf(day: Day, cast: Cast): string[] {
  const failed = day.runs.filter((run) => run.status !== 'SUCCEEDED').map(failureOf);
  if (day.deadLetters > 0) failed.push(`${day.deadLetters} messages lie in the dead-letter queues`);
  return (failed.length > 0 ? failed : brokenPromisesOf(day, cast)).map((text) => `day ${day.day}: ${text}`);
}

/** The job's own words say more than Batch's, where it had the time to say them. */
const failureOf = ({ jobName, status, event, reason = 'no reason was given' }: ToldRun): string =>
  `job ${jobName} is ${status}: ${typeof event?.['error'] === 'string' ? event['error'] : reason}`;

/** How the name of the job begins that a firing starts; a team may have schedules of its own beside the feed's. */
const startedBy = ({ jobName, at }: Firing): string =>
  `${jobName}-${new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;

const isOf = (firing: Firing, { jobName }: JobRun): boolean => jobName.startsWith(startedBy(firing));

/** An array job logs nothing: its children do. Its name has the id of what was announced. */
const isArrayOf = ({ event, jobName }: ToldRun, news: JobEvent | undefined): boolean =>
  event === undefined && typeof news?.['id'] === 'string' && jobName.includes(news['id']);

function brokenPromisesOf(day: Day, { watcher, consumer, type }: Cast): string[] {
  if (day.firings.length === 0) return ['no schedule fired'];
  const idle = day.firings.filter((firing) => !day.runs.some((run) => isOf(firing, run)));
  if (idle.length > 0) return idle.map(({ jobName }) => `a schedule fired for ${jobName}, yet no job of it ran`);
  const ofTheFeed = day.runs.filter(({ event }) => event?.['type'] === type);
  const watched = ofTheFeed.filter((run) => run.jobDefinition === watcher);
  if (watched.length === 0)
    return [
      `no ${watcher} job of the feed "${type}" ran; the type is that of --type, or feedType in config/environments/local.yaml`,
    ];
  const fired = day.firings.filter((firing) => watched.some((run) => isOf(firing, run))).length;
  if (watched.length !== fired)
    return [`${watched.length} ${watcher} jobs of the feed "${type}" ran instead of ${fired}`];
  const consumed = day.runs.filter((run) => run.jobDefinition === consumer);
  const news = watched.find(({ event }) => event?.['event'] === 'feed changed')?.event;
  const consumedOfIt = consumed.filter((run) => ofTheFeed.includes(run) || isArrayOf(run, news)).length;
  const expected = day.feed === 'unchanged' ? 0 : 1;
  if (consumedOfIt !== expected)
    return [`the feed is ${day.feed}, yet ${consumedOfIt} ${consumer} jobs ran instead of ${expected}`];
  // What other feeds bring lies in the same file, and nothing is promised of it.
  if (consumed.length !== consumedOfIt) return [];
  const found = expected === 0 ? 0 : news?.['records'];
  return found === day.delivered.records
    ? []
    : [`${watcher} found ${String(found)} records, the destination received ${day.delivered.records}`];
}
