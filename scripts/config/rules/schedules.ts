import { nextFire, parseCron, parseRate, type Schedule, ScheduleError } from '../../cron/schedule.ts';
import type { Report, Rule } from './rule.ts';

export const schedulesHaveOneTime: Rule = ({ config }, report) => {
  for (const [name, { cron, rate }] of Object.entries(config.schedules)) {
    if (cron === undefined && rate === undefined) {
      report(['schedules', name], 'needs either cron, such as "0 3 * * ? *", or rate, such as "5 minutes"');
    } else if (cron !== undefined && rate !== undefined) {
      report(['schedules', name, 'rate'], 'stands beside cron: only one of the two says when');
    }
  }
};

/** `cron: cron(0 3 * * ? *)` is copied from AWS's console more often than not. */
const wrapped = /^\s*(cron|rate)\s*\(/;

/** A cron of five fields in EventBridge's form; days of the week count from 1 there, so numbers of days need a look. */
function fromUnix(cron: string): string | undefined {
  const [minutes, hours, date, month, weekday, ...more] = cron.trim().split(/\s+/);
  if (weekday === undefined || more.length > 0) return undefined;
  const days = weekday === '*' || weekday === '?' ? [date, '?'] : ['?', weekday];
  const counted = /\d/.test(weekday) ? ' (1 is Sunday)' : '';
  return `${[minutes, hours, days[0], month, days[1], '*'].join(' ')}${counted}`;
}

function check(name: string, field: 'cron' | 'rate', text: string, report: Report): void {
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
    const schedule: Schedule = field === 'cron' ? parseCron(text) : parseRate(text);
    if (nextFire(schedule, new Date(0)) === undefined) report(path, 'never comes: no day of any year fits');
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    const example = /^\d+ [a-z]+$/.test(text) || field === 'cron' ? '' : ', such as 5 minutes';
    report(path, `is no ${field} of EventBridge: ${error.message}${example}`);
  }
}

export const schedulesAreEventBridges: Rule = ({ config }, report) => {
  for (const [name, { cron, rate }] of Object.entries(config.schedules)) {
    if (cron !== undefined) check(name, 'cron', cron, report);
    if (rate !== undefined) check(name, 'rate', rate, report);
  }
};
