/** What CloudWatch publishes to topics. */
import type { Statistic } from '@aws-sdk/client-cloudwatch';
import type { World } from '../../world.ts';
import type { Alarm, AlarmState } from './alarm.ts';
import { timestamp } from './reason.ts';
import { regionName } from './region-name.ts';

const statisticTypes: Readonly<Record<Statistic, string>> = {
  SampleCount: 'SAMPLE_COUNT',
  Average: 'AVERAGE',
  Sum: 'SUM',
  Minimum: 'MINIMUM',
  Maximum: 'MAXIMUM',
};

/** The JSON that CloudWatch sends, with the members in its order. */
export function messageOf({ account, region }: World, alarm: Alarm, before: AlarmState): string {
  const { name, arn, settings, configured, state } = alarm;
  return JSON.stringify({
    AlarmName: name,
    AlarmDescription: settings.description ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: timestamp(configured.getTime()),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: timestamp(state.since.getTime()),
    Region: regionName(region),
    AlarmArn: arn,
    OldStateValue: before.value,
    OKActions: settings.actions.OK,
    AlarmActions: settings.actions.ALARM,
    InsufficientDataActions: settings.actions.INSUFFICIENT_DATA,
    Trigger: triggerOf(alarm),
  });
}

const triggerOf = ({ settings }: Alarm) => ({
  MetricName: settings.metric.name,
  Namespace: settings.metric.namespace,
  StatisticType: 'Statistic',
  Statistic: statisticTypes[settings.statistic],
  Unit: settings.unit ?? null,
  Dimensions: Object.entries(settings.metric.dimensions).map(([name, value]) => ({ value, name })),
  Period: settings.period,
  EvaluationPeriods: settings.evaluationPeriods,
  ...(settings.datapointsToAlarm !== undefined && { DatapointsToAlarm: settings.datapointsToAlarm }),
  ComparisonOperator: settings.comparison,
  Threshold: settings.threshold,
  TreatMissingData: settings.treatMissingData ?? 'missing',
  EvaluateLowSampleCountPercentile: '',
});

/** The most that SNS takes of a subject. */
const longestSubject = 99;

/** `ALARM: "dead letters" in EU (Frankfurt)`. SNS takes ASCII only, and a long name is cut. */
export function subjectOf({ region }: World, { name, state }: Alarm): string {
  const rest = `${state.value}: "" in ${regionName(region)}`.length;
  const shortened = name.length + rest <= longestSubject ? name : `${name.slice(0, longestSubject - rest - 3)}...`;
  return `${state.value}: "${shortened.replace(/[^ -~]/g, '?')}" in ${regionName(region)}`;
}
