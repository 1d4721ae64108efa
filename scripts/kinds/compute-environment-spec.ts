import {
  type ComputeEnvironmentDetail,
  type CreateComputeEnvironmentRequest,
  CreateComputeEnvironmentRequest$,
  type UpdateComputeEnvironmentRequest,
  UpdateComputeEnvironmentRequest$,
} from '@aws-sdk/client-batch';
import { diff } from '../reconcile/diff.ts';
import type { Value } from '../reconcile/kind.ts';
import { type Fields, isFields, isList, plainFields } from '../reconcile/value.ts';
import { canonical, laidOver, without } from './aws-fields.ts';
import { givenTags, taggedWith } from './batch-tags.ts';
import { asRequest, requestShape } from './request-shape.ts';

export interface ComputeEnvironmentSpec {
  readonly name: string;
  readonly protect: boolean;
  readonly type: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly maxvCpus: number;
  /** Sorted. */
  readonly subnets: readonly string[];
  /** Sorted. */
  readonly securityGroupIds: readonly string[];
  /** What AWS's computeResources say of EC2 instances; nothing on Fargate. */
  readonly instances: Fields;
  /** What becomes of running jobs when AWS replaces the instances. */
  readonly updatePolicy: Fields;
  /** What else CreateComputeEnvironment takes. */
  readonly other: Fields;
}

export const createShape = requestShape(CreateComputeEnvironmentRequest$);
const updateShape = requestShape(UpdateComputeEnvironmentRequest$);

/** What a request and an answer have in common; an update policy is no part of a creation. */
type Described = Partial<CreateComputeEnvironmentRequest> & Pick<ComputeEnvironmentDetail, 'updatePolicy'>;

const isOnEc2 = (type: string): boolean => type === 'EC2' || type === 'SPOT';

/** Strategies under which Batch prefers the instance types that stand first. */
const ordered: ReadonlySet<Value | undefined> = new Set([
  'BEST_FIT_PROGRESSIVE_ORDERED',
  'SPOT_CAPACITY_OPTIMIZED_PRIORITIZED',
]);

/** AWS shows beside an image's type whether a newer one is there. */
function withoutStatus(configuration: Value): Value {
  if (!isFields(configuration)) return configuration;
  const { batchImageStatus: _, ...rest } = configuration;
  return rest;
}

/** Of instances: without what AWS fills in, and without `desiredvCpus`, which is AWS's own. */
function instancesOf(type: string, resources: Fields): Fields {
  const { desiredvCpus: _, instanceTypes, ec2Configuration, launchTemplate, ...rest } = resources;
  // None of it can be given for Fargate, so that a nought in an answer is AWS's own.
  if (!isOnEc2(type)) return without(rest, { minvCpus: 0 });
  // Nothing said is BEST_FIT: https://docs.aws.amazon.com/batch/latest/userguide/allocation-strategies.html
  const allocationStrategy = rest['allocationStrategy'] ?? 'BEST_FIT';
  const types = isList(instanceTypes) && !ordered.has(allocationStrategy) ? instanceTypes.toSorted() : instanceTypes;
  return canonical({
    ...without(rest, { bidPercentage: 100 }),
    minvCpus: rest['minvCpus'] ?? 0,
    allocationStrategy,
    ...without(
      {
        instanceTypes: types,
        ec2Configuration: isList(ec2Configuration) ? ec2Configuration.map(withoutStatus) : ec2Configuration,
      },
      { ec2Configuration: [{ imageType: 'ECS_AL2023' }] },
    ),
    ...(isFields(launchTemplate) && { launchTemplate: without(launchTemplate, { version: '$Default' }) }),
  });
}

const defaults: Fields = { type: 'MANAGED', context: '', ecsSettings: { containerInsights: 'DISABLED' } };

/** Batch's own role is the default, and says nothing. */
const isServiceLinked = (role: string): boolean => /:role\/aws-service-role\/batch\./.test(role);

/** A request or an answer in the spec's clothes. */
export function environmentSpec(described: Described, protect: boolean): ComputeEnvironmentSpec {
  const { computeEnvironmentName, state, computeResources, updatePolicy, serviceRole, tags, ...rest } = described;
  const { type = '', maxvCpus, subnets = [], securityGroupIds = [], ...resources } = computeResources ?? {};
  return {
    name: computeEnvironmentName ?? '',
    protect,
    type,
    state: state ?? 'ENABLED',
    maxvCpus: maxvCpus ?? 0,
    subnets: subnets.toSorted(),
    securityGroupIds: securityGroupIds.toSorted(),
    instances: instancesOf(type, canonical(resources)),
    updatePolicy: without(canonical(updatePolicy ?? {}), {
      terminateJobsOnUpdate: false,
      jobExecutionTimeoutMinutes: 30,
    }),
    other: without(
      canonical({
        ...rest,
        ...(serviceRole !== undefined && !isServiceLinked(serviceRole) && { serviceRole }),
        tags: givenTags(tags),
      }),
      defaults,
    ),
  };
}

const resourcesOf = ({ type, maxvCpus, subnets, securityGroupIds, instances }: ComputeEnvironmentSpec): Fields => ({
  type,
  maxvCpus,
  subnets,
  securityGroupIds,
  ...instances,
});

const creation = (spec: ComputeEnvironmentSpec): Fields => ({
  computeEnvironmentName: spec.name,
  type: 'MANAGED',
  // It must be created enabled; disabling it is an update.
  state: 'ENABLED',
  // What is UNMANAGED has none.
  ...(spec.type !== '' && { computeResources: resourcesOf(spec) }),
  ...spec.other,
});

