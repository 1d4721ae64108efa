/**
 * How an alarm finds its state.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
import type { StateValue } from '@aws-sdk/client-cloudwatch';
import type { AlarmSettings, Comparison } from './alarm.ts';
import { minute, type Series } from './series.ts';
import { statisticOf } from './statistic.ts';

/** One period. */
export interface Datapoint {
  /** When it begins. */
  readonly time: number;
  readonly value: number;
  readonly samples: number;
}

/** What an evaluation looks at. */
export interface Evidence {
  /** The newest, and as many as there are evaluation periods if there are so many; the newest comes first. */
  readonly datapoints: readonly Datapoint[];
  /** How many are missing to the number of evaluation periods. */
  readonly missing: number;
  /** How many periods ago the oldest of them was, from 1; 0 when there are none. */
  readonly age: number;
}

/** AWS looks back further than the evaluation periods, and takes what it finds there for what is missing. */
const furtherPeriods = 2;

const lengthOf = ({ period }: AlarmSettings): number => period * 1_000;
const rangeOf = ({ evaluationPeriods }: AlarmSettings): number => evaluationPeriods + furtherPeriods;

/**
 * Milliseconds between the looks of AWS: a minute, and an hour when an alarm's periods come to more than a day ("multi-day
 * alarms"); on the hour then, so that it sees nothing of the hour that has begun.
 */
export const paceOf = ({ period, evaluationPeriods }: AlarmSettings): number =>
  period * evaluationPeriods > 86_400 ? 60 * minute : minute;

/** The periods of an alarm end when it looks, wherever the clock's own hours and days end. */
export function evidenceAt(time: number, settings: AlarmSettings, series: Series | undefined): Evidence {
  const { evaluationPeriods, statistic } = settings;
  const length = lengthOf(settings);
  const datapoints: Datapoint[] = [];
  let age = 0;
  for (let back = 1; back <= rangeOf(settings) && datapoints.length < evaluationPeriods; back += 1) {
    const begin = time - back * length;
    const aggregate = series?.between(begin, begin + length);
    if (aggregate === undefined) continue;
    datapoints.push({ time: begin, value: statisticOf(statistic, aggregate), samples: aggregate.count });
    age = back;
  }
  return { datapoints, missing: evaluationPeriods - datapoints.length, age };
}

/** When the next look can find something else than the one at a time did, if nothing new is reported. */
export function nextEvaluation(time: number, settings: AlarmSettings, series: Series | undefined): number | undefined {
  const length = lengthOf(settings);
  const changes = series?.changesSince(time - (rangeOf(settings) + 1) * length) ?? [];
  const { statistic } = settings;
  // How much of a period a level has filled counts in every statistic but these.
  const isGradual = series?.isContinuous && statistic !== 'Maximum' && statistic !== 'Minimum';
  const pace = paceOf(settings);
  if (isGradual) return changes.length > 0 ? time + pace : undefined;
  // A minute enters a period one minute after it began, and the next older one with every further period's length.
  const moves = changes.map((change) => {
    const periods = Math.max(0, Math.floor((time - change - minute) / length) + 1);
    return periods <= rangeOf(settings) ? change + minute + periods * length : Number.POSITIVE_INFINITY;
  });
  const next = moves.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  return Number.isFinite(next) ? Math.ceil(next / pace) * pace : undefined;
}

const comparisons: Readonly<Record<Comparison, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

export const breaches = ({ comparison, threshold }: AlarmSettings, { value }: Datapoint): boolean =>
  comparisons[comparison](value, threshold);

/** The state that evidence tells; `undefined` leaves the alarm in the one that it has. */
export function judge(settings: AlarmSettings, { datapoints, missing, age }: Evidence): StateValue | undefined {
  const { evaluationPeriods, datapointsToAlarm = evaluationPeriods, treatMissingData = 'missing' } = settings;
  const breaching = datapoints.filter((datapoint) => breaches(settings, datapoint)).length;
  const isAlarm = (count: number): StateValue => (count >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (missing === 0 || breaching >= datapointsToAlarm) return isAlarm(breaching);
  switch (treatMissingData) {
    case 'breaching':
      return isAlarm(breaching + missing);
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return breaching < datapoints.length ? 'OK' : undefined;
    case 'missing':
      if (datapoints.length === 0) return 'INSUFFICIENT_DATA';
      if (breaching < datapoints.length) return 'OK';
      // All that there is breaches, but what is still missing may be on its way.
      return age >= datapointsToAlarm ? 'ALARM' : undefined;
    default:
      return treatMissingData satisfies never;
  }
}
