import { type Target, Target$ } from '@aws-sdk/client-scheduler';
import type { Value } from '../reconcile/kind.ts';
import { type Fields, plainFields } from '../reconcile/value.ts';
import { laidOver, otherFields } from './aws-fields.ts';
import { asRequest, requestShape } from './request-shape.ts';
import { defaultRetries } from './rule-target.ts';
import { parsedJson } from './target-input.ts';

/** The one target that a schedule of Scheduler has. */
export interface ScheduleTarget {
  readonly arn: string;
  /** What Scheduler acts as when it invokes the target, and when it sends to the dead-letter queue. */
  readonly roleArn: string;
  /** What the target gets, `<aws.scheduler.scheduled-time>` and the like filled in; `null` for Scheduler's own event. */
  readonly input: Value;
  readonly retries: number;
  readonly maximumAgeSeconds: number;
  readonly deadLetterArn: string | null;
  /** All else that a target may say, in Scheduler's names: `SqsParameters`, `EcsParameters`. */
  readonly other: Fields;
}

const known = ['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig'];

/** A target as Scheduler has it, or as somebody wrote it in Scheduler's own words. */
export const scheduleTargetOf = (target: Partial<Target>): ScheduleTarget => ({
  arn: target.Arn ?? '',
  roleArn: target.RoleArn ?? '',
  input: target.Input === undefined ? null : parsedJson(target.Input),
  retries: target.RetryPolicy?.MaximumRetryAttempts ?? defaultRetries.retries,
  maximumAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? defaultRetries.maximumAgeSeconds,
  deadLetterArn: target.DeadLetterConfig?.Arn ?? null,
  other: otherFields(target, known),
});

export const scheduleTargetRequest = (target: ScheduleTarget): Target => ({
  ...target.other,
  Arn: target.arn,
  RoleArn: target.roleArn,
  ...(target.input === null
    ? {}
    : { Input: typeof target.input === 'string' ? target.input : JSON.stringify(target.input) }),
  RetryPolicy: { MaximumRetryAttempts: target.retries, MaximumEventAgeInSeconds: target.maximumAgeSeconds },
  ...(target.deadLetterArn === null ? {} : { DeadLetterConfig: { Arn: target.deadLetterArn } }),
});

const shape = requestShape(Target$);

/** A target as config has it in Scheduler's own words. Throws for a field that Scheduler does not have. */
export const writtenScheduleTarget = (fields: object): ScheduleTarget =>
  scheduleTargetOf(asRequest<Target>(shape, 'a target of a schedule', plainFields(fields)));

/** A target with fields of Scheduler laid over it. Throws as {@link writtenScheduleTarget}. */
export const overriddenScheduleTarget = (target: ScheduleTarget, override: object): ScheduleTarget =>
  writtenScheduleTarget(laidOver(plainFields(scheduleTargetRequest(target)), plainFields(override)));
