import { durationSeconds } from './duration.ts';
import type { Schedule } from './schedule-schema.ts';

/** What a rule of EventBridge does not know; with any of it, a schedule is one of EventBridge Scheduler. */
export const schedulerFields = ['at', 'timezone', 'flexibleWindow', 'startDate', 'endDate'] as const;

export const isSchedulers = (schedule: Schedule): boolean =>
  schedulerFields.some((field) => schedule[field] !== undefined);

/** AWS's expression; `undefined` for a rule on events. */
export function expressionOf({ cron, rate, at }: Schedule): string | undefined {
  if (cron !== undefined) return `cron(${cron})`;
  if (rate !== undefined) return `rate(${rate})`;
  return at === undefined ? undefined : `at(${at})`;
}

/** How an alarm looks back over a time: so many periods of so many seconds. */
export interface Lookback {
  readonly periodSeconds: number;
  readonly periods: number;
}

/**
 * Short periods, because CloudWatch looks some periods further back than it is told. Over more than a day it takes hours
 * only: "EvaluationPeriods * Period" is at most a day for periods of less than an hour, and seven days for others.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function lookbackOver(duration: string): Lookback {
  const seconds = durationSeconds(duration);
  const periodSeconds = seconds > 86_400 ? 3_600 : seconds > 3 * 3_600 ? 300 : 60;
  return { periodSeconds, periods: Math.ceil(seconds / periodSeconds) };
}

/** A job's name at its longest, and how schedule-to-batch cuts the part that config gives: nine characters are a hash. */
const longestName = 128;
const hashLength = 9;

/**
 * What the names of all jobs of a schedule begin with: its jobName, and of the time behind it the century; behind that of
 * a rule on events is the event's id.
 */
export function namesBegin({ eventPattern }: Schedule, jobName: string): string {
  const [suffix, beginning] = eventPattern === undefined ? ['20261123T030000Z'.length, '20'] : [36, ''];
  const room = longestName - suffix - 1;
  return jobName.length <= room ? `${jobName}-${beginning}` : `${jobName.slice(0, room - hashLength)}-`;
}
