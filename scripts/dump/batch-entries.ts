import { ComputeEnvironment } from '../config/compute-environment-schema.ts';
import type { Environment } from '../config/environment-schema.ts';
import { nameInArn } from '../kinds/arn.ts';
import type { ComputeEnvironmentSpec } from '../kinds/compute-environment-spec.ts';
import type { JobDefinitionSpec } from '../kinds/job-definition-spec.ts';
import type { JobQueueSpec } from '../kinds/job-queue-spec.ts';
import type { SchedulingPolicySpec } from '../kinds/scheduling-policy.ts';
import { isFields } from '../reconcile/value.ts';
import { durationText, type Entry } from './entry.ts';

/** The name of the entry that something in AWS is described by; `undefined` where none does. */
export type EntryOf = (awsName: string) => string | undefined;

const unless = <Value>(value: Value, usual: Value): Value | undefined =>
  JSON.stringify(value) === JSON.stringify(usual) ? undefined : value;

export function environmentEntry(spec: ComputeEnvironmentSpec, network: Environment['network']): Entry {
  const { jobExecutionTimeoutMinutes: minutes, ...policy } = spec.updatePolicy;
  const known = Object.entries(spec.instances).filter(([name]) => name in ComputeEnvironment.shape);
  const unknown = Object.entries(spec.instances).filter(([name]) => !(name in ComputeEnvironment.shape));
  return {
    section: 'computeEnvironments',
    name: spec.name,
    fields: {
      name: spec.name,
      type: spec.type,
      state: spec.state,
      maxvCpus: spec.maxvCpus,
      subnets: unless(spec.subnets, network.subnets.toSorted()),
      securityGroupIds: unless(spec.securityGroupIds, network.securityGroupIds.toSorted()),
      ...Object.fromEntries(known),
      updatePolicy: {
        ...policy,
        ...(typeof minutes === 'number' && { jobExecutionTimeout: durationText(minutes * 60) }),
      },
      override: {
        ...spec.other,
        ...(unknown.length > 0 && { computeResources: Object.fromEntries(unknown) }),
      },
    },
  };
}

export const policyEntry = (spec: SchedulingPolicySpec): Entry => ({
  section: 'schedulingPolicies',
  name: spec.name,
  fields: {
    name: spec.name,
    shareDecay: spec.shareDecaySeconds === 0 ? undefined : durationText(spec.shareDecaySeconds),
    computeReservation: spec.computeReservation,
    shareDistribution: spec.shareDistribution,
    override: spec.other,
  },
});

export const queueEntry = (spec: JobQueueSpec, environments: EntryOf, policies: EntryOf): Entry => ({
  section: 'jobQueues',
  name: spec.name,
  fields: {
    name: spec.name,
    priority: spec.priority,
    computeEnvironments: spec.computeEnvironments.map((arn) => environments(nameInArn(arn)) ?? nameInArn(arn)),
    state: spec.state,
    schedulingPolicy: spec.schedulingPolicyArn === null ? undefined : policies(nameInArn(spec.schedulingPolicyArn)),
    timeLimits: spec.timeLimits.map(({ maxTimeSeconds, ...limit }) => ({
      ...limit,
      after: durationText(maxTimeSeconds),
    })),
    override: spec.other,
  },
});

/** Without these, config would give it baton's own: `null` takes them away. */
function takenAway({ executionRoleArn, logGroup, other }: JobDefinitionSpec) {
  const container = isFields(other['containerProperties']) ? other['containerProperties'] : {};
  const logging = isFields(container['logConfiguration']) ? container['logConfiguration'] : {};
  const options = isFields(logging['options']) ? logging['options'] : {};
  const ours = { 'awslogs-group': null, 'awslogs-region': null, 'awslogs-stream-prefix': null };
  return {
    ...other,
    containerProperties: {
      ...container,
      ...(executionRoleArn === null && { executionRoleArn: null }),
      ...(logGroup === null && { logConfiguration: { ...logging, options: { ...ours, ...options } } }),
    },
  };
}

/** Revisions that a hand registered are history: more of them are kept than of one that began here. */
const keptRevisions = 100;

export function definitionEntry(spec: JobDefinitionSpec): Entry {
  const { name, protect: _protect, timeoutSeconds, evaluateOnExit, other: _other, ...flat } = spec;
  const { assignPublicIp, ephemeralStorage, ...common } = flat;
  // EC2 knows neither, and config refuses what says nothing.
  const fields = spec.platform === 'EC2' ? common : { ...common, assignPublicIp, ephemeralStorage };
  const { containerProperties, ...override } = takenAway(spec);
  return {
    section: 'jobDefinitions',
    name,
    fields: {
      name,
      ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
      timeout: timeoutSeconds === null ? undefined : durationText(timeoutSeconds),
      evaluateOnExit:
        evaluateOnExit.length === 0
          ? undefined
          : evaluateOnExit.map((rule) =>
              Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null)),
            ),
      keepRevisions: keptRevisions,
      override: {
        ...override,
        ...(Object.keys(containerProperties).length > 0 && { containerProperties }),
      },
    },
  };
}