export const createRequest = (
  spec: ComputeEnvironmentSpec,
  ourTags: Readonly<Record<string, string>>,
): CreateComputeEnvironmentRequest =>
  asRequest(createShape, 'CreateComputeEnvironment', taggedWith(creation(spec), ourTags));

/** The spec with fields of CreateComputeEnvironment laid over what it would ask for. */
export function overriddenEnvironment(spec: ComputeEnvironmentSpec, override: object): ComputeEnvironmentSpec {
  const request = laidOver({ ...creation(spec), state: spec.state }, plainFields(override));
  const described = asRequest<CreateComputeEnvironmentRequest>(createShape, 'CreateComputeEnvironment', request);
  return { ...environmentSpec(described, spec.protect), updatePolicy: spec.updatePolicy };
}

/**
 * How AWS is told that a field is not wanted any more.
 * https://docs.aws.amazon.com/batch/latest/APIReference/API_ComputeResourceUpdate.html
 */
const emptied: Fields = {
  context: '',
  ecsSettings: { containerInsights: 'DISABLED' },
  bidPercentage: 100,
  ec2Configuration: [],
  ec2KeyPair: '',
  imageId: '',
  launchTemplate: { launchTemplateId: '' },
  minvCpus: 0,
  placementGroup: '',
  tags: {},
};

/** The fields of `desired` that are not those of `live`; what is gone has the value that AWS takes it away by. */
function changes(live: Fields, desired: Fields): Fields {
  const names = [...new Set([...Object.keys(live), ...Object.keys(desired)])].sort();
  const changed = names.filter((name) => diff(live[name], desired[name]).length > 0);
  return Object.fromEntries(
    changed.map((name) => {
      const value = desired[name] ?? emptied[name];
      if (value === undefined) throw new Error(`AWS has no way to take ${name} away: give it a value`);
      return [name, value];
    }),
  );
}

/**
 * What turns one into the other in place; `undefined` where only tags differ. Only what differs is sent: what replaces
 * instances must not be sent to who only wants more of them.
 */
export function updateRequest(
  live: ComputeEnvironmentSpec,
  desired: ComputeEnvironmentSpec,
): UpdateComputeEnvironmentRequest | undefined {
  const { tags: _live, ...before } = live.other;
  const { tags: _desired, ...after } = desired.other;
  const computeResources = changes(plainFields(resourcesOf(live)), plainFields(resourcesOf(desired)));
  const request = {
    ...changes(before, after),
    ...(live.state !== desired.state && { state: desired.state }),
    ...(diff(live.updatePolicy, desired.updatePolicy).length > 0 && {
      updatePolicy: { terminateJobsOnUpdate: false, jobExecutionTimeoutMinutes: 30, ...desired.updatePolicy },
    }),
    ...(Object.keys(computeResources).length > 0 && {
      computeResources: {
        ...computeResources,
        // Else instances go on with the image of the template before.
        ...(computeResources['launchTemplate'] !== undefined && { updateToLatestImageVersion: true }),
      },
    }),
  };
  if (Object.keys(request).length === 0) return undefined;
  return asRequest(updateShape, 'UpdateComputeEnvironment', { computeEnvironment: desired.name, ...request });
}

/**
 * What cannot be changed in place, by the field of the spec that says it; two environments that differ in it are two.
 *
 * | field | changed in place |
 * |---|---|
 * | state, maxvCpus, minvCpus, tags of the environment | always |
 * | subnets, securityGroupIds on Fargate | always |
 * | type | from EC2 to SPOT and back; never to, from or between FARGATE and FARGATE_SPOT |
 * | subnets, securityGroupIds, instances on EC2 | where Batch uses its service-linked role and the strategy is not BEST_FIT |
 * | spotIamFleetRole | never |
 * | serviceRole | to another one of one's own; never from or to the service-linked one |
 *
 * https://docs.aws.amazon.com/batch/latest/userguide/infrastructure-updates.html
 * https://docs.aws.amazon.com/batch/latest/APIReference/API_UpdateComputeEnvironment.html
 */
export function environmentIdentity(spec: ComputeEnvironmentSpec): Fields {
  const { type, subnets, securityGroupIds, instances } = spec;
  const {
    tags: _,
    context: _context,
    ecsSettings: _settings,
    unmanagedvCpus: _vcpus,
    serviceRole,
    ...other
  } = spec.other;
  const { minvCpus: _minimum, spotIamFleetRole, ...fixed } = instances;
  const replaced = { ...other, ...(serviceRole !== undefined && { serviceRole: true }) };
  const settled = serviceRole !== undefined || fixed['allocationStrategy'] === 'BEST_FIT';
  const parts: Fields = isOnEc2(type)
    ? settled
      ? { type, subnets, securityGroupIds, instances: { ...fixed, spotIamFleetRole } }
      : { type: 'EC2', instances: { spotIamFleetRole } }
    : { type };
  return canonical({ ...parts, other: replaced });
}

/** The fields of the spec whose change makes it another environment. */
export function identityChanges(
  live: ComputeEnvironmentSpec,
  desired: ComputeEnvironmentSpec,
): readonly ('type' | 'subnets' | 'securityGroupIds' | 'instances' | 'other')[] {
  const [before, after] = [environmentIdentity(live), environmentIdentity(desired)];
  const parts = ['type', 'subnets', 'securityGroupIds', 'instances', 'other'] as const;
  return parts.filter((part) => diff(before[part], after[part]).length > 0);
}
