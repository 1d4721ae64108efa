/**
 * The schedule expressions of EventBridge's rules, which are in UTC, and of EventBridge Scheduler, which knows time zones.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { type DayRule, datesOf, parseDaysOfMonth, parseDaysOfWeek } from './days.ts';
import { fields, parseValues, ScheduleError } from './field.ts';
import { timeOfWall, wallTimeAt } from './zone.ts';

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

interface OneTimeSchedule {
  readonly kind: 'once';
  /** What clocks show then, in milliseconds as though they hung in UTC. */
  readonly wallTime: number;
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

/** Reads the time of a one-time schedule, such as `2026-11-23T03:00:00`. Throws ScheduleError. */
export function parseAt(text: string): OneTimeSchedule {
  const wallTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(wallTime) || new Date(wallTime).toISOString().slice(0, 19) !== text) {
    throw new ScheduleError(`time "${text}" is not understood; allowed is yyyy-mm-ddThh:mm:ss, without a time zone`);
  }
  return { kind: 'once', wallTime };
}

/**
 * When a schedule fires next, strictly after a time; `undefined` when it never does again. A rate has no calendar: it
 * fires one period after `after`, so pass the time it began or last fired. In a zone that changes its clocks, a time that
 * is skipped does not fire, and one that comes twice fires the first time only. Throws RangeError for an unknown zone.
 */
export function nextFire(schedule: Schedule | OneTimeSchedule, after: Date, zone = 'UTC'): Date | undefined {
  switch (schedule.kind) {
    case 'rate':
      return new Date(after.getTime() + schedule.milliseconds);
    case 'once':
      return later(timeOfWall(schedule.wallTime, zone), after);
    case 'cron':
      return nextCronFire(schedule, after, zone);
    default:
      return schedule satisfies never;
  }
}

const later = (time: number | undefined, after: Date): Date | undefined =>
  time !== undefined && time > after.getTime() ? new Date(time) : undefined;

function nextCronFire(schedule: CronSchedule, after: Date, zone: string): Date | undefined {
  let wall = nextWallTime(schedule, wallTimeAt(after.getTime(), zone));
  while (wall !== undefined) {
    const fire = later(timeOfWall(wall, zone), after);
    if (fire !== undefined) return fire;
    wall = nextWallTime(schedule, wall);
  }
  return undefined;
}

function nextWallTime(schedule: CronSchedule, after: number): number | undefined {
  for (const year of schedule.years) {
    if (Date.UTC(year + 1, 0) <= after) continue;
    for (const month of schedule.months) {
      if (Date.UTC(year, month) <= after) continue;
      const time = firstInMonth(schedule, year, month, after);
      if (time !== undefined) return time;
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
