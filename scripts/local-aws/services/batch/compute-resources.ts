import type { ComputeResource, ComputeResourceUpdate } from '@aws-sdk/client-batch';
import { refused } from './errors.ts';

/** docs.aws.amazon.com/batch/latest/APIReference/API_ComputeResource.html: "isn't applicable to jobs on Fargate". */
const ec2Only = [
  'minvCpus',
  'desiredvCpus',
  'allocationStrategy',
  'instanceTypes',
  'imageId',
  'ec2KeyPair',
  'instanceRole',
  'tags',
  'placementGroup',
  'bidPercentage',
  'spotIamFleetRole',
  'launchTemplate',
  'ec2Configuration',
] as const;

/** Checks what a new compute environment is made of and fills in what Batch fills in. */
export function computeResourcesOf(given: ComputeResource | undefined): ComputeResource {
  if (given === undefined) throw refused('computeResources must be provided for a MANAGED compute environment');
  const type = given.type ?? 'EC2';
  checkCommon(given);
  if (type === 'FARGATE' || type === 'FARGATE_SPOT') {
    checkFargate(given);
    return { type, maxvCpus: given.maxvCpus, subnets: given.subnets, securityGroupIds: given.securityGroupIds ?? [] };
  }
  if (type !== 'EC2' && type !== 'SPOT') throw refused(`the embedded AWS has no compute resources of type ${type}`);
  if (given.instanceRole === undefined) throw refused('Instance role is required.');
  if (given.minvCpus === undefined) throw refused('Resource minvCpus is required.');
  if (given.instanceTypes === undefined || given.instanceTypes.length === 0)
    throw refused('Instance types are required.');
  return {
    allocationStrategy: 'BEST_FIT',
    desiredvCpus: given.minvCpus,
    ec2Configuration: [{ imageType: 'ECS_AL2023' }],
    securityGroupIds: [],
    tags: {},
    ...given,
    type,
  };
}

/** Applies an update in place. A Fargate environment does not become a Spot one: that is a new environment. */
export function updatedResources(current: ComputeResource, change: ComputeResourceUpdate): ComputeResource {
  const { updateToLatestImageVersion: _, managedInstancesProvider: __, ...fields } = change;
  const fargate = current.type?.startsWith('FARGATE') === true;
  if (fargate) checkFargate(change);
  if (fields.type !== undefined && (fargate || fields.type.startsWith('FARGATE')) && fields.type !== current.type)
    throw refused(`Cannot update compute environment type from ${current.type} to ${fields.type}`);
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const updated: ComputeResource = Object.assign({ ...current }, Object.fromEntries(given));
  checkCommon(updated);
  return updated;
}

function checkCommon({ maxvCpus, subnets, securityGroupIds }: ComputeResource): void {
  if (maxvCpus === undefined || maxvCpus < 1) throw refused('Resource maxvCpus must be greater than 0.');
  if (subnets === undefined || subnets.length === 0) throw refused('Subnets are required.');
  if (subnets.length > 16) throw refused(`A compute environment takes at most 16 subnets, not ${subnets.length}.`);
  if ((securityGroupIds?.length ?? 0) > 5) throw refused('A compute environment takes at most 5 security groups.');
}

function checkFargate(given: ComputeResource | ComputeResourceUpdate): void {
  for (const field of ec2Only)
    if (field in given && fieldOf(given, field) !== undefined) throw refused(`${field} is not applicable for Fargate.`);
  if (given.securityGroupIds?.length === 0) throw refused('securityGroupIds must be provided for Fargate.');
}

const fieldOf = (given: object, field: string): unknown => Object.entries(given).find(([name]) => name === field)?.[1];
