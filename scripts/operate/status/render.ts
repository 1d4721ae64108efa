import type { Site } from '../../config/names.ts';
import { pauseText, resumeCommand } from '../../control/paused.ts';
import type { Display } from '../display.ts';
import { exitCodeIn, type Job, reasonText, tookOf } from '../job.ts';
import { cut, type Row, tableLines, wrapped } from '../table.ts';
import { spanText } from '../wording.ts';
import type { ActiveJob } from './active.ts';
import type { Fire } from './fires.ts';
import type { Letters } from './letters.ts';
import type { Ran, Run } from './runs.ts';
import type { Status } from './status.ts';

/** So many columns has a terminal at the least that this is made for. */
const width = 100;
const indent = '    ';

type Paint = Display['paint'];

/** `Thu 26 Nov 03:00`, with the year where it is not near. */
function timeText(time: Date, zone: string, now: Date): string {
  const isNear = Math.abs(time.getTime() - now.getTime()) < 180 * 86_400_000;
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, weekday: 'short', day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' },
    ...(isNear ? {} : { year: 'numeric' }),
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const year = isNear ? '' : ` ${of('year')}`;
  // Some have September with four letters.
  return `${of('weekday')} ${of('day')} ${of('month').slice(0, 3)}${year} ${of('hour')}:${of('minute')}`;
}

const headIn = (paint: Paint) => (head: string) => (head === '' ? '' : paint('bold', head));

const childrenText = ({ children }: Job): string => {
  if (children === undefined) return '';
  const { SUCCEEDED: succeeded = 0, FAILED: failed = 0 } = children.byStatus;
  return `${succeeded + failed}/${children.size} children done${failed === 0 ? '' : `, ${failed} failed`}`;
};

function activeLines({ active, moreActive, at }: Status, paint: Paint): string[] {
  if (active.length === 0) return [paint('bold', 'now'), `${indent}nothing runs, and nothing waits`];
  const row = ({ job, queue, since, why }: ActiveJob): Row => ({
    cells: [job.name, queue, job.status, spanText(at.getTime() - since)],
    below: [
      paint('dim', `${indent}${reasonText(job.id, childrenText(job))}`),
      ...why.flatMap((each) => wrapped(each, width, indent)),
    ],
  });
  const columns = [
    { head: 'now', most: 58 },
    { head: 'queue', most: 16 },
    { head: 'state', most: 9 },
    { head: 'for', most: 12, isNumber: true },
  ];
  return [
    ...tableLines(columns, active.map(row), headIn(paint)),
    ...(moreActive ? [`${indent}and more that wait`] : []),
  ];
}

const sayingOf = ({ event = '', byHand }: Run): string =>
  byHand ? (event === '' ? 'by hand' : `${event}, by hand`) : event;

/** Of a run that failed: which, and why. */
function failureLines({ job, error = '' }: Run, paint: Paint): string[] {
  if (job.status !== 'FAILED') return [];
  const reason = error || job.attempts.at(-1)?.reason || job.reason;
  return wrapped(reasonText(job.id, childrenText(job), reason), width, indent).map((line) => paint('red', line));
}

function ranLines({ ran, at }: Status, paint: Paint): string[] {
  const rowsOf = ({ source, runs }: Ran): Row[] => {
    const { name } = source;
    if (runs.length === 0) return [{ cells: [name, 'nothing', '', '', '', ''] }];
    return runs.map((run, index) => {
      const { job, records } = run;
      const started = timeText(new Date(job.startedAt ?? job.createdAt), 'UTC', at);
      const code = exitCodeIn(job);
      const result = job.status === 'SUCCEEDED' || code === undefined ? job.status : `${job.status} ${code}`;
      const took = spanText(tookOf(job) ?? 0);
      return {
        cells: [
          index === 0 ? name : '',
          started,
          took,
          result,
          records === undefined ? '' : String(records),
          sayingOf(run),
        ],
        below: failureLines(run, paint),
      };
    });
  };
  const columns = [
    { head: 'ran', most: 24 },
    { head: 'started (UTC)', most: 16 },
    { head: 'took', most: 11, isNumber: true },
    { head: 'result', most: 10 },
    { head: 'records', most: 8, isNumber: true },
    { head: 'said', most: 21 },
  ];
  const isMissing = ran.some(({ runs }) => runs.length === 0);
  return [
    ...tableLines(columns, ran.flatMap(rowsOf), headIn(paint)),
    ...(isMissing ? [paint('dim', `${indent}Batch keeps jobs that have ended for about 7 days only`)] : []),
  ];
}

function fireLines({ fires, at }: Status, zone: string, paint: Paint): string[] {
  const isElsewhere = zone !== 'UTC';
  const row = ({ schedule, expression, state, next, note }: Fire): Row => {
    const times =
      next === undefined ? [] : [timeText(next, 'UTC', at), ...(isElsewhere ? [timeText(next, zone, at)] : [])];
    const local = isElsewhere ? [''] : [];
    const cells = state === 'ENABLED' ? times : [state];
    return { cells: [schedule, expression, ...[...cells, '', ...local].slice(0, 1 + local.length), note ?? ''] };
  };
  const columns = [
    { head: 'next', most: 22 },
    { head: 'when', most: 34 },
    { head: 'UTC', most: 21 },
    ...(isElsewhere ? [{ head: cut(zone, 16), most: 21 }] : []),
    { head: '', most: 21 },
  ];
  return tableLines(columns, fires.map(row), headIn(paint));
}

function letterLines({ letters }: Status, paint: Paint): string[] {
  const waiting = letters.filter(({ count }) => count > 0);
  if (waiting.length === 0) return [paint('bold', 'dead letters'), `${indent}none`];
  const row = ({ queue, count, oldest }: Letters): Row => ({
    cells: [queue, String(count), oldest === undefined ? 'not known' : spanText(oldest * 1_000)],
  });
  const columns = [
    { head: 'dead letters', most: 64 },
    { head: 'waiting', most: 10, isNumber: true },
    { head: 'oldest', most: 14, isNumber: true },
  ];
  return tableLines(columns, waiting.map(row), headIn(paint));
}

function alarmLines({ alarms, at }: Status, paint: Paint): string[] {
  return alarms.length === 0
    ? []
    : [
        '',
        paint('bold', 'alarms'),
        ...alarms.flatMap(({ name, since, reason }) => [
          paint('red', `${indent}${name}${since === undefined ? '' : ` since ${timeText(since, 'UTC', at)} UTC`}`),
          ...wrapped(reason, width, indent + indent),
        ]),
      ];
}

/** One picture of an environment for people, at most a hundred columns wide. */
export function renderStatus(status: Status, site: Site, zone: string, paint: Paint): string {
  const { owner, at, pause, ran, fires } = status;
  const local = zone === 'UTC' ? '' : ` (${timeText(at, zone, at)} ${zone})`;
  return [
    `${paint('bold', owner)} at ${at.toISOString().slice(0, 19)}Z${local}`,
    ...(pause === undefined
      ? []
      : [...wrapped(`PAUSED ${pauseText(pause)}`, width, ''), `it ends with: ${resumeCommand(site)}`].map((line) =>
          paint('yellow', line),
        )),
    '',
    ...activeLines(status, paint),
    ...(ran.length === 0 ? [] : ['', ...ranLines(status, paint)]),
    ...(fires.length === 0 ? [] : ['', ...fireLines(status, zone, paint)]),
    '',
    ...letterLines(status, paint),
    ...alarmLines(status, paint),
  ].join('\n');
}
