import { nextFire, parseAt, parseSchedule, ScheduleError } from '../../../cron/schedule.ts';
import { invalid } from './handlers.ts';
import type { Schedule, Times } from './schedule.ts';

/** Reads `cron(…)`, `rate(…)` or `at(…)`. Throws ValidationException. */
export function readTimes(expression: string): Times {
  const [, at] = /^at\((.*)\)$/.exec(expression) ?? [];
  try {
    // Unlike EventBridge's rules, Scheduler takes no spaces around a rate.
    if (/^rate\((\s|.*\s\)$)/.test(expression)) throw new ScheduleError('spaces around a rate');
    return at === undefined ? parseSchedule(expression) : parseAt(at);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw invalid(`Invalid Schedule Expression ${expression}.`);
  }
}

/**
 * When a schedule invokes its target next, strictly after a time. Start and end do not concern one-time schedules; both
 * belong to what lies between them.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function nextInvocation({ settings, since }: Schedule, after: number): number | undefined {
  const { times, timezone, startDate, endDate } = settings;
  if (times.kind === 'once') return nextFire(times, new Date(after), timezone)?.getTime();
  const start = startDate?.getTime() ?? Number.NEGATIVE_INFINITY;
  const next =
    times.kind === 'rate'
      ? nextOfRate(times.milliseconds, Math.max(since, start), after)
      : nextFire(times, new Date(Math.max(after, start - 1)), timezone)?.getTime();
  return next !== undefined && endDate !== undefined && next > endDate.getTime() ? undefined : next;
}

/** A rate begins with an invocation at its start date or, without one, at once. */
const nextOfRate = (period: number, begin: number, after: number): number =>
  begin + Math.max(0, Math.floor((after - begin) / period) + 1) * period;
