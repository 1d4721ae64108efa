import type { ComputeEnvironment } from '../compute-environment-schema.ts';
import { ec2Only } from '../compute-environment-schema.ts';
import { durationSeconds } from '../duration.ts';
import type { Rule } from './rule.ts';

export const isOnFargate = ({ type }: ComputeEnvironment): boolean => type === 'FARGATE' || type === 'FARGATE_SPOT';

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_ComputeResource.html: "isn't applicable to jobs on Fargate". */
export const fargateHasNoInstances: Rule = ({ config }, report) => {
  for (const [name, environment] of Object.entries(config.computeEnvironments)) {
    if (!isOnFargate(environment)) continue;
    for (const [field, value] of Object.entries(environment)) {
      if (value === undefined || !ec2Only.includes(field)) continue;
      const right = 'is of EC2 instances, and Fargate has none: take it away, or make the type EC2 or SPOT';
      report(['computeEnvironments', name, field], right, 'name');
    }
  }
};

const strategies = {
  EC2: ['BEST_FIT', 'BEST_FIT_PROGRESSIVE', 'BEST_FIT_PROGRESSIVE_ORDERED'],
  SPOT: [
    'BEST_FIT',
    'BEST_FIT_PROGRESSIVE',
    'SPOT_CAPACITY_OPTIMIZED',
    'SPOT_CAPACITY_OPTIMIZED_PRIORITIZED',
    'SPOT_PRICE_CAPACITY_OPTIMIZED',
  ],
} as const;

const overridesIn = ({ override }: ComputeEnvironment): string => JSON.stringify(override ?? {});

/** https://docs.aws.amazon.com/batch/latest/userguide/allocation-strategies.html */
export const strategiesFitTheirType: Rule = ({ config }, report) => {
  for (const [name, environment] of Object.entries(config.computeEnvironments)) {
    const { type, allocationStrategy, bidPercentage } = environment;
    if (type !== 'EC2' && type !== 'SPOT') continue;
    const known: readonly string[] = strategies[type];
    const path = ['computeEnvironments', name, 'allocationStrategy'];
    if (allocationStrategy !== undefined && !known.includes(allocationStrategy)) {
      report(path, `is no strategy of ${type}; there are: ${known.join(', ')}`);
    }
    if (
      type === 'SPOT' &&
      allocationStrategy === 'BEST_FIT' &&
      !overridesIn(environment).includes('spotIamFleetRole')
    ) {
      report(
        path,
        'needs a Spot fleet role under SPOT: give override.computeResources.spotIamFleetRole, or take another',
      );
    }
    if (type === 'EC2' && bidPercentage !== undefined) {
      report(['computeEnvironments', name, 'bidPercentage'], 'is for SPOT only: EC2 pays the On-Demand price', 'name');
    }
  }
};

export const instancesHaveTheirBounds: Rule = ({ config }, report) => {
  for (const [name, { minvCpus = 0, maxvCpus }] of Object.entries(config.computeEnvironments)) {
    if (minvCpus <= maxvCpus) continue;
    report(['computeEnvironments', name, 'minvCpus'], `must be at most maxvCpus, which is ${maxvCpus}`);
  }
};

export const launchTemplatesAreNamedOnce: Rule = ({ config }, report) => {
  for (const [name, { launchTemplate }] of Object.entries(config.computeEnvironments)) {
    if (launchTemplate === undefined) continue;
    const { launchTemplateId, launchTemplateName } = launchTemplate;
    if ((launchTemplateId === undefined) !== (launchTemplateName === undefined)) continue;
    const path = ['computeEnvironments', name, 'launchTemplate'];
    report(path, 'must have one of launchTemplateId and launchTemplateName', 'name');
  }
};

export const instanceRolesAreProfiles: Rule = ({ config }, report) => {
  for (const [name, { instanceRole }] of Object.entries(config.computeEnvironments)) {
    if (instanceRole === undefined) continue;
    if (/^([\w+=,.@-]{1,128}|arn:aws[a-z-]*:iam::\d{12}:instance-profile\/.+)$/.test(instanceRole)) continue;
    const path = ['computeEnvironments', name, 'instanceRole'];
    report(path, 'must be the name or the full ARN of an instance profile, which is no role');
  }
};

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_UpdatePolicy.html */
export const updatePoliciesAreBatchs: Rule = ({ config }, report) => {
  for (const [name, { updatePolicy, allocationStrategy }] of Object.entries(config.computeEnvironments)) {
    if (updatePolicy === undefined) continue;
    const path = ['computeEnvironments', name, 'updatePolicy'];
    if (allocationStrategy === 'BEST_FIT') {
      report(path, 'goes with no BEST_FIT, whose instances AWS never replaces in place', 'name');
    }
    const { jobExecutionTimeout: timeout = '30m' } = updatePolicy;
    const minutes = durationSeconds(timeout) / 60;
    if (Number.isInteger(minutes) && minutes >= 1 && minutes <= 7_200) continue;
    report([...path, 'jobExecutionTimeout'], 'must be whole minutes, from 1m to 5d');
  }
};
