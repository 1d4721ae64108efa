import { z } from 'zod';
import { entryFields } from './entry-schema.ts';

export const ComputeEnvironment = z
  .strictObject({
    ...entryFields('prefix, entry and a hash of what cannot be changed in place'),
    type: z
      .enum(['FARGATE', 'FARGATE_SPOT'])
      .describe('computeResources.type: Spot is cheaper and may be reclaimed while a job runs. A change replaces.'),
    maxvCpus: z.int().min(1).describe('computeResources.maxvCpus: vCPUs of all jobs that run at the same time.'),
  })
  .describe('An AWS Batch compute environment (managed, Fargate) in the subnets of the environment file.');
