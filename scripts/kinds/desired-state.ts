import type { AlarmSpec } from './alarm.ts';
import type { BucketSpec } from './bucket.ts';
import type { ComputeEnvironmentSpec } from './compute-environment-spec.ts';
import type { DeadLetterQueueSpec } from './dead-letter-queue.ts';
import type { FunctionSpec, Zips } from './function.ts';
import type { ImageSpec, Images } from './image.ts';
import type { JobDefinitionSpec } from './job-definition-spec.ts';
import type { JobQueueSpec } from './job-queue-spec.ts';
import type { LogGroupSpec } from './log-group.ts';
import type { RepositorySpec } from './repository.ts';
import type { RoleSpec } from './role.ts';
import type { RuleSpec } from './rule.ts';
import type { ScheduleSpec } from './schedule.ts';
import type { ScheduleGroupSpec } from './schedule-group.ts';
import type { SchedulingPolicySpec } from './scheduling-policy.ts';
import type { OurSubscriptions, SubscriptionSpec } from './subscription.ts';
import type { TopicSpec } from './topic.ts';

/** Everything that should be there, in the clothes of each kind, and what the code in it is made from. */
export interface DesiredState {
  readonly buckets: readonly BucketSpec[];
  readonly repositories: readonly RepositorySpec[];
  readonly images: readonly ImageSpec[];
  readonly roles: readonly RoleSpec[];
  readonly logGroups: readonly LogGroupSpec[];
  readonly deadLetterQueues: readonly DeadLetterQueueSpec[];
  readonly computeEnvironments: readonly ComputeEnvironmentSpec[];
  readonly schedulingPolicies: readonly SchedulingPolicySpec[];
  readonly jobQueues: readonly JobQueueSpec[];
  readonly jobDefinitions: readonly JobDefinitionSpec[];
  readonly functions: readonly FunctionSpec[];
  readonly topics: readonly TopicSpec[];
  readonly subscriptions: readonly SubscriptionSpec[];
  readonly rules: readonly RuleSpec[];
  readonly scheduleGroups: readonly ScheduleGroupSpec[];
  readonly schedules: readonly ScheduleSpec[];
  readonly alarms: readonly AlarmSpec[];
  /** The group that schedules of Scheduler are in, if there are any. */
  readonly scheduleGroup: string;
  readonly ourSubscriptions: OurSubscriptions;
  /** The name of the bucket that holds what baton notes for itself. */
  readonly stateBucket: string;
  /** How many revisions of a job definition stay, by its name. */
  readonly revisionsKept: ReadonlyMap<string, number>;
  readonly artifacts: Artifacts;
}

/** Specs name code by its hash; this is the code. */
interface Artifacts {
  readonly zips: Zips;
  readonly images: Images;
}
