import type {
  AttemptDetail,
  CEState,
  CEStatus,
  ComputeEnvironmentOrder,
  ComputeResource,
  ContainerDetail,
  ContainerProperties,
  FairsharePolicy,
  JobDefinitionType,
  JobDependency,
  JobStateTimeLimitAction,
  JobStatus,
  JQState,
  JQStatus,
  PlatformCapability,
  RetryStrategy,
  UpdatePolicy,
} from '@aws-sdk/client-batch';
import type { Timer } from '../../runtime/clock.ts';
import type { Handlers } from '../../wire/service.ts';
import type { World } from '../../world.ts';

export type BatchHandlers = Handlers<typeof import('@aws-sdk/client-batch')>;
export type Tags = Record<string, string>;

export interface ComputeEnvironment {
  readonly name: string;
  readonly arn: string;
  readonly uuid: string;
  readonly ecsClusterArn: string;
  state: CEState;
  status: CEStatus;
  statusReason: string;
  resources: ComputeResource;
  serviceRole: string;
  updatePolicy?: UpdatePolicy;
  tags: Tags;
  deletedAt?: number;
}

export interface JobQueue {
  readonly name: string;
  readonly arn: string;
  readonly fargate: boolean;
  state: JQState;
  status: JQStatus;
  statusReason: string;
  priority: number;
  schedulingPolicyArn?: string;
  /** By ARN, in ascending order. */
  environments: readonly ComputeEnvironmentOrder[];
  timeLimits: readonly JobStateTimeLimitAction[];
  tags: Tags;
  /** Waiting for capacity, oldest first. */
  readonly runnable: Job[];
  /** Jobs that have not ended, children of arrays included. */
  unfinished: number;
  /** Set while the queue is being deleted. */
  onDrained?: () => void;
  deletedAt?: number;
}

export interface SchedulingPolicy {
  readonly name: string;
  readonly arn: string;
  fairsharePolicy: FairsharePolicy;
  tags: Tags;
}

export interface JobDefinition {
  readonly name: string;
  readonly arn: string;
  readonly revision: number;
  status: 'ACTIVE' | 'INACTIVE';
  readonly type: JobDefinitionType;
  readonly container: ContainerProperties;
  readonly parameters: Readonly<Record<string, string>>;
  readonly retryStrategy?: RetryStrategy;
  readonly timeoutSeconds?: number;
  readonly platformCapabilities?: PlatformCapability[];
  readonly propagateTags: boolean;
  readonly schedulingPriority?: number;
  tags: Tags;
}

/** What an attempt shows of its container, as far as it has come. */
type ContainerState = Pick<
  ContainerDetail,
  'exitCode' | 'reason' | 'taskArn' | 'logStreamName' | 'containerInstanceArn' | 'networkInterfaces'
>;

export interface Job {
  /** A child of an array job has its parent's id, a colon and its index. */
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** The order of submission. */
  readonly sequence: number;
  readonly queue: JobQueue;
  readonly definition: JobDefinition;
  /** The definition's container with the submission's overrides and parameters. */
  readonly container: ContainerProperties;
  readonly parameters: Readonly<Record<string, string>>;
  readonly retryStrategy: RetryStrategy;
  readonly timeoutSeconds?: number;
  readonly dependsOn: readonly JobDependency[];
  readonly propagateTags: boolean;
  readonly shareIdentifier?: string;
  readonly schedulingPriority?: number;
  readonly createdAt: number;
  readonly tags: Tags;
  readonly array?: { readonly children: readonly Job[]; unfinished: number };
  readonly child?: { readonly parent: Job; readonly index: number };
  /** Jobs that must succeed before this one may run. */
  readonly waitsFor: Set<Job>;
  readonly dependents: Job[];
  readonly attempts: AttemptDetail[];
  status: JobStatus;
  statusReason?: string;
  startedAt?: number;
  stoppedAt?: number;
  current: ContainerState;
  /** When it came to the place in the queue that it holds. */
  positionedAt?: number;
  /** Runs while a blocked job may still be cancelled by its queue's time limits. */
  timeLimit?: Timer;
  stop?: { readonly kind: 'cancelled' | 'terminated'; readonly reason: string };
  /** Stops the attempt that is under way. */
  interrupt?: () => void;
  /** Characters that the submission's overrides take in ECS's RunTask. */
  readonly overridesLength: number;
}

export interface BatchState {
  readonly world: World;
  /** Ends a transition of a compute environment or a queue once it has settled. */
  readonly settle: (finish: () => void) => void;
  readonly environments: Map<string, ComputeEnvironment>;
  /** ARNs of compute environments that a queue has let go of, which Batch has not noticed yet. */
  readonly detaching: Set<string>;
  readonly queues: Map<string, JobQueue>;
  readonly policies: Map<string, SchedulingPolicy>;
  /** Revisions by name, oldest first. */
  readonly definitions: Map<string, JobDefinition[]>;
  readonly jobs: Map<string, Job>;
}

export const arnOf = ({ partition, region, account }: World, resource: string): string =>
  `arn:${partition}:batch:${region}:${account}:${resource}`;

/** DELETED records are still shown for a while, under a name that can be used again. */
export const lingersFor = 60 * 60 * 1000;

/** Takes an ARN or a name: the last part of Batch's ARNs is the name. */
export const nameIn = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);

export const isFargate = (environment: ComputeEnvironment): boolean =>
  environment.resources.type?.startsWith('FARGATE') === true;
