import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DrivenClock } from '../local-aws/runtime/driven-clock.ts';
import { deploy } from './deploy.ts';
import { hasEnded, type JobRun } from './job-runs.ts';
import { renderDayHead, renderFailure, renderJob, renderSummary, renderUnderWay } from './report.ts';
import { sampleFeed } from './sample-feed.ts';
import type { Stage } from './stage.ts';
import { castOf, liveThrough, oneDay } from './story.ts';
import { type Day, problemsOf, type Summary } from './summary.ts';
import { type System, startSystem } from './system.ts';

export interface StartOptions {
  /** A file (XML or gzip) or an http(s) URL; the sample feed when absent. */
  readonly feed?: string;
  readonly recordTag?: string;
  readonly type?: string;
  readonly output: string;
}

const isUrl = (feed: string): boolean => /^https?:\/\//.test(feed);

interface PlannedDay extends Pick<Day, 'day' | 'feed' | 'begins'> {
  /** The version of the sample feed that is there from this day on. */
  readonly sample?: 1 | 3;
}

/** Days from midnight to midnight. The sample feed changes on day 3; a feed that is given stays as it is. */
function daysFor(feed: string | undefined, now: number): readonly PlannedDay[] {
  const begins = (day: number): number => Math.floor(now / oneDay) * oneDay + (day - 1) * oneDay;
  if (feed !== undefined)
    return [
      { day: 1, feed: 'new', begins: begins(1) },
      { day: 2, feed: 'unchanged', begins: begins(2) },
    ];
  return [
    { day: 1, feed: 'new', begins: begins(1), sample: 1 },
    { day: 2, feed: 'unchanged', begins: begins(2) },
    { day: 3, feed: 'changed', begins: begins(3), sample: 3 },
  ];
}

/** The system that a story is played in: nothing is applied yet, and all its ports are free ones. */
export const startStorySystem = (
  { output, feed, type, recordTag }: StartOptions,
  clock: DrivenClock,
): Promise<System> =>
  startSystem({
    clock,
    output,
    ...(feed !== undefined && isUrl(feed) && { feedUrl: feed }),
    ...(type !== undefined && { feedType: type }),
    ...(recordTag !== undefined && { recordTag }),
  });

/** Plays the pipeline through its days, telling them on the stage. The system is still up when the story is over. */
export async function playStory(
  system: System,
  clock: DrivenClock,
  { feed }: StartOptions,
  stage: Stage,
): Promise<Summary> {
  stage.line(`the embedded AWS listens on ${system.aws.endpoint}`);
  const applied = await deploy(system, stage);
  const { days, problems } = await playDays(system, clock, feed, stage);
  const { records, bytes } = system.destination.received();
  return {
    version: 1,
    outcome: problems.length === 0 ? 'succeeded' : 'failed',
    problems,
    applied,
    days,
    delivered: { records, bytes, file: system.destination.file },
    milliseconds: Math.round(performance.now()),
  };
}

/** Tells the whole story once more, in short, and leaves it in the output folder. */
export async function conclude(summary: Summary, { output }: StartOptions, stage: Stage): Promise<void> {
  await writeFile(join(output, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
  for (const run of summary.days.flatMap(({ runs }) => runs))
    if (run.logTail !== undefined) stage.line(`\n${renderFailure(run)}`);
  stage.line(`\n${renderSummary(summary)}`);
}

/** One day after the other; a bad day is the last. */
async function playDays(system: System, clock: DrivenClock, feed: string | undefined, stage: Stage) {
  const days: Day[] = [];
  if (feed !== undefined && !isUrl(feed)) system.feed.serve(resolve(feed));
  for (const planned of daysFor(feed, clock.now())) {
    if (planned.sample !== undefined) system.feed.serve(sampleFeed(planned.sample));
    stage.line(`\n${renderDayHead(planned)}`);
    const day = await liveThrough(system, clock, planned, { onJobs: jobsOn(stage) });
    stage.frame([]);
    days.push(day);
    const problems = problemsOf(day, castOf(system));
    if (problems.length > 0) return { days, problems };
  }
  return { days, problems: [] };
}

/** Tells each job once it runs and once it has ended; a terminal sees in between what is under way. */
function jobsOn(stage: Stage): (runs: readonly JobRun[], records: number) => void {
  const told = new Set<string>();
  return (runs, records) => {
    for (const run of runs) {
      const isNews = hasEnded(run) || (run.status === 'RUNNING' && !stage.live);
      if (isNews && !told.has(`${run.jobId} ${run.status}`)) stage.line(renderJob(run));
      if (isNews) told.add(`${run.jobId} ${run.status}`);
    }
    stage.frame(renderUnderWay(runs, records));
  };
}
