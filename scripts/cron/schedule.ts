/**
 * EventBridge's schedule expressions, in UTC and whole minutes.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
import { type DayRule, datesOf, parseDaysOfMonth, parseDaysOfWeek } from './days.ts';
import { fields, parseValues, ScheduleError } from './field.ts';

export { ScheduleError } from './field.ts';

interface CronSchedule {
  readonly kind: 'cron';
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly DayRule[];
  readonly months: readonly number[];
  readonly years: readonly number[];
}

interface RateSchedule {
  readonly kind: 'rate';
  readonly milliseconds: number;
}

export type Schedule = CronSchedule | RateSchedule;

/** Reads `cron(…)` or `rate(…)`. Throws ScheduleError. */
export function parseSchedule(expression: string): Schedule {
  const [, kind, content = ''] = /^(cron|rate)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'cron') return parseCron(content);
  if (kind === 'rate') return parseRate(content);
  throw new ScheduleError(
    `schedule "${expression}" is not understood; allowed are cron(minutes hours day-of-month month day-of-week year) and rate(value unit)`,
  );
}

/** Reads the six fields of a cron expression, such as `0 3 * * ? *`. Throws ScheduleError. */
export function parseCron(expression: string): CronSchedule {
  const [minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = '', year, ...more] = expression
    .trim()
    .split(/\s+/);
  if (year === undefined || more.length > 0) {
    throw new ScheduleError(
      `cron "${expression}" does not have six fields; allowed are minutes hours day-of-month month day-of-week year`,
    );
  }
  return {
    kind: 'cron',
    minutes: parseValues(fields.minutes, minutes),
    hours: parseValues(fields.hours, hours),
    days: parseDays(dayOfMonth, dayOfWeek),
    months: parseValues(fields.month, month),
    years: parseValues(fields.year, year),
  };
}

function parseDays(dayOfMonth: string, dayOfWeek: string): readonly DayRule[] {
  if (dayOfMonth === '?' && dayOfWeek !== '?') return parseDaysOfWeek(dayOfWeek);
  if (dayOfWeek === '?' && dayOfMonth !== '?') return parseDaysOfMonth(dayOfMonth);
  throw new ScheduleError(
    `day-of-month "${dayOfMonth}" and day-of-week "${dayOfWeek}" cannot stand together; exactly one of the two must be "?"`,
  );
}

const units = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Reads the value and unit of a rate, such as `5 minutes`. Throws ScheduleError. */
export function parseRate(text: string): RateSchedule {
  const [value = '', unit = '', ...more] = text.trim().split(/\s+/);
  if (!/^\d+$/.test(value) || Number(value) === 0 || more.length > 0) {
    throw new ScheduleError(`rate "${text}" is not understood; allowed are a number above 0 and a unit`);
  }
  const plural = Number(value) === 1 ? '' : 's';
  for (const [name, milliseconds] of Object.entries(units)) {
    if (unit === name + plural) return { kind: 'rate', milliseconds: Number(value) * milliseconds };
  }
  const choices = Object.keys(units).map((name) => name + plural);
  throw new ScheduleError(`rate unit "${unit}" does not go with ${value}; allowed are ${choices.join(', ')}`);
}

/**
 * When a schedule fires next, strictly after a time; `undefined` when it never does again. A rate has no calendar: it
 * fires one period after `after`, so pass the time it began or last fired.
 */
export function nextFire(schedule: Schedule, after: Date): Date | undefined {
  if (schedule.kind === 'rate') return new Date(after.getTime() + schedule.milliseconds);
  for (const year of schedule.years) {
    if (Date.UTC(year + 1, 0) <= after.getTime()) continue;
    for (const month of schedule.months) {
      if (Date.UTC(year, month) <= after.getTime()) continue;
      const time = firstInMonth(schedule, year, month, after.getTime());
      if (time !== undefined) return new Date(time);
    }
  }
  return undefined;
}

function firstInMonth(schedule: CronSchedule, year: number, month: number, after: number): number | undefined {
  for (const date of datesOf(schedule.days, year, month)) {
    if (Date.UTC(year, month - 1, date + 1) <= after) continue;
    for (const hour of schedule.hours) {
      for (const minute of schedule.minutes) {
        const time = Date.UTC(year, month - 1, date, hour, minute);
        if (time > after) return time;
      }
    }
  }
  return undefined;
}
