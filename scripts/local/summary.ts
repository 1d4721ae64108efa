import type { JobEvent, JobRun } from './job-runs.ts';

/** A job of the story with the last event it logged. */
export interface ToldRun extends JobRun {
  readonly event?: JobEvent;
}

/** One day on the driven clock. */
export interface Day {
  readonly day: number;
  /** ISO 8601 date. */
  readonly date: string;
  readonly feed: 'new' | 'unchanged' | 'changed';
  readonly runs: readonly ToldRun[];
  /** What the destination received on this day. */
  readonly records: number;
  readonly bytes: number;
}

/** What `npm start` leaves behind: printed with --json, and written to summary.json. */
export interface Summary {
  readonly version: 1;
  readonly outcome: 'succeeded' | 'failed';
  /** Why the outcome is `failed`; empty otherwise. */
  readonly problems: readonly string[];
  readonly resources: number;
  readonly days: readonly Day[];
  readonly output: { readonly directory: string; readonly records: number; readonly bytes: number };
  readonly milliseconds: number;
}

/**
 * What is wrong with a day, in sentences; nothing when it went as the pipeline promises: a new or changed feed is
 * published and consumed, an unchanged one starts nothing downstream.
 */
export function problemsOf(day: Day, watcher: string, consumer: string): string[] {
  const watched = day.runs.filter((run) => run.jobDefinition === watcher);
  const consumed = day.runs.filter((run) => run.jobDefinition === consumer);
  const failed = day.runs
    .filter((run) => run.status !== 'SUCCEEDED')
    .map((run) => `day ${day.day}: job ${run.jobName} is ${run.status}${run.reason === undefined ? '' : ` (${run.reason})`}`);
  if (failed.length > 0) return failed;
  if (watched.length !== 1) return [`day ${day.day}: ${watched.length} watcher jobs ran, expected 1`];
  const expected = day.feed === 'unchanged' ? 0 : 1;
  if (consumed.length !== expected)
    return [`day ${day.day}: the feed is ${day.feed}, yet ${consumed.length} consumer jobs ran, expected ${expected}`];
  const promised = expected === 0 ? 0 : watched[0]?.event?.['records'];
  if (day.records !== promised)
    return [`day ${day.day}: the watcher found ${String(promised)} records, the destination received ${day.records}`];
  return [];
}
