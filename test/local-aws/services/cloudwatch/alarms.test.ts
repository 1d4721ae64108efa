import assert from 'node:assert/strict';
import test from 'node:test';
import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { worldStart } from '../../../support/local-world.ts';
import { taggedResources } from '../../../support/tagged-resources.ts';
import { alarmOf, minute, startCloudWatch, topic } from './cloudwatch-world.ts';

const alarmArn = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors';
const functionName = { FunctionName: 'topic-to-batch' };

test('an alarm is described as it was put, with nothing made up', async (context) => {
  const { cloudwatch } = await startCloudWatch(context);
  const { AlarmName, ...settings } = alarmOf({ AlarmDescription: 'a handler failed', DatapointsToAlarm: 1 });
  await cloudwatch.putMetricAlarm({ AlarmName, ...settings, Tags: [{ Key: 'baton:owner', Value: 'feeds/local' }] });
  await cloudwatch.putMetricAlarm(alarmOf({ AlarmName: 'plain', TreatMissingData: undefined, OKActions: undefined }));
  const { MetricAlarms, CompositeAlarms } = await cloudwatch.describeAlarms({});
  assert.deepEqual(CompositeAlarms, []);
  assert.deepEqual(MetricAlarms?.[0], {
    ...settings,
    AlarmName,
    AlarmArn: alarmArn,
    ActionsEnabled: true,
    InsufficientDataActions: [],
    AlarmConfigurationUpdatedTimestamp: new Date(worldStart),
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
    StateUpdatedTimestamp: new Date(worldStart),
    StateTransitionedTimestamp: new Date(worldStart),
  });
  const plain = MetricAlarms?.[1];
  assert.deepEqual([plain?.TreatMissingData, plain?.DatapointsToAlarm, plain?.OKActions], [undefined, undefined, []]);
});

test('an alarm tells its topic and the event bus when it changes its state, and only then', async (context) => {
  const { world, cloudwatch, metrics, notified, events } = await startCloudWatch(context);
  await cloudwatch.putMetricAlarm(alarmOf({ AlarmDescription: 'a handler failed', DatapointsToAlarm: 1 }));
  await world.clock.advanceTo(worldStart + 10 * minute);
  assert.deepEqual(
    notified.map(({ subject }) => subject),
    ['OK: "errors" in EU (Frankfurt)'],
  );
  metrics.count('AWS/Lambda', 'Errors', functionName);
  metrics.count('AWS/Lambda', 'Errors', functionName, 0);
  metrics.count('AWS/Lambda', 'Errors', { FunctionName: 'other' });
  await world.clock.advanceTo(worldStart + 60 * minute);
  assert.deepEqual(
    notified.map(({ subject, at }) => [subject, (at - worldStart) / minute]),
    [
      ['OK: "errors" in EU (Frankfurt)', 1],
      ['ALARM: "errors" in EU (Frankfurt)', 11],
      // Missing data decides only when the value lies before all that AWS looks at.
      ['OK: "errors" in EU (Frankfurt)', 26],
    ],
  );
  const reason =
    'Threshold Crossed: 1 out of the last 1 datapoints [1.0 (23/11/26 03:06:00)] was greater than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).';
  assert.deepEqual(JSON.parse(notified[1]?.message ?? ''), {
    AlarmName: 'errors',
    AlarmDescription: 'a handler failed',
    AWSAccountId: '123456789012',
    AlarmConfigurationUpdatedTimestamp: '2026-11-23T03:00:00.000+0000',
    NewStateValue: 'ALARM',
    NewStateReason: reason,
    StateChangeTime: '2026-11-23T03:11:00.000+0000',
    Region: 'EU (Frankfurt)',
    AlarmArn: alarmArn,
    OldStateValue: 'OK',
    OKActions: [topic],
    AlarmActions: [topic],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
      StatisticType: 'Statistic',
      Statistic: 'SUM',
      Unit: null,
      Dimensions: [{ value: 'topic-to-batch', name: 'FunctionName' }],
      Period: 300,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      TreatMissingData: 'notBreaching',
      EvaluateLowSampleCountPercentile: '',
    },
  });
  assert.equal(events.length, 3);
  const { source, 'detail-type': type, resources, detail } = events[1] ?? {};
  assert.deepEqual([source, type, resources], ['aws.cloudwatch', 'CloudWatch Alarm State Change', [alarmArn]]);
  const { state, previousState, configuration } = JSON.parse(JSON.stringify(detail));
  assert.deepEqual([state.value, state.reason, previousState.value], ['ALARM', reason, 'OK']);
  assert.deepEqual(JSON.parse(state.reasonData).recentDatapoints, [1]);
  assert.equal(configuration.description, 'a handler failed');
  assert.deepEqual(configuration.metrics[0].metricStat, {
    metric: { namespace: 'AWS/Lambda', name: 'Errors', dimensions: functionName },
    period: 300,
    stat: 'Sum',
  });
});

