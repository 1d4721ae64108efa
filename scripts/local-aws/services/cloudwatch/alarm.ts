import type { ComparisonOperator, StandardUnit, StateValue, Statistic } from '@aws-sdk/client-cloudwatch';
import type { MetricId } from './metric-store.ts';

/** The comparisons with a threshold; the others are with a band that CloudWatch finds itself. */
export type Comparison = Exclude<ComparisonOperator, `${string}Lower${string}` | `${string}UpperThreshold`>;

export type MissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';

/** What PutMetricAlarm sets, all of it at once. */
export interface AlarmSettings {
  readonly description: string | undefined;
  readonly actionsEnabled: boolean;
  /** ARNs of topics to tell when the alarm enters a state. */
  readonly actions: Readonly<Record<StateValue, readonly string[]>>;
  readonly metric: MetricId;
  readonly statistic: Statistic;
  readonly unit: StandardUnit | undefined;
  /** Seconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
  /** As many as the evaluation periods when absent. */
  readonly datapointsToAlarm: number | undefined;
  readonly threshold: number;
  readonly comparison: Comparison;
  /** `missing` when absent. */
  readonly treatMissingData: MissingData | undefined;
}

export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON. */
  readonly reasonData: string | undefined;
  readonly since: Date;
}

export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly tags: Map<string, string>;
  settings: AlarmSettings;
  configured: Date;
  state: AlarmState;
  /** When it is looked at next. */
  due: number | undefined;
}
