import assert from 'node:assert/strict';
import test from 'node:test';
import { worldStart } from '../../../support/local-world.ts';
import { minute, startCloudWatch } from './cloudwatch-world.ts';

const at = (minutes: number): Date => new Date(worldStart + minutes * minute);
const Namespace = 'feeds';
const MetricName = 'records';
const Dimensions = [{ Name: 'Feed', Value: 'broadbean' }];

test('values are put one by one, with counts or as statistics, and come back by the period', async (context) => {
  const { world, cloudwatch } = await startCloudWatch(context);
  await world.clock.advanceTo(worldStart + 30 * minute);
  const metric = { MetricName, Dimensions, Unit: 'Count' } as const;
  await cloudwatch.putMetricData({
    Namespace,
    MetricData: [
      { ...metric, Timestamp: at(11), Value: 5 },
      { ...metric, Timestamp: at(10), Values: [1, 2], Counts: [3, 1] },
      { ...metric, Timestamp: at(24), StatisticValues: { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4 } },
      { ...metric, Value: 7 },
    ],
  });
  const Statistics = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'] as const;
  const { Label, Datapoints } = await cloudwatch.getMetricStatistics({
    ...{ Namespace, MetricName, Dimensions, StartTime: at(0), EndTime: at(30), Period: 600 },
    Statistics: [...Statistics],
  });
  assert.equal(Label, MetricName);
  assert.deepEqual(Datapoints, [
    { Timestamp: at(10), Unit: 'Count', SampleCount: 5, Sum: 10, Average: 2, Minimum: 1, Maximum: 5 },
    { Timestamp: at(20), Unit: 'Count', SampleCount: 4, Sum: 10, Average: 2.5, Minimum: 1, Maximum: 4 },
  ]);
  const { MetricDataResults } = await cloudwatch.getMetricData({
    StartTime: at(0),
    EndTime: at(40),
    MetricDataQueries: [
      { Id: 'all', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 600, Stat: 'Sum' } },
      { Id: 'none', MetricStat: { Metric: { Namespace, MetricName }, Period: 600, Stat: 'Sum' } },
    ],
  });
  assert.deepEqual(
    MetricDataResults?.map(({ Id, Values, Timestamps, StatusCode }) => [Id, Values, Timestamps, StatusCode]),
    [
      ['all', [7, 10, 10], [at(30), at(20), at(10)], 'Complete'],
      ['none', [], [], 'Complete'],
    ],
  );
});

test('a level has a value in every minute until it ends', async (context) => {
  const { world, cloudwatch, metrics } = await startCloudWatch(context);
  const level = (value: number | undefined): void => metrics.level('AWS/SQS', 'depth', { QueueName: 'dead' }, value);
  level(1);
  await world.clock.advanceTo(worldStart + 5.5 * minute);
  level(3);
  await world.clock.advanceTo(worldStart + 8 * minute);
  level(undefined);
  await world.clock.advanceTo(worldStart + 20 * minute);
  level(2);
  await world.clock.advanceTo(worldStart + 25 * minute);
  const { Datapoints } = await cloudwatch.getMetricStatistics({
    ...{ Namespace: 'AWS/SQS', MetricName: 'depth', Dimensions: [{ Name: 'QueueName', Value: 'dead' }] },
    ...{ StartTime: at(0), EndTime: at(60), Period: 600, Statistics: ['SampleCount', 'Sum', 'Maximum'] },
  });
  assert.deepEqual(Datapoints, [
    { Timestamp: at(0), Unit: 'Count', SampleCount: 8, Sum: 14, Maximum: 3 },
    { Timestamp: at(20), Unit: 'Count', SampleCount: 6, Sum: 12, Maximum: 2 },
  ]);
});

test('metrics are listed by namespace, name and dimensions, while they have values', async (context) => {
  const { world, cloudwatch, metrics } = await startCloudWatch(context);
  metrics.count('AWS/Lambda', 'Errors', { FunctionName: 'a' });
  metrics.count('AWS/Lambda', 'Invocations', { FunctionName: 'a' });
  metrics.count('AWS/Lambda', 'Invocations', { FunctionName: 'b' });
  const list = async (input: Parameters<typeof cloudwatch.listMetrics>[0]) =>
    (await cloudwatch.listMetrics(input)).Metrics?.map(
      (each) => `${each.MetricName} ${each.Dimensions?.map(({ Value }) => Value)}`,
    );
  assert.deepEqual(await list({}), ['Errors a', 'Invocations a', 'Invocations b']);
  assert.deepEqual(await list({ Dimensions: [{ Name: 'FunctionName', Value: 'a' }] }), ['Errors a', 'Invocations a']);
  assert.deepEqual(await list({ MetricName: 'Invocations', Dimensions: [{ Name: 'FunctionName' }] }), [
    'Invocations a',
    'Invocations b',
  ]);
  assert.deepEqual(await list({ Namespace: 'AWS/SQS' }), []);
  await world.clock.advanceTo(worldStart + 4 * 60 * minute);
  assert.deepEqual(await list({ RecentlyActive: 'PT3H' }), []);
  assert.equal((await list({}))?.length, 3);
  await world.clock.advanceTo(worldStart + 15 * 24 * 60 * minute);
  assert.deepEqual(await list({}), []);
});

test('what is no metric data is refused, all of it', async (context) => {
  const { cloudwatch } = await startCloudWatch(context);
  const good = { MetricName, Value: 1 };
  const put = (datum: object, namespace = Namespace) =>
    cloudwatch.putMetricData({ Namespace: namespace, MetricData: [good, { MetricName, ...datum }] });
  await assert.rejects(put({}), { name: 'MissingRequiredParameterException' });
  await assert.rejects(put({ Value: 1, Values: [1] }), { name: 'InvalidParameterCombinationException' });
  await assert.rejects(put({ Value: 1, Timestamp: at(-15 * 24 * 60) }), { name: 'InvalidParameterValueException' });
  await assert.rejects(put({ Value: 1 }, 'AWS/Lambda'), { name: 'InvalidParameterValueException' });
  assert.deepEqual((await cloudwatch.listMetrics({})).Metrics, []);
  const query = { Namespace, MetricName, Period: 60, StartTime: at(0), EndTime: at(1_441) };
  await assert.rejects(cloudwatch.getMetricStatistics(query), { name: 'InvalidParameterCombinationException' });
  await assert.rejects(cloudwatch.getMetricStatistics({ ...query, EndTime: at(-1) }), /must be less than/);
});
