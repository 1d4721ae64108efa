import type { ComparisonOperator, StateValue, Statistic } from '@aws-sdk/client-cloudwatch';
import type { AlarmSettings, Comparison, MissingData } from './alarm.ts';
import { type CloudWatchHandlers, invalid, notImplemented } from './handlers.ts';
import { checkPeriod, readDimensions } from './statistic.ts';

type Input = Parameters<NonNullable<CloudWatchHandlers['PutMetricAlarm']>>[0];

/** What a call sets. Throws ValidationError; what AWS would take and this does not, it names with a 501. */
export function settingsOf(input: Input): AlarmSettings {
  if (input.Metrics !== undefined) throw notImplemented('cloudwatch alarms on metric math');
  if (input.EvaluationCriteria !== undefined) throw notImplemented('cloudwatch alarms on PromQL queries');
  if (input.ExtendedStatistic !== undefined) throw notImplemented('cloudwatch alarms on percentiles');
  const { Namespace: namespace, MetricName: name, Period: period, EvaluationPeriods: evaluationPeriods = 1 } = input;
  if (namespace === undefined || name === undefined || period === undefined)
    throw invalid('MetricName, Namespace and Period must be specified for an alarm on a single metric');
  checkRange(period, evaluationPeriods);
  const datapointsToAlarm = input.DatapointsToAlarm;
  if (datapointsToAlarm !== undefined && datapointsToAlarm > evaluationPeriods)
    throw invalid('DatapointsToAlarm must be less than or equal to EvaluationPeriods');
  return {
    description: input.AlarmDescription,
    actionsEnabled: input.ActionsEnabled ?? true,
    actions: actionsOf(input),
    metric: { namespace, name, dimensions: readDimensions(input.Dimensions) },
    statistic: requireStatistic(input.Statistic),
    unit: input.Unit,
    period,
    evaluationPeriods,
    datapointsToAlarm,
    threshold: requireThreshold(input.Threshold),
    comparison: readComparison(input.ComparisonOperator),
    treatMissingData: readMissingData(input.TreatMissingData),
  };
}

function requireStatistic(statistic: Statistic | undefined): Statistic {
  if (statistic === undefined) throw invalid('Exactly one of Statistic and ExtendedStatistic must be specified');
  return statistic;
}

function requireThreshold(threshold: number | undefined): number {
  if (threshold === undefined) throw invalid('Threshold must be specified for an alarm on a static threshold');
  return threshold;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, EvaluationPeriods */
function checkRange(period: number, evaluationPeriods: number): void {
  checkPeriod(period);
  const [longest, words] = period < 3_600 ? [86_400, 'a day'] : [604_800, 'seven days'];
  if (period * evaluationPeriods > longest)
    throw invalid(
      `Metrics cannot be checked across more than ${words} (EvaluationPeriods * Period must be <= ${longest}).`,
    );
}

const comparisons: readonly string[] = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] satisfies Comparison[];
const isComparison = (operator: ComparisonOperator): operator is Comparison => comparisons.includes(operator);

function readComparison(operator: ComparisonOperator | undefined): Comparison {
  if (operator === undefined) throw invalid('ComparisonOperator must be specified for an alarm on a metric');
  if (!isComparison(operator)) throw notImplemented('cloudwatch alarms on anomalies');
  return operator;
}

const missingData: readonly string[] = ['breaching', 'notBreaching', 'ignore', 'missing'] satisfies MissingData[];
const isMissingData = (text: string): text is MissingData => missingData.includes(text);

function readMissingData(text: string | undefined): MissingData | undefined {
  if (text === undefined || isMissingData(text)) return text;
  throw invalid(`Option ${text} is not supported. Only [breaching, notBreaching, ignore, missing] are supported.`);
}

function actionsOf(input: Input): Readonly<Record<StateValue, readonly string[]>> {
  const actions = {
    OK: input.OKActions ?? [],
    ALARM: input.AlarmActions ?? [],
    INSUFFICIENT_DATA: input.InsufficientDataActions ?? [],
  };
  for (const arn of Object.values(actions).flat()) checkAction(arn);
  return actions;
}

function checkAction(arn: string): void {
  const [scheme, , service] = arn.split(':');
  if (scheme !== 'arn' || service === undefined) throw invalid(`Invalid arn syntax: ${arn}`);
  if (service !== 'sns') throw notImplemented(`cloudwatch alarm actions of ${service}`);
}
