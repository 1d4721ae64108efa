import type { ComputeResource, ComputeResourceUpdate, LaunchTemplateSpecification } from '@aws-sdk/client-batch';
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
  'scalingPolicy',
] as const;

/** docs.aws.amazon.com/batch/latest/userguide/allocation-strategies.html */
const strategies = {
  EC2: ['BEST_FIT', 'BEST_FIT_PROGRESSIVE'],
  SPOT: ['BEST_FIT', 'BEST_FIT_PROGRESSIVE', 'SPOT_CAPACITY_OPTIMIZED', 'SPOT_PRICE_CAPACITY_OPTIMIZED'],
} as const satisfies Partial<Record<string, readonly ComputeResource['allocationStrategy'][]>>;

/** What Batch chooses where no instance family asks for another image. */
export const defaultEc2Configuration = [{ imageType: 'ECS_AL2023' }];

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
  const { managedInstancesProvider: _, capacityTags: __, ...members } = given;
  // An allocation strategy or a bid that nobody gave stays absent: BEST_FIT and 100 % are in force all the same.
  const resources: ComputeResource = {
    desiredvCpus: given.minvCpus,
    ec2Configuration: defaultEc2Configuration,
    securityGroupIds: [],
    tags: {},
    ...members,
    type,
  };
  checkEc2(resources, type);
  return resources;
}

export function checkCommon({ maxvCpus, subnets, securityGroupIds }: ComputeResource): void {
  if (maxvCpus === undefined || maxvCpus < 1) throw refused('Resource maxvCpus must be greater than 0.');
  if (subnets === undefined || subnets.length === 0) throw refused('Subnets are required.');
  if (subnets.length > 16) throw refused(`A compute environment takes at most 16 subnets, not ${subnets.length}.`);
  if ((securityGroupIds?.length ?? 0) > 5) throw refused('A compute environment takes at most 5 security groups.');
}

export function checkFargate(given: ComputeResource | ComputeResourceUpdate): void {
  for (const field of ec2Only)
    if (field in given && fieldOf(given, field) !== undefined) throw refused(`${field} is not applicable for Fargate.`);
  if (given.securityGroupIds?.length === 0) throw refused('securityGroupIds must be provided for Fargate.');
}

/** What a compute environment on EC2 must be, new or updated. */
export function checkEc2(given: ComputeResource, type: 'EC2' | 'SPOT'): void {
  const { instanceRole, minvCpus, maxvCpus = 0, desiredvCpus, instanceTypes = [], launchTemplate } = given;
  if (instanceRole === undefined || instanceRole === '') throw refused('Instance role is required.');
  if (minvCpus === undefined) throw refused('Resource minvCpus is required.');
  if (instanceTypes.length === 0) throw refused('Instance types are required.');
  if (minvCpus < 0 || minvCpus > maxvCpus)
    throw refused(`minvCpus must be between 0 and maxvCpus (${maxvCpus}), not ${minvCpus}.`);
  if (desiredvCpus !== undefined && (desiredvCpus < minvCpus || desiredvCpus > maxvCpus))
    throw refused(
      `desiredvCpus must be between minvCpus (${minvCpus}) and maxvCpus (${maxvCpus}), not ${desiredvCpus}.`,
    );
  if (launchTemplate !== undefined) checkLaunchTemplate(launchTemplate);
  else if ((given.securityGroupIds?.length ?? 0) === 0)
    throw refused('securityGroupIds must be provided, here or by a launch template.');
  if ((given.ec2Configuration?.length ?? 0) > 2) throw refused('ec2Configuration takes at most 2 entries.');
  checkPurchase(given, type);
}

function checkLaunchTemplate({
  launchTemplateId,
  launchTemplateName,
  overrides = [],
}: LaunchTemplateSpecification): void {
  if ((launchTemplateId === undefined) === (launchTemplateName === undefined))
    throw refused('Either launchTemplateId or launchTemplateName must be specified, but not both.');
  if (overrides.length > 10) throw refused('launchTemplate takes at most 10 overrides.');
}

function checkPurchase(given: ComputeResource, type: 'EC2' | 'SPOT'): void {
  const { allocationStrategy: strategy = 'BEST_FIT', bidPercentage, spotIamFleetRole } = given;
  const allowed: readonly string[] = strategies[type];
  if (!allowed.includes(strategy))
    throw refused(`Invalid compute resource allocation strategy ${strategy} for type ${type}`);
  if (type === 'EC2') {
    if (bidPercentage !== undefined) throw refused('bidPercentage is not applicable for EC2.');
    if (spotIamFleetRole !== undefined) throw refused('spotIamFleetRole is not applicable for EC2.');
    return;
  }
  if (strategy === 'BEST_FIT' && spotIamFleetRole === undefined)
    throw refused('Spot IAM fleet role is required for allocation strategy BEST_FIT.');
  if (bidPercentage !== undefined && bidPercentage < 1) throw refused('bidPercentage must be greater than 0.');
}

export const fieldOf = (given: object, field: string): unknown =>
  Object.entries(given).find(([name]) => name === field)?.[1];