test('an alarm on what does not happen is raised when it was absent for the whole time, and not before', async (context) => {
  const { world, cloudwatch, metrics, notified } = await startCloudWatch(context);
  const hour = 60 * minute;
  await cloudwatch.putMetricAlarm(
    alarmOf({
      AlarmName: 'late',
      Namespace: 'AWS/Events',
      MetricName: 'TriggeredRules',
      Dimensions: [{ Name: 'RuleName', Value: 'feed-succeeded' }],
      Period: 3_600,
      EvaluationPeriods: 26,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    }),
  );
  await world.clock.advanceTo(worldStart + 30 * minute);
  assert.equal(notified.length, 0, 'an alarm over more than a day is looked at on the hour');
  for (let day = 0; day < 3; day += 1) {
    await world.clock.advanceTo(worldStart + (day * 24 + 1) * hour);
    metrics.count('AWS/Events', 'TriggeredRules', { RuleName: 'feed-succeeded' });
  }
  await world.clock.advanceTo(worldStart + 7 * 24 * hour);
  assert.deepEqual(
    notified.map(({ subject, at }) => [subject?.split(':')[0], Math.floor((at - worldStart) / hour)]),
    [
      // With nothing known of the past it is raised at once.
      ['ALARM', 1],
      ['OK', 2],
      // It came at 49 hours; 26 more, the two periods that AWS looks back further, and on to the next full hour.
      ['ALARM', 49 + 26 + 2 + 1],
    ],
  );
  assert.match(
    notified.at(-1)?.message ?? '',
    /no datapoints were received for 26 periods and 26 missing datapoints were treated as \[Breaching\]\./,
  );
});

test('the depth of a queue raises an alarm and ends it', async (context) => {
  const { world, cloudwatch, metrics, notified } = await startCloudWatch(context);
  await cloudwatch.putMetricAlarm(
    alarmOf({
      AlarmName: 'dead letters',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
      Statistic: 'Maximum',
      Period: 60,
    }),
  );
  const depth = (value: number | undefined): void =>
    metrics.level('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: 'dead' }, value);
  depth(0);
  await world.clock.advanceTo(worldStart + 9.5 * minute);
  depth(2);
  await world.clock.advanceTo(worldStart + 600 * minute);
  depth(0);
  await world.clock.advanceTo(worldStart + 900 * minute);
  assert.deepEqual(
    notified.map(({ subject, at }) => [subject?.split(':')[0], (at - worldStart) / minute]),
    [
      ['OK', 1],
      ['ALARM', 10],
      ['OK', 601],
    ],
  );
});

test('an alarm without actions, or without a topic, changes its state all the same', async (context) => {
  const { world, cloudwatch, metrics, notified, state } = await startCloudWatch(context);
  const gone = topic.replace('alerts', 'gone');
  await cloudwatch.putMetricAlarm(alarmOf({ AlarmActions: [gone], OKActions: [] }));
  await cloudwatch.putMetricAlarm(alarmOf({ AlarmName: 'silent' }));
  await cloudwatch.disableAlarmActions({ AlarmNames: ['silent', 'none'] });
  metrics.count('AWS/Lambda', 'Errors', functionName);
  await world.clock.advanceTo(worldStart + minute);
  assert.deepEqual([await state('errors'), await state('silent'), notified.length], ['ALARM', 'ALARM', 0]);
  await cloudwatch.enableAlarmActions({ AlarmNames: ['silent'] });
  await world.clock.advanceTo(worldStart + 60 * minute);
  assert.deepEqual([await state('silent'), notified.length], ['OK', 1]);
  const { AlarmHistoryItems = [] } = await cloudwatch.describeAlarmHistory({ AlarmName: 'errors' });
  assert.deepEqual(
    AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary),
    [
      'Alarm updated from ALARM to OK',
      `Failed to execute action ${gone}`,
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
      'Alarm "errors" created',
    ],
  );
});

