import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { drivenClock } from '../local-aws/runtime/driven-clock.ts';
import { deploy } from './deploy.ts';
import { hasEnded, type JobRun } from './job-runs.ts';
import { renderDayHead, renderFailure, renderJob, renderSummary, renderUnderWay } from './report.ts';
import { sampleFeed } from './sample-feed.ts';
import type { Stage } from './stage.ts';
import { castOf, liveThrough } from './story.ts';
import { type Day, type Feed, problemsOf, type Summary } from './summary.ts';
import { type System, startSystem } from './system.ts';

export interface StartOptions {
  /** A file (XML or gzip) or an http(s) URL; the sample feed when absent. */
  readonly feed?: string;
  readonly recordTag?: string;
  readonly type?: string;
  readonly output: string;
  /** Called once the system is there, before anything happens in it. */
  readonly onStarted?: (system: System) => void;
  /** Called when the story is over and everything is still up. */
  readonly afterwards?: (system: System) => Promise<void>;
}

const isUrl = (feed: string): boolean => /^https?:\/\//.test(feed);

/** The sample feed changes on day 3; a feed that is given stays as it is. */
const daysFor = (feed: string | undefined): readonly { readonly feed: Feed; readonly sample?: 1 | 3 }[] =>
  feed === undefined
    ? [{ feed: 'new', sample: 1 }, { feed: 'unchanged' }, { feed: 'changed', sample: 3 }]
    : [{ feed: 'new' }, { feed: 'unchanged' }];

const midnight = (): number => new Date().setUTCHours(0, 0, 0, 0);

/** Plays the pipeline through its days on the embedded AWS, telling it on the stage. Stops at the first bad day. */
export async function start(options: StartOptions, stage: Stage): Promise<Summary> {
  const begun = performance.now();
  const clock = drivenClock(midnight());
  await using system = await startSystem({
    clock,
    output: options.output,
    ...(options.feed !== undefined && isUrl(options.feed) && { feedUrl: options.feed }),
    ...(options.type !== undefined && { feedType: options.type }),
    ...(options.recordTag !== undefined && { recordTag: options.recordTag }),
  });
  options.onStarted?.(system);
  if (options.feed !== undefined && !isUrl(options.feed)) system.feed.serve(resolve(options.feed));
  stage.line(`the embedded AWS listens on ${system.aws.endpoint}`);
  const applied = await deploy(system, stage);
  const days: Day[] = [];
  const problems: string[] = [];
  for (const [index, { feed, sample }] of daysFor(options.feed).entries()) {
    if (problems.length > 0) break;
    if (sample !== undefined) system.feed.serve(sampleFeed(sample));
    stage.line(`\n${renderDayHead(index + 1, clock.now(), feed)}`);
    const day = await liveThrough(system, clock, { day: index + 1, feed }, { onJobs: jobsOn(stage) });
    stage.frame([]);
    problems.push(...problemsOf(day, castOf(system)));
    days.push(day);
  }
  const { records, bytes } = system.destination.received();
  const summary: Summary = {
    version: 1,
    outcome: problems.length === 0 ? 'succeeded' : 'failed',
    problems,
    applied,
    days,
    delivered: { records, bytes, file: system.destination.file },
    milliseconds: Math.round(performance.now() - begun),
  };
  await writeFile(join(options.output, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
  for (const run of days.flatMap(({ runs }) => runs))
    if (run.logTail !== undefined) stage.line(`\n${renderFailure(run)}`);
  stage.line(`\n${renderSummary(summary)}`);
  await options.afterwards?.(system);
  return summary;
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
