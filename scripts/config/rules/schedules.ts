import { nextFire, parseAt, parseCron, parseRate, ScheduleError } from '../../cron/schedule.ts';
import { isTimeZone } from '../../cron/zone.ts';
import { durationSeconds } from '../duration.ts';
import { momentOf } from '../moment.ts';
import type { Schedule } from '../schedule-schema.ts';
import { isSchedulers, schedulerFields } from '../timing.ts';
import type { Report, Rule } from './rule.ts';

const occasions = ['cron', 'rate', 'at', 'eventPattern'] as const;

export const schedulesHaveOneTime: Rule = ({ config }, report) => {
  for (const [name, schedule] of Object.entries(config.schedules)) {
    const [first, ...others] = occasions.filter((field) => schedule[field] !== undefined);
    if (first === undefined) {
      const choices = 'cron, such as "0 3 * * ? *", rate, such as "5 minutes", at, or eventPattern';
      report(['schedules', name], `needs one of ${choices}`);
    }
    for (const other of others) {
      report(['schedules', name, other], `stands beside ${first}: only one of the two says when`);
    }
  }
};

/** `cron: cron(0 3 * * ? *)` is copied from AWS's console more often than not. */
const wrapped = /^\s*(cron|rate|at)\s*\(/;

/** A cron of five fields in EventBridge's form; days of the week count from 1 there, so numbers of days need a look. */
function fromUnix(cron: string): string | undefined {
  const [minutes, hours, date, month, weekday, ...more] = cron.trim().split(/\s+/);
  if (weekday === undefined || more.length > 0) return undefined;
  const days = weekday === '*' || weekday === '?' ? [date, '?'] : ['?', weekday];
  const counted = /\d/.test(weekday) ? ' (1 is Sunday)' : '';
  return `${[minutes, hours, days[0], month, days[1], '*'].join(' ')}${counted}`;
}

const parsers = { cron: parseCron, rate: parseRate, at: parseAt } as const;
type Timed = keyof typeof parsers;

function check(name: string, field: Timed, text: string, zone: string, report: Report): void {
  const path = ['schedules', name, field];
  // EventBridge takes 256 characters, "cron()" among them.
  if (text.length > 250) report(path, 'must have at most 250 characters');
  if (wrapped.test(text)) {
    report(path, `must be written without "${field}(…)": the field says it already`);
    return;
  }
  const asAws = field === 'cron' ? fromUnix(text) : undefined;
  if (asAws !== undefined) {
    report(
      path,
      `has five fields, as Unix has; EventBridge has a sixth, the year, and a "?" for one of the days: ${asAws}`,
    );
    return;
  }
  try {
    const never = nextFire(parsers[field](text), new Date(0), zone) === undefined;
    if (never && field === 'at') report(path, `never comes: in ${zone}, clocks are set forward over it`);
    else if (never) report(path, 'never comes: no day of any year fits');
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    const example = /^\d+ [a-z]+$/.test(text) || field !== 'rate' ? '' : ', such as 5 minutes';
    report(path, `is no ${field} of EventBridge: ${error.message}${example}`);
  }
}

export const schedulesAreEventBridges: Rule = ({ config }, report) => {
  for (const [name, schedule] of Object.entries(config.schedules)) {
    const { timezone = 'UTC' } = schedule;
    const isZone = isTimeZone(timezone);
    if (!isZone) {
      report(['schedules', name, 'timezone'], 'is no time zone that AWS knows, such as Europe/Berlin or UTC');
    }
    for (const field of ['cron', 'rate', 'at'] as const) {
      const text = schedule[field];
      if (text !== undefined) check(name, field, text, isZone ? timezone : 'UTC', report);
    }
  }
};

function checkDates(name: string, { at, startDate, endDate }: Schedule, report: Report): void {
  for (const [field, text] of Object.entries({ startDate, endDate })) {
    if (at !== undefined && text !== undefined) {
      report(['schedules', name, field], 'says nothing beside at: a time that comes once neither begins nor ends');
    }
  }
  if (startDate !== undefined && endDate !== undefined && momentOf(startDate) >= momentOf(endDate)) {
    report(['schedules', name, 'endDate'], 'must come after startDate');
  }
}

/** What Scheduler demands; and a rule on events has no time that could have a zone or a window. */
export const schedulesAreSchedulers: Rule = ({ config }, report) => {
  for (const [name, schedule] of Object.entries(config.schedules)) {
    const { eventPattern, flexibleWindow, description = '', protect } = schedule;
    for (const field of schedulerFields.filter((each) => each !== 'at' && schedule[each] !== undefined)) {
      if (eventPattern !== undefined) {
        report(['schedules', name, field], 'stands beside eventPattern: events come when they come');
      }
    }
    checkDates(name, schedule, report);
    const window = flexibleWindow === undefined ? 60 : durationSeconds(flexibleWindow);
    if (window % 60 !== 0 || window > 86_400) {
      report(['schedules', name, 'flexibleWindow'], 'must be whole minutes, 1m to 1440m');
    }
    // Scheduler has no tags: "[protected] " stands before the description.
    if (isSchedulers(schedule) && protect && description.length > 500) {
      report(['schedules', name, 'description'], 'must have at most 500 characters where protect and a time zone meet');
    }
  }
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const longestPattern = 2_048;

export const eventPatternsFit: Rule = ({ config }, report) => {
  for (const [name, { eventPattern }] of Object.entries(config.schedules)) {
    if (eventPattern === undefined) continue;
    const path = ['schedules', name, 'eventPattern'];
    if (Object.keys(eventPattern).length === 0) report(path, 'must say which events: an empty one fits all there are');
    const size = JSON.stringify(eventPattern).length;
    if (size > longestPattern) report(path, `makes ${size} characters, and EventBridge takes ${longestPattern}`);
  }
};
