import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import { Duration, idOf, overrideOf, shouldBe } from './fields.ts';

const LaunchTemplate = z.strictObject({
  launchTemplateId: z.string().min(1).optional().describe('launchTemplateId: its id; or give its name.'),
  launchTemplateName: z.string().min(1).optional().describe('launchTemplateName: its name; or give its id.'),
  version: z
    .string()
    .min(1)
    .optional()
    .describe('version: a number in quotes, $Latest or $Default, which holds if none is given.'),
});

const Ec2Configuration = z.strictObject({
  imageType: z
    .string()
    .min(1)
    .describe('imageType: which image instances start from, such as ECS_AL2023 or ECS_AL2_NVIDIA.'),
  imageIdOverride: z
    .string()
    .min(1)
    .optional()
    .describe('imageIdOverride: the id of an image of your own, of that type.'),
});

const UpdatePolicy = z.strictObject({
  terminateJobsOnUpdate: z
    .boolean()
    .default(false)
    .describe('terminateJobsOnUpdate: end running jobs at once when instances are replaced.'),
  jobExecutionTimeout: Duration.optional().describe(
    'jobExecutionTimeoutMinutes: how long running jobs may go on when instances are replaced, in whole minutes. AWS gives 30m.',
  ),
});

/** What only EC2 instances have. */
const ec2Fields = {
  minvCpus: z
    .int()
    .min(0)
    .optional()
    .describe('computeResources.minvCpus: vCPUs that are there, and paid for, also when there is no job. AWS keeps 0.'),
  instanceTypes: z
    .array(z.string().min(1), shouldBe('a list of instance types: [c7i, m7i.large]'))
    .min(1)
    .optional()
    .describe(
      'computeResources.instanceTypes: families, types, or optimal, which holds if none is given. Of one architecture.',
    ),
  allocationStrategy: z
    .enum([
      'BEST_FIT',
      'BEST_FIT_PROGRESSIVE',
      'BEST_FIT_PROGRESSIVE_ORDERED',
      'SPOT_CAPACITY_OPTIMIZED',
      'SPOT_CAPACITY_OPTIMIZED_PRIORITIZED',
      'SPOT_PRICE_CAPACITY_OPTIMIZED',
    ])
    .optional()
    .describe(
      'computeResources.allocationStrategy: how instance types are chosen. Without it BEST_FIT_PROGRESSIVE for EC2, SPOT_PRICE_CAPACITY_OPTIMIZED for SPOT. Under BEST_FIT nothing of the instances can be changed in place.',
    ),
  bidPercentage: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'computeResources.bidPercentage: of SPOT, the most to pay in percent of the On-Demand price. AWS pays up to 100.',
    ),
  ec2KeyPair: z
    .string()
    .min(1)
    .optional()
    .describe('computeResources.ec2KeyPair: the key pair to log in to instances with.'),
  ec2Configuration: z
    .array(Ec2Configuration)
    .min(1)
    .max(2)
    .optional()
    .describe(
      'computeResources.ec2Configuration: which images instances start from. Without it AWS chooses, and what it has chosen stays.',
    ),
  launchTemplate: LaunchTemplate.optional().describe(
    'computeResources.launchTemplate: the EC2 launch template of the instances.',
  ),
  placementGroup: z
    .string()
    .min(1)
    .optional()
    .describe('computeResources.placementGroup: the EC2 placement group of the instances.'),
  tags: z.record(z.string().min(1), z.string()).optional().describe('computeResources.tags: tags of the instances.'),
  instanceRole: z
    .string()
    .min(1)
    .optional()
    .describe(
      'computeResources.instanceRole: the instance profile that instances run as, by name or full ARN. Without it baton makes one, PREFIX-instance.',
    ),
  updatePolicy: UpdatePolicy.optional().describe(
    'updatePolicy: what becomes of running jobs when instances are replaced.',
  ),
} as const;

/** The names of the fields that an environment on Fargate has no use for. */
export const ec2Only = Object.keys(ec2Fields);

export const ComputeEnvironment = z
  .strictObject({
    ...entryFields('prefix, entry and a hash of what cannot be changed in place'),
    type: z
      .enum(['FARGATE', 'FARGATE_SPOT', 'EC2', 'SPOT'])
      .describe(
        'computeResources.type: Spot is cheaper and may be reclaimed while a job runs. A change replaces, but for one between EC2 and SPOT.',
      ),
    state: z
      .enum(['ENABLED', 'DISABLED'])
      .default('ENABLED')
      .describe('state: a disabled environment starts no jobs and finishes those it has.'),
    maxvCpus: z.int().min(1).describe('computeResources.maxvCpus: vCPUs of all jobs that run at the same time.'),
    ...ec2Fields,
    subnets: z
      .array(idOf('subnet'), shouldBe('a list of ids: [subnet-…]'))
      .min(1)
      .max(16)
      .optional()
      .describe("computeResources.subnets: in place of those of the environment file's network. At most 16."),
    securityGroupIds: z
      .array(idOf('sg'), shouldBe('a list of ids: [sg-…]'))
      .min(1)
      .max(5)
      .optional()
      .describe("computeResources.securityGroupIds: in place of those of the environment file's network. At most 5."),
    override: overrideOf('CreateComputeEnvironment'),
  })
  .describe('An AWS Batch compute environment (managed), by default in the subnets of the environment file.');
export type ComputeEnvironment = z.infer<typeof ComputeEnvironment>;
