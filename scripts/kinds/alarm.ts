import {
  type ComparisonOperator,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type Statistic,
} from '@aws-sdk/client-cloudwatch';
import type { Aws } from '../aws/clients.ts';
import { found, isError } from '../aws/errors.ts';
import { adopt, completed, ownerIn, ownerTagList, readOwned } from '../aws/ownership.ts';
import { type TagList, tagsByName } from '../aws/tag-index.ts';
import type { Listing, Observed, ResourceKind } from '../reconcile/kind.ts';
import type { Fields } from '../reconcile/value.ts';
import { refsTo } from './arn.ts';
import { otherFields } from './aws-fields.ts';

/** An alarm on one metric. What AWS calls actions are topics that are told of a state. */
export interface AlarmSpec {
  readonly name: string;
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `null` for an alarm that a hand has put on a percentile. */
  readonly statistic: Statistic | null;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  /** How many of the periods must breach. */
  readonly datapointsToAlarm: number;
  readonly threshold: number | null;
  readonly comparison: ComparisonOperator;
  readonly missingData: string;
  readonly actionsEnabled: boolean;
  /** Sorted. */
  readonly onAlarm: readonly string[];
  readonly onOk: readonly string[];
  readonly onInsufficientData: readonly string[];
  /** All else that makes an alarm, in CloudWatch's names; ours have nothing of it. */
  readonly other: Fields;
}

/** What makes an alarm more than one on one metric; the rest of AWS's answer is its state. */
const furtherSettings = ({
  Unit,
  ExtendedStatistic,
  EvaluateLowSampleCountPercentile,
  Metrics,
  ThresholdMetricId,
}: MetricAlarm): Fields =>
  otherFields({ Unit, ExtendedStatistic, EvaluateLowSampleCountPercentile, Metrics, ThresholdMetricId }, []);

const toSpec = (live: MetricAlarm): AlarmSpec => ({
  name: live.AlarmName ?? '',
  description: live.AlarmDescription ?? '',
  namespace: live.Namespace ?? '',
  metric: live.MetricName ?? '',
  dimensions: Object.fromEntries((live.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value])),
  statistic: live.Statistic ?? null,
  periodSeconds: live.Period ?? 0,
  evaluationPeriods: live.EvaluationPeriods ?? 1,
  datapointsToAlarm: live.DatapointsToAlarm ?? live.EvaluationPeriods ?? 1,
  threshold: live.Threshold ?? null,
  comparison: live.ComparisonOperator ?? 'GreaterThanThreshold',
  missingData: live.TreatMissingData ?? 'missing',
  actionsEnabled: live.ActionsEnabled ?? true,
  onAlarm: (live.AlarmActions ?? []).toSorted(),
  onOk: (live.OKActions ?? []).toSorted(),
  onInsufficientData: (live.InsufficientDataActions ?? []).toSorted(),
  other: furtherSettings(live),
});

/** Alarms by name: CloudWatch takes a hundred names at once. */
async function describe(aws: Aws, names: readonly string[]): Promise<ReadonlyMap<string, MetricAlarm>> {
  const alarms = await completed([...new Set(names)], [], async (AlarmNames) => {
    aws.signal.throwIfAborted();
    const request = new DescribeAlarmsCommand({
      AlarmNames: [...AlarmNames],
      AlarmTypes: ['MetricAlarm'],
      MaxRecords: 100,
    });
    const { MetricAlarms = [] } = await aws.cloudwatch.send(request);
    return MetricAlarms.map((live) => ({ name: live.AlarmName ?? '', live, owner: undefined }));
  });
  return new Map(alarms.map(({ name, live }) => [name, live]));
}

async function read(
  aws: Aws,
  live: MetricAlarm | undefined,
  known: TagList | undefined,
): Promise<Observed<MetricAlarm> | undefined> {
  if (live === undefined) return undefined;
  const name = live.AlarmName ?? '';
  if (known !== undefined) return { name, live, owner: ownerIn(known) };
  const tags = await found(aws.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: live.AlarmArn })));
  return tags === undefined ? undefined : { name, live, owner: ownerIn(tags.Tags) };
}

async function list(aws: Aws, names: readonly string[]): Promise<Listing<MetricAlarm>> {
  const taggable = { resourceType: 'cloudwatch:alarm', before: 'alarm:' } as const;
  const tagged = tagsByName(await aws.tagged(), taggable);
  const alarms = await describe(aws, [...names, ...tagged.keys()]);
  return readOwned(aws, taggable, names, (name, tags) => read(aws, alarms.get(name), tags));
}

/** PutMetricAlarm sets everything, what it is not told too. Tags count when it creates, and only then. */
async function put(aws: Aws, alarm: AlarmSpec): Promise<void> {
  await aws.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: alarm.name,
      AlarmDescription: alarm.description,
      Namespace: alarm.namespace,
      MetricName: alarm.metric,
      Dimensions: Object.entries(alarm.dimensions).map(([Name, Value]) => ({ Name, Value })),
      ...(alarm.statistic === null ? {} : { Statistic: alarm.statistic }),
      Period: alarm.periodSeconds,
      EvaluationPeriods: alarm.evaluationPeriods,
      DatapointsToAlarm: alarm.datapointsToAlarm,
      ...(alarm.threshold === null ? {} : { Threshold: alarm.threshold }),
      ComparisonOperator: alarm.comparison,
      TreatMissingData: alarm.missingData,
      ActionsEnabled: alarm.actionsEnabled,
      AlarmActions: [...alarm.onAlarm],
      OKActions: [...alarm.onOk],
      InsufficientDataActions: [...alarm.onInsufficientData],
      Tags: ownerTagList(aws),
    }),
  );
}

/** CloudWatch's own name for an alarm that is not there. */
const isGone = (error: unknown): boolean => isError(error, 'ResourceNotFound');

/** A CloudWatch alarm on one metric of what is ours. */
export const alarmKind = (aws: Aws): ResourceKind<AlarmSpec, MetricAlarm> => ({
  kind: 'alarm',
  immutable: [],
  references: ({ onAlarm, onOk, onInsufficientData }) => [...onAlarm, ...onOk, ...onInsufficientData].flatMap(refsTo),
  list: (names) => list(aws, names),
  toSpec,
  create: (desired) => put(aws, desired),
  update: (_live, desired) => put(aws, desired),
  delete: async ({ AlarmName = '' }) => {
    await found(aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })), isGone);
  },
  adopt: ({ AlarmArn = '' }) => adopt(aws, AlarmArn),
});
