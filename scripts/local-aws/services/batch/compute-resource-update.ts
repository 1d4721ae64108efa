import type { ComputeResource, ComputeResourceUpdate, UpdateComputeEnvironmentRequest } from '@aws-sdk/client-batch';
import { checkCommon, checkEc2, checkFargate, defaultEc2Configuration, fieldOf } from './compute-resources.ts';
import { clientException, refused } from './errors.ts';
import type { ComputeEnvironment } from './state.ts';

/**
 * What an environment changes only by making its instances anew.
 * docs.aws.amazon.com/batch/latest/userguide/infrastructure-updates.html
 */
const infrastructure = [
  'allocationStrategy',
  'bidPercentage',
  'ec2Configuration',
  'ec2KeyPair',
  'imageId',
  'instanceRole',
  'instanceTypes',
  'launchTemplate',
  'placementGroup',
  'securityGroupIds',
  'subnets',
  'tags',
  'type',
  'updateToLatestImageVersion',
] as const;

/** How Batch lists these fields, whichever the request holds. */
const updatable = 'updatePolicy, updateToLatestImageVersion, context';
const named = infrastructure.filter((field) => field !== 'updateToLatestImageVersion').join(', ');

const serviceLinked = /:role\/aws-service-role\/batch\.amazonaws\.com\//;

/** Throws what Batch answers when an environment is not one whose infrastructure can be updated, and the request asks for that. */
export function checkInfrastructureUpdate(
  { resources, serviceRole }: ComputeEnvironment,
  { computeResources = {}, updatePolicy, serviceRole: next }: UpdateComputeEnvironmentRequest,
): void {
  if (next !== undefined && serviceLinked.test(next) !== serviceLinked.test(serviceRole))
    throw clientException('Cannot update serviceRole between a service-linked role and a regular IAM role');
  const asked = infrastructure.filter((field) => fieldOf(computeResources, field) !== undefined);
  if (asked.length === 0 && updatePolicy === undefined) return;
  if (!serviceLinked.test(serviceRole))
    throw clientException(
      `Following fields ${named}, ${updatable} can be updated only for Non-fargate Compute Environment having a Batch Service Linked Role`,
    );
  const onFargate = resources.type?.startsWith('FARGATE') === true;
  if (!onFargate && (resources.allocationStrategy ?? 'BEST_FIT') === 'BEST_FIT')
    throw clientException(
      `Fields ${named}, ${updatable} can be updated for CE only with Allocation Strategy BEST_FIT_PROGRESSIVE and SPOT_CAPACITY_OPTIMIZED.`,
    );
}

/** Applies an update in place. A Fargate environment does not become a Spot one: that is a new environment. */
export function updatedResources(current: ComputeResource, change: ComputeResourceUpdate): ComputeResource {
  const { updateToLatestImageVersion: _, managedInstancesProvider: __, capacityTags: ___, ...fields } = change;
  const fargate = current.type?.startsWith('FARGATE') === true;
  if (fargate) checkFargate(change);
  if (fields.type !== undefined && (fargate || fields.type.startsWith('FARGATE')) && fields.type !== current.type)
    throw refused(`Cannot update compute environment type from ${current.type} to ${fields.type}`);
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const updated = withoutEmpty(Object.assign({ ...current }, Object.fromEntries(given)));
  checkCommon(updated);
  return updated.type === 'EC2' || updated.type === 'SPOT' ? scaled(current, updated, updated.type) : updated;
}

/** Some members are taken away by setting them to nothing (docs.aws.amazon.com/batch/latest/APIReference/API_ComputeResourceUpdate.html). */
function withoutEmpty(resources: ComputeResource): ComputeResource {
  const { imageId, ec2KeyPair, placementGroup, launchTemplate, ec2Configuration, bidPercentage, ...rest } = resources;
  const { launchTemplateId, launchTemplateName } = launchTemplate ?? {};
  return {
    ...rest,
    ...(imageId && { imageId }),
    ...(ec2KeyPair && { ec2KeyPair }),
    ...(placementGroup && { placementGroup }),
    ...(launchTemplate !== undefined && (launchTemplateId || launchTemplateName) && { launchTemplate }),
    ...(ec2Configuration !== undefined && {
      ec2Configuration: ec2Configuration.length === 0 ? defaultEc2Configuration : ec2Configuration,
    }),
    // A bid is of Spot alone; zero takes it away.
    ...(bidPercentage && rest.type === 'SPOT' && { bidPercentage }),
  };
}

/** The number of instances follows the new bounds, and is never lowered by hand. */
function scaled(current: ComputeResource, updated: ComputeResource, type: 'EC2' | 'SPOT'): ComputeResource {
  const { minvCpus = 0, maxvCpus = 0, desiredvCpus = 0 } = updated;
  if (desiredvCpus < (current.desiredvCpus ?? 0))
    throw clientException(
      'Manually scaling down compute environment is not supported. Disconnecting job queues from compute environment will cause it to scale-down to minvCpus.',
    );
  const asked = desiredvCpus !== current.desiredvCpus;
  const result = asked ? updated : { ...updated, desiredvCpus: Math.min(Math.max(desiredvCpus, minvCpus), maxvCpus) };
  checkEc2(result, type);
  return result;
}