test('a state that was set by hand holds until the metric is looked at again', async (context) => {
  const { world, cloudwatch, notified, state } = await startCloudWatch(context);
  await cloudwatch.putMetricAlarm(alarmOf());
  await world.clock.advanceTo(worldStart + 5 * minute);
  await cloudwatch.setAlarmState({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a drill' });
  assert.equal(await state(), 'ALARM');
  assert.equal(JSON.parse(notified.at(-1)?.message ?? '').NewStateReason, 'a drill');
  await world.clock.advanceTo(worldStart + 6 * minute);
  assert.equal(await state(), 'OK');
  const unknown = { AlarmName: 'none', StateValue: 'OK', StateReason: '' } as const;
  await assert.rejects(cloudwatch.setAlarmState(unknown), { name: 'ResourceNotFound' });
});

test('an alarm put again keeps its state and its tags, and is judged by its new settings', async (context) => {
  const { world, cloudwatch, metrics, state } = await startCloudWatch(context);
  const Tags = [{ Key: 'baton:owner', Value: 'feeds/local' }];
  await cloudwatch.putMetricAlarm(alarmOf({ Tags }));
  metrics.count('AWS/Lambda', 'Errors', functionName);
  await world.clock.advanceTo(worldStart + minute);
  await cloudwatch.putMetricAlarm(alarmOf({ Threshold: 5, Tags: [{ Key: 'other', Value: 'x' }] }));
  assert.equal(await state(), 'ALARM');
  assert.deepEqual((await cloudwatch.listTagsForResource({ ResourceARN: alarmArn })).Tags, Tags);
  await world.clock.advanceTo(worldStart + 2 * minute);
  assert.equal(await state(), 'OK');
});

test('alarms are found by name, prefix, state and action, page by page', async (context) => {
  const { cloudwatch } = await startCloudWatch(context);
  for (const AlarmName of ['a-1', 'a-2', 'a-3', 'b-1']) await cloudwatch.putMetricAlarm(alarmOf({ AlarmName }));
  const names = async (input: Parameters<typeof cloudwatch.describeAlarms>[0]) =>
    (await cloudwatch.describeAlarms(input)).MetricAlarms?.map(({ AlarmName }) => AlarmName);
  assert.deepEqual(await names({ AlarmNames: ['b-1', 'a-1', 'none'] }), ['a-1', 'b-1']);
  assert.deepEqual(await names({ AlarmNamePrefix: 'a-' }), ['a-1', 'a-2', 'a-3']);
  assert.deepEqual(await names({ StateValue: 'ALARM' }), []);
  assert.deepEqual(await names({ ActionPrefix: 'arn:aws:lambda' }), []);
  assert.deepEqual(await names({ AlarmTypes: ['CompositeAlarm'] }), []);
  const { NextToken } = await cloudwatch.describeAlarms({ MaxRecords: 3 });
  assert.deepEqual(await names({ MaxRecords: 3, NextToken }), ['b-1']);
  await assert.rejects(names({ NextToken: '?' }), { name: 'InvalidNextToken' });
  const { MetricAlarms } = await cloudwatch.describeAlarmsForMetric(alarmOf());
  assert.equal(MetricAlarms?.length, 4);
});

test('deleted alarms are gone, those that never were do not matter, and a new one starts afresh', async (context) => {
  const { world, cloudwatch, metrics, notified, state } = await startCloudWatch(context);
  await cloudwatch.putMetricAlarm(alarmOf());
  await cloudwatch.deleteAlarms({ AlarmNames: ['errors', 'none'] });
  metrics.count('AWS/Lambda', 'Errors', functionName);
  await world.clock.advanceTo(worldStart + 30 * minute);
  assert.deepEqual([notified, await state()], [[], undefined]);
  await cloudwatch.putMetricAlarm(alarmOf());
  assert.equal(await state(), 'INSUFFICIENT_DATA');
});

test('alarms have tags, and are found by them', async (context) => {
  const { world, cloudwatch } = await startCloudWatch(context);
  await cloudwatch.putMetricAlarm(alarmOf({ Tags: [{ Key: 'a', Value: '1' }] }));
  await cloudwatch.tagResource({ ResourceARN: alarmArn, Tags: [{ Key: 'b', Value: '2' }] });
  await cloudwatch.untagResource({ ResourceARN: alarmArn, TagKeys: ['a'] });
  const tagged = taggedResources(world);
  assert.deepEqual(tagged, [{ arn: alarmArn, tags: { b: '2' } }]);
  await assert.rejects(cloudwatch.listTagsForResource({ ResourceARN: alarmArn.replace('errors', 'none') }), {
    name: 'ResourceNotFoundException',
    ResourceType: 'alarm',
    ResourceId: 'none',
  });
});

const refusals: readonly (readonly [what: string, input: Partial<PutMetricAlarmCommandInput>, message: RegExp])[] = [
  ['a period of no whole minutes', { Period: 90 }, /multiple of 60/],
  ['more than a day of short periods', { Period: 300, EvaluationPeriods: 289 }, /more than a day .* <= 86400/],
  ['more than a week', { Period: 3_600, EvaluationPeriods: 169 }, /more than seven days .* <= 604800/],
  ['more datapoints than periods', { EvaluationPeriods: 2, DatapointsToAlarm: 3 }, /DatapointsToAlarm must be less/],
  ['a word for missing data that is none', { TreatMissingData: 'bad' }, /Option bad is not supported/],
  ['an action that is no ARN', { AlarmActions: ['alerts'] }, /Invalid arn syntax: alerts/],
  ['no metric', { MetricName: undefined }, /MetricName, Namespace and Period/],
  ['no statistic', { Statistic: undefined }, /Exactly one of Statistic/],
  ['no threshold', { Threshold: undefined }, /Threshold must be specified/],
  ['too many actions', { AlarmActions: Array.from({ length: 6 }, () => topic) }, /at 'alarmActions' failed/],
];

test('what is no alarm is refused as a validation error', async (context) => {
  const { cloudwatch, state } = await startCloudWatch(context);
  for (const [what, input, message] of refusals)
    await assert.rejects(cloudwatch.putMetricAlarm(alarmOf(input)), (error: Error) => {
      assert.equal(error.name, 'ValidationException', what);
      assert.match(error.message, message);
      return true;
    });
  for (const Period of [86_400, 3_600])
    await cloudwatch.putMetricAlarm(alarmOf({ Period, EvaluationPeriods: 604_800 / Period }));
  assert.equal(await state(), 'INSUFFICIENT_DATA');
});

test('what is not implemented is named', async (context) => {
  const { cloudwatch } = await startCloudWatch(context);
  for (const [input, message] of [
    [{ Metrics: [{ Id: 'm', Expression: '1' }] }, /metric math/],
    [{ ExtendedStatistic: 'p99' }, /percentiles/],
    [{ ComparisonOperator: 'GreaterThanUpperThreshold' }, /anomalies/],
    [{ Period: 10 }, /below 60 seconds/],
    [{ AlarmActions: ['arn:aws:lambda:eu-central-1:123456789012:function:f'] }, /actions of lambda/],
  ] satisfies readonly (readonly [Partial<PutMetricAlarmCommandInput>, RegExp])[])
    await assert.rejects(cloudwatch.putMetricAlarm(alarmOf(input)), message);
});

test('a long name is cut in the subject, and what is no ASCII becomes a question mark', async (context) => {
  const { world, cloudwatch, notified } = await startCloudWatch(context);
  await cloudwatch.putMetricAlarm(alarmOf({ AlarmName: `Zürich ${'x'.repeat(200)}` }));
  await world.clock.advanceTo(worldStart + minute);
  const [subject = ''] = notified.map((each) => each.subject);
  assert.equal(subject.length, 99);
  assert.match(subject, /^OK: "Z\?rich x+\.\.\." in EU \(Frankfurt\)$/);
});
