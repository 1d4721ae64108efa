import type { Site } from '../../config/names.ts';
import { pauseText, resumeCommand } from '../../control/paused.ts';
import { cut, type Row, tableLines, wrapped } from '../table.ts';
import { spanText } from '../wording.ts';
import { type Fire, notAsConfigHasIt } from './fires.ts';
import { activeLines, ranLines } from './job-rows.ts';
import type { Letters } from './letters.ts';
import { headIn, indent, type Paint, timeText, width } from './page.ts';
import type { Status } from './status.ts';

function fireLines({ fires, at, pause }: Status, zone: string, paint: Paint): string[] {
  const isElsewhere = zone !== 'UTC';
  // Who resumes need not think of what config says.
  const noteOf = (state: Fire['state'], note = ''): string =>
    pause !== undefined && state === 'DISABLED' && note === notAsConfigHasIt ? 'paused' : note;
  const row = ({ schedule, expression, state, next, note }: Fire): Row => {
    const times =
      next === undefined ? [] : [timeText(next, 'UTC', at), ...(isElsewhere ? [timeText(next, zone, at)] : [])];
    const local = isElsewhere ? [''] : [];
    const cells = state === 'ENABLED' ? times : [state];
    return {
      cells: [schedule, expression, ...[...cells, '', ...local].slice(0, 1 + local.length), noteOf(state, note)],
    };
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

function letterLines({ letters }: Status, site: Site, paint: Paint): string[] {
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
  const replay = `npm run replay -- --environment ${site.environment}`;
  return [
    ...tableLines(columns, waiting.map(row), headIn(paint)),
    paint('dim', `${indent}why, and what they are: ${replay} --show`),
  ];
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
    ...(ran.length === 0 ? [] : ['', ...ranLines(status, site, paint)]),
    ...(fires.length === 0 ? [] : ['', ...fireLines(status, zone, paint)]),
    '',
    ...letterLines(status, site, paint),
    ...alarmLines(status, paint),
  ].join('\n');
}
