import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { CloudWatchHandlers } from './handlers.ts';
import type { MetricStore } from './metric-store.ts';
import { type Aggregate, aggregateOf } from './series.ts';
import { readDimensions } from './statistic.ts';

const hour = 3_600_000;

/** Writing metrics. */
export const metricDataHandlers = (world: World, store: MetricStore) =>
  ({
    PutMetricData: ({ Namespace: namespace, MetricData: data = [] }) => {
      if (namespace.startsWith('AWS/'))
        throw new AwsError('InvalidParameterValue', 'The value AWS/ for parameter Namespace is invalid.');
      if (data.length > 1_000)
        throw new AwsError(
          'InvalidParameterValue',
          'The collection MetricData must not have a size greater than 1000.',
        );
      const now = world.clock.now();
      // All are read before the first is taken.
      const read = data.map((datum, index) => ({
        datum,
        time: timeOf(datum, index, now),
        aggregates: aggregatesOf(datum, index),
      }));
      for (const { datum, time, aggregates } of read) {
        const { MetricName: name = '', Dimensions, Unit = 'None' } = datum;
        store.add({ namespace, name, dimensions: readDimensions(Dimensions) }, Unit, time, aggregates);
      }
      return {};
    },
  }) satisfies CloudWatchHandlers;

/** "Time stamps can be up to two weeks in the past and up to two hours into the future." */
function timeOf({ Timestamp }: MetricDatum, index: number, now: number): number {
  const time = Timestamp?.getTime() ?? now;
  if (time >= now - 14 * 24 * hour && time <= now + 2 * hour) return time;
  throw new AwsError(
    'InvalidParameterValue',
    `The parameter MetricData.member.${index + 1}.Timestamp must specify a time within the past two weeks.`,
  );
}

/** One value, several with their counts, or a statistic that was made elsewhere. */
function aggregatesOf(datum: MetricDatum, index: number): readonly Aggregate[] {
  const { Value, Values, Counts, StatisticValues: set } = datum;
  const place = `MetricData.member.${index + 1}`;
  if ([Value, Values, set].filter((each) => each !== undefined).length > 1)
    throw new AwsError(
      'InvalidParameterCombination',
      `The parameters ${place}.Value, ${place}.Values and ${place}.StatisticValues are mutually exclusive and you have specified more than one.`,
    );
  if (Value !== undefined) return [aggregateOf(Value)];
  if (Values !== undefined) return Values.map((value, at) => aggregateOf(value, Counts?.[at] ?? 1));
  if (set === undefined)
    throw new AwsError(
      'MissingParameter',
      `At least one of the parameters ${place}.Value, ${place}.Values or ${place}.StatisticValues must be specified.`,
    );
  const { SampleCount: count = 0, Sum: sum = 0, Minimum: minimum = 0, Maximum: maximum = 0 } = set;
  return [{ count, sum, minimum, maximum }];
}
