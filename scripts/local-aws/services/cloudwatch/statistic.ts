import type { Dimension, Statistic } from '@aws-sdk/client-cloudwatch';
import type { Dimensions } from '../../world.ts';
import { invalid, notImplemented } from './handlers.ts';
import type { Aggregate } from './series.ts';

const statistics: Readonly<Record<Statistic, (aggregate: Aggregate) => number>> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

export const statisticOf = (statistic: Statistic, aggregate: Aggregate): number => statistics[statistic](aggregate);

const isStatistic = (text: string): text is Statistic => Object.hasOwn(statistics, text);

/** Reads the statistic of a query; percentiles and the like are texts there, too. */
export function readStatistic(text: string): Statistic {
  if (!isStatistic(text)) throw notImplemented(`cloudwatch statistics such as ${text}`);
  return text;
}

/** Standard metrics have one value a minute, so a period is whole minutes; it is given in seconds. */
export function checkPeriod(period: number): void {
  if ([10, 20, 30].includes(period)) throw notImplemented('cloudwatch periods below 60 seconds');
  if (period % 60 !== 0) throw invalid('Period must be 10, 20, 30 or a multiple of 60');
}

export const readDimensions = (dimensions: readonly Dimension[] = []): Dimensions =>
  Object.fromEntries(dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));

export const writeDimensions = (dimensions: Dimensions): Dimension[] =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
