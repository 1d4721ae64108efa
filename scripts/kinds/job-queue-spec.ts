import {
  type CreateJobQueueRequest,
  CreateJobQueueRequest$,
  type UpdateJobQueueRequest,
  UpdateJobQueueRequest$,
} from '@aws-sdk/client-batch';
import { type Fields, plainFields } from '../reconcile/value.ts';
import { canonical, laidOver } from './aws-fields.ts';
import { givenTags, taggedWith } from './batch-tags.ts';
import { asRequest, requestShape } from './request-shape.ts';

/** What becomes of the job at the head of a queue that cannot start. */
interface TimeLimit {
  /** AWS's word for why it does not start: the same as in the job's status reason. */
  readonly reason: string;
  readonly state: string;
  readonly maxTimeSeconds: number;
  readonly action: string;
}

export interface JobQueueSpec {
  readonly name: string;
  readonly protect: boolean;
  readonly state: 'ENABLED' | 'DISABLED';
  /** The higher number is served first. */
  readonly priority: number;
  /** ARNs, in the order in which they are tried. */
  readonly computeEnvironments: readonly string[];
  /** `null`: first in, first out. */
  readonly schedulingPolicyArn: string | null;
  /** Sorted by reason. */
  readonly timeLimits: readonly TimeLimit[];
  /** What else CreateJobQueue takes. */
  readonly other: Fields;
}

export const createShape = requestShape(CreateJobQueueRequest$);
const updateShape = requestShape(UpdateJobQueueRequest$);

/** What Batch calls a queue for jobs in containers, whatever its environments. */
const containerTypes: ReadonlySet<string | undefined> = new Set(['ECS', 'ECS_FARGATE', 'EKS']);

/** A request or an answer in the spec's clothes. */
export function queueSpec(described: Partial<CreateJobQueueRequest>, protect: boolean): JobQueueSpec {
  const { jobQueueName, state, priority, schedulingPolicyArn, jobQueueType, tags, ...more } = described;
  const { computeEnvironmentOrder = [], jobStateTimeLimitActions = [], ...rest } = more;
  return {
    name: jobQueueName ?? '',
    protect,
    state: state ?? 'ENABLED',
    priority: priority ?? 0,
    computeEnvironments: computeEnvironmentOrder
      .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
      .flatMap(({ computeEnvironment }) => computeEnvironment ?? []),
    schedulingPolicyArn: schedulingPolicyArn ?? null,
    timeLimits: jobStateTimeLimitActions
      .map(({ reason = '', state: of = 'RUNNABLE', maxTimeSeconds = 0, action = 'CANCEL' }) => ({
        reason,
        state: of,
        maxTimeSeconds,
        action,
      }))
      .sort((a, b) => (a.reason < b.reason ? -1 : 1)),
    other: canonical({
      ...rest,
      ...(!containerTypes.has(jobQueueType) && { jobQueueType }),
      tags: givenTags(tags),
    }),
  };
}

const changeable = (spec: JobQueueSpec): Fields => ({
  state: spec.state,
  priority: spec.priority,
  // A queue for jobs of other services has none.
  ...(spec.computeEnvironments.length > 0 && {
    computeEnvironmentOrder: spec.computeEnvironments.map((computeEnvironment, at) => ({
      order: at + 1,
      computeEnvironment,
    })),
  }),
  ...(spec.schedulingPolicyArn !== null && { schedulingPolicyArn: spec.schedulingPolicyArn }),
  jobStateTimeLimitActions: spec.timeLimits.map((limit) => ({ ...limit })),
});

const creation = (spec: JobQueueSpec): Fields => ({ jobQueueName: spec.name, ...changeable(spec), ...spec.other });

export const createRequest = (spec: JobQueueSpec, ourTags: Readonly<Record<string, string>>): CreateJobQueueRequest =>
  asRequest(createShape, 'CreateJobQueue', taggedWith(creation(spec), ourTags));

/** The spec with fields of CreateJobQueue laid over what it would ask for. */
export function overriddenQueue(spec: JobQueueSpec, override: object): JobQueueSpec {
  const request = laidOver(plainFields(creation(spec)), plainFields(override));
  return queueSpec(asRequest<CreateJobQueueRequest>(createShape, 'CreateJobQueue', request), spec.protect);
}

export function updateRequest(spec: JobQueueSpec): UpdateJobQueueRequest {
  const { tags: _, jobQueueType: _type, ...other } = spec.other;
  return asRequest(updateShape, 'UpdateJobQueue', { jobQueue: spec.name, ...changeable(spec), ...other });
}

/**
 * A scheduling policy is neither given to a queue later nor taken from it, only exchanged; and a queue keeps its type.
 * https://docs.aws.amazon.com/batch/latest/APIReference/API_UpdateJobQueue.html
 */
export function fixedChanges(live: JobQueueSpec, desired: JobQueueSpec): readonly ('schedulingPolicyArn' | 'other')[] {
  const scheduling = (live.schedulingPolicyArn === null) !== (desired.schedulingPolicyArn === null);
  const type = live.other['jobQueueType'] !== desired.other['jobQueueType'];
  return [...(scheduling ? (['schedulingPolicyArn'] as const) : []), ...(type ? (['other'] as const) : [])];
}
