import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import type { Aws } from '../../aws/clients.ts';
import { mapConcurrently } from '../../aws/concurrency.ts';
import { found } from '../../aws/errors.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { momentOf } from '../../config/moment.ts';
import { names, type Site } from '../../config/names.ts';
import type { Schedule } from '../../config/schedule-schema.ts';
import { expressionOf, isSchedulers } from '../../config/timing.ts';
import { nextFire, parseAt, parseSchedule } from '../../cron/schedule.ts';

/** Of one that is disabled. */
export const notAsConfigHasIt = 'config has it enabled';

/** When a schedule fires next, by what AWS has of it. */
export interface Fire {
  readonly schedule: string;
  /** AWS's expression, with the zone where that is not UTC; of a rule on events, that. */
  readonly expression: string;
  readonly state: 'ENABLED' | 'DISABLED' | 'not in AWS';
  /** `undefined` where it fires never again, or nobody can tell. */
  readonly next?: Date | undefined;
  /** Milliseconds of a rate. */
  readonly every?: number | undefined;
  readonly note?: string | undefined;
}

/** What AWS has of a rule or a schedule. */
interface Live {
  readonly state?: string | undefined;
  readonly expression?: string | undefined;
  readonly zone?: string | undefined;
  readonly start?: Date | undefined;
  readonly end?: Date | undefined;
  readonly windowMinutes?: number | undefined;
}

async function live(aws: Aws, site: Site, name: string, schedule: Schedule): Promise<Live | undefined> {
  const Name = names.rule(site, name);
  if (!isSchedulers(schedule)) {
    const rule = await found(aws.events.send(new DescribeRuleCommand({ Name })));
    return rule && { state: rule.State, expression: rule.ScheduleExpression };
  }
  const GroupName = names.scheduleGroup(site);
  const answer = await found(aws.scheduler.send(new GetScheduleCommand({ GroupName, Name })));
  return (
    answer && {
      state: answer.State,
      expression: answer.ScheduleExpression,
      zone: answer.ScheduleExpressionTimezone,
      start: answer.StartDate,
      end: answer.EndDate,
      windowMinutes: answer.FlexibleTimeWindow?.MaximumWindowInMinutes,
    }
  );
}

const later = (a: Date, b: Date | undefined): Date => (b !== undefined && b > a ? b : a);

/** What the expression says of the time after `now`; a rate says only how often. */
function nextOf({ expression = '', zone = 'UTC', start, end }: Live, now: Date): Date | undefined {
  const [, time] = /^at\((.*)\)$/.exec(expression) ?? [];
  const schedule = time === undefined ? parseSchedule(expression) : parseAt(time);
  if (schedule.kind === 'rate') return undefined;
  // It may fire at the very moment of its start.
  const from = start === undefined ? now : later(now, new Date(start.getTime() - 1));
  const next = nextFire(schedule, from, zone);
  return next !== undefined && end !== undefined && next > end ? undefined : next;
}

function everyOf({ expression = '' }: Live): number | undefined {
  const schedule = expression.startsWith('rate(') ? parseSchedule(expression) : undefined;
  return schedule?.kind === 'rate' ? schedule.milliseconds : undefined;
}

function noteOf({ expression = '', windowMinutes, end }: Live, next: Date | undefined, now: Date): string | undefined {
  if (expression.startsWith('rate(')) return end !== undefined && end < now ? 'never again' : undefined;
  if (next === undefined) return 'never again';
  return windowMinutes === undefined ? undefined : `within ${windowMinutes} min`;
}

/** What fires never again is not made. */
function whyMissing(schedule: Schedule, now: Date): string {
  const expression = expressionOf(schedule);
  const { timezone: zone, endDate } = schedule;
  const end = endDate === undefined ? undefined : momentOf(endDate);
  const isOver =
    (schedule.at !== undefined && nextOf({ expression, zone, end }, now) === undefined) ||
    (end !== undefined && end <= now);
  return isOver ? 'never again' : 'apply makes it';
}

async function fireOf(aws: Aws, site: Site, name: string, schedule: Schedule, now: Date): Promise<Fire> {
  const found = await live(aws, site, name, schedule);
  if (found === undefined)
    return { schedule: name, expression: '', state: 'not in AWS', note: whyMissing(schedule, now) };
  const state = found.state === 'DISABLED' ? 'DISABLED' : 'ENABLED';
  const { expression, zone = 'UTC' } = found;
  if (expression === undefined) return { schedule: name, expression: 'on events', state };
  const next = state === 'ENABLED' ? nextOf(found, now) : undefined;
  return {
    schedule: name,
    expression: zone === 'UTC' ? expression : `${expression} ${zone}`,
    state,
    next,
    every: state === 'ENABLED' ? everyOf(found) : undefined,
    note: state === 'DISABLED' ? (schedule.enabled ? notAsConfigHasIt : 'as config has it') : noteOf(found, next, now),
  };
}

/** Every schedule of the config. */
export const nextFires = ({ site, config }: LoadedConfig, aws: Aws, now: Date): Promise<Fire[]> =>
  mapConcurrently(Object.entries(config.schedules), 8, ([name, schedule]) => fireOf(aws, site, name, schedule, now));

/** A rate counts from a time that AWS tells nobody; its last run tells it, about. What fires next comes first. */
export function inOrder(fires: readonly Fire[], lastRuns: ReadonlyMap<string, number>, now: Date): Fire[] {
  const known = fires.map((fire): Fire => {
    const last = lastRuns.get(fire.schedule);
    if (fire.every === undefined || last === undefined) return fire;
    const periods = Math.floor(Math.max(now.getTime() - last, 0) / fire.every) + 1;
    return { ...fire, next: new Date(last + periods * fire.every), note: 'about' };
  });
  const time = ({ next }: Fire): number => next?.getTime() ?? Number.POSITIVE_INFINITY;
  return known.sort((a, b) => (time(a) === time(b) ? 0 : time(a) - time(b)));
}
