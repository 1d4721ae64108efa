import type { Datapoint, MetricDataQuery, Statistic } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { pageOf } from '../events/page.ts';
import { type CloudWatchHandlers, invalidToken, notImplemented } from './handlers.ts';
import type { Metric, MetricStore } from './metric-store.ts';
import { type Aggregate, minute, minuteOf } from './series.ts';
import { checkPeriod, readDimensions, readStatistic, statisticOf, writeDimensions } from './statistic.ts';

/** "… only metrics that have had data points reported in the past two weeks" (API reference, ListMetrics). */
const listedFor = 14 * 86_400_000;
const recently = 3 * 3_600_000;

/** Reading metrics. */
export const metricQueryHandlers = (world: World, store: MetricStore) =>
  ({
    ListMetrics: ({ Namespace, MetricName, Dimensions = [], RecentlyActive, NextToken }) => {
      const now = world.clock.now();
      const since = now - (RecentlyActive === undefined ? listedFor : recently);
      const found = store
        .all()
        .filter(({ namespace, name }) => (Namespace ?? namespace) === namespace && (MetricName ?? name) === name)
        .filter(({ dimensions }) =>
          Dimensions.every(
            ({ Name = '', Value }) =>
              Object.hasOwn(dimensions, Name) && (Value ?? dimensions[Name]) === dimensions[Name],
          ),
        )
        .filter(({ series }) => series.between(minuteOf(since), minuteOf(now) + minute) !== undefined);
      const { page, next } = pageOf(found, 500, NextToken, invalidToken());
      return { Metrics: page.map(identify), NextToken: next };
    },

    GetMetricStatistics: ({ Namespace, MetricName, Dimensions, StartTime, EndTime, Period, Statistics, ...more }) => {
      if (more.ExtendedStatistics !== undefined) throw notImplemented('cloudwatch statistics such as percentiles');
      checkRange(StartTime, EndTime, Period);
      const metric = store.find({ namespace: Namespace, name: MetricName, dimensions: readDimensions(Dimensions) });
      const periods = periodsOf(world, metric, { start: StartTime, end: EndTime, period: Period });
      return { Label: MetricName, Datapoints: periods.map((each) => datapoint(each, Statistics ?? [], metric)) };
    },

    GetMetricData: ({ MetricDataQueries, StartTime, EndTime, ScanBy }) => {
      const range = { start: StartTime, end: EndTime };
      const results = MetricDataQueries.map((query) =>
        answer(world, store, query, range, ScanBy !== 'TimestampAscending'),
      );
      return { MetricDataResults: results, Messages: [] };
    },
  }) satisfies CloudWatchHandlers;

const identify = ({ namespace, name, dimensions }: Metric) => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: writeDimensions(dimensions),
});

interface Range {
  readonly start: Date;
  readonly end: Date;
}

interface Period {
  readonly time: number;
  readonly aggregate: Aggregate;
}

/** The periods of a range that hold values, oldest first. */
function periodsOf(
  world: World,
  metric: Metric | undefined,
  { start, end, period }: Range & { readonly period: number },
) {
  const last = Math.min(end.getTime(), world.clock.now() + minute);
  const found: Period[] = [];
  for (let time = minuteOf(start.getTime()); time < last; time += period * 1_000) {
    // A level is not known beyond this minute.
    const aggregate = metric?.series.between(time, Math.min(time + period * 1_000, minuteOf(last + minute - 1)));
    if (aggregate !== undefined) found.push({ time, aggregate });
  }
  return found;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
function checkRange(start: Date, end: Date, period: number): void {
  checkPeriod(period);
  if (start >= end)
    throw new AwsError('InvalidParameterValue', 'The parameter StartTime must be less than the parameter EndTime.');
  const datapoints = Math.ceil((end.getTime() - start.getTime()) / (period * 1_000));
  if (datapoints > 1_440)
    throw new AwsError(
      'InvalidParameterCombination',
      `You have requested up to ${datapoints} datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
}

const datapoint = (
  { time, aggregate }: Period,
  statistics: readonly Statistic[],
  metric: Metric | undefined,
): Datapoint => ({
  Timestamp: new Date(time),
  Unit: metric?.unit,
  ...Object.fromEntries(statistics.map((statistic) => [statistic, statisticOf(statistic, aggregate)])),
});

function answer(world: World, store: MetricStore, query: MetricDataQuery, range: Range, newestFirst: boolean) {
  const { Id, Label, MetricStat } = query;
  if (MetricStat === undefined) throw notImplemented('cloudwatch metric math expressions');
  const { Metric: { Namespace: namespace = '', MetricName: name = '', Dimensions } = {}, Period = 60 } = MetricStat;
  checkPeriod(Period);
  const statistic = readStatistic(MetricStat.Stat ?? '');
  const metric = store.find({ namespace, name, dimensions: readDimensions(Dimensions) });
  const periods = periodsOf(world, metric, { ...range, period: Period });
  if (newestFirst) periods.reverse();
  return {
    Id,
    Label: Label ?? name,
    Timestamps: periods.map(({ time }) => new Date(time)),
    Values: periods.map(({ aggregate }) => statisticOf(statistic, aggregate)),
    StatusCode: 'Complete' as const,
  };
}
