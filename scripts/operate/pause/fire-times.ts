import { nextFire, parseAt, parseSchedule } from '../../cron/schedule.ts';

/** When something fires, as AWS has it. */
export interface Timing {
  /** `cron(…)`, `rate(…)` or `at(…)`. */
  readonly expression: string;
  readonly timezone: string;
  /** ISO 8601; `null` without one. */
  readonly startDate: string | null;
  readonly endDate: string | null;
}

/** How often something would have fired, and when last. */
export interface Missed {
  readonly count: number;
  /** Whether there were more than were counted. */
  readonly more: boolean;
  readonly last: Date;
}

/** So many fire times are counted; nobody makes up for more. */
const mostCounted = 1_000;

const parsed = (expression: string) => {
  const [, time] = /^at\((.*)\)$/.exec(expression) ?? [];
  return time === undefined ? parseSchedule(expression) : parseAt(time);
};

const laterOf = (date: Date, other: string | null): Date =>
  other === null || new Date(other) <= date ? date : new Date(other);

/**
 * The fire times after one time until another; `undefined` where there was none. A rate has no calendar: it would have
 * gone on from its last, which nobody knows, so what is counted is its periods. Throws ScheduleError.
 */
export function missedBetween(timing: Timing, after: Date, until: Date): Missed | undefined {
  const schedule = parsed(timing.expression);
  const end = timing.endDate === null ? until : new Date(Math.min(until.getTime(), Date.parse(timing.endDate)));
  let count = 0;
  let last: Date | undefined;
  // A start is a time at which it may fire; what fires next does so strictly after the time that is given.
  const from = laterOf(after, timing.startDate);
  let next = nextFire(schedule, from === after ? after : new Date(from.getTime() - 1), timing.timezone);
  while (next !== undefined && next <= end && count < mostCounted) {
    count += 1;
    last = next;
    next = nextFire(schedule, next, timing.timezone);
  }
  if (last === undefined) return undefined;
  return { count, more: next !== undefined && next <= end, last };
}

/** Whether it fires no more after a time: its one time or its end has passed. Scheduler takes no update of such a one. */
export function isOver({ expression, timezone, endDate }: Timing, now: Date): boolean {
  if (endDate !== null && new Date(endDate) <= now) return true;
  return expression.startsWith('at(') && nextFire(parsed(expression), now, timezone) === undefined;
}
