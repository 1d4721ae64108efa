import { styleText } from 'node:util';
import Table from 'cli-table3';
import { hasEnded, type JobRun } from './job-runs.ts';
import type { Day, Feed, Summary, ToldRun } from './summary.ts';

const time = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(11, 19);

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const feeds: Readonly<Record<Feed, string>> = {
  new: 'the feed is new',
  unchanged: 'the feed is unchanged',
  changed: 'the feed has changed',
};

export function renderDayHead({ day, begins, feed }: Pick<Day, 'day' | 'begins' | 'feed'>): string {
  const date = new Date(begins).toUTCString().slice(0, 16);
  return `${styleText('bold', `day ${day}`)}  ${date}  ${feeds[feed]}`;
}

function statusText(status: string): string {
  const padded = status.padEnd(9);
  if (status === 'SUCCEEDED') return styleText('green', padded);
  return styleText(status === 'FAILED' ? 'red' : 'cyan', padded);
}

const took = ({ startedAt, stoppedAt }: JobRun): string =>
  startedAt === undefined || stoppedAt === undefined ? '' : seconds(stoppedAt - startedAt);

/** One job as it is now: since when, its state, its name, and how long it ran. */
export const renderJob = (run: JobRun): string =>
  `  ${time(run.stoppedAt ?? run.startedAt ?? run.createdAt)}  ${statusText(run.status)}  ${run.jobName}  ${took(run)}`.trimEnd();

/** What is under way, for a terminal. */
export const renderUnderWay = (runs: readonly JobRun[], records: number): string[] => [
  ...runs.filter((run) => !hasEnded(run)).map(renderJob),
  ...(records > 0 ? [styleText('dim', `  ${records} records delivered`)] : []),
];

const text = (value: unknown): string => (value === undefined ? '' : String(value));

/** What a job says that it did, from its last event; why it failed stands below the table. */
const outcomeOf = ({ event, status }: ToldRun): string =>
  status === 'SUCCEEDED' ? text(event?.['event']) : status.toLowerCase();

type Row = readonly [at: number, ...cells: string[]];

function rowsOf({ day, firings, runs }: Day): Row[] {
  const fired = firings.map(({ at, jobName }): Row => [at, String(day), time(at), `rule fired for ${jobName}`]);
  const ran = runs.map((run): Row => {
    const { event } = run;
    const exit = text(run.exitCode);
    const bytes = typeof event?.['bytes'] === 'number' ? size(event['bytes']) : '';
    const counts = [exit, took(run), text(event?.['records']), bytes];
    return [
      run.createdAt,
      String(day),
      time(run.createdAt),
      run.jobName,
      run.jobId.slice(0, 8),
      ...counts,
      outcomeOf(run),
    ];
  });
  return [...fired, ...ran].sort((a, b) => a[0] - b[0]);
}

/** No lines between the columns, two spaces instead: a story is wide enough. */
const lineless = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ mid: '', 'mid-mid': '', 'left-mid': '', 'right-mid': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', middle: '  ', right: '' },
};

/** The whole story as a timeline, then where the records lie and, when it failed, why. */
export function renderSummary(summary: Summary): string {
  const table = new Table({
    head: ['day', 'time', 'what', 'id', 'exit', 'took', 'records', 'bytes', 'outcome'].map((name) =>
      styleText('dim', name),
    ),
    colAligns: ['right', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: lineless,
  });
  for (const [, ...cells] of summary.days.flatMap(rowsOf)) table.push(cells);
  const { records, bytes, file } = summary.delivered;
  const good = summary.outcome === 'succeeded';
  return [
    table.toString().replace(/ +$/gm, ''),
    '',
    `${records} records (${size(bytes)}) delivered to ${file}`,
    ...summary.problems.map((problem) => styleText('red', problem)),
    styleText(good ? 'green' : 'red', `${summary.outcome} in ${seconds(summary.milliseconds)}`),
  ].join('\n');
}

/** The end of a failed job's log. */
export const renderFailure = ({ jobName, logTail = [] }: ToldRun): string =>
  [styleText('red', `the end of the log of ${jobName}:`), ...logTail.map((line) => `  ${line}`)].join('\n');
