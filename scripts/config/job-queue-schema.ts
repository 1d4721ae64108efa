import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import { Name, shouldBe } from './fields.ts';

export const JobQueue = z
  .strictObject({
    ...entryFields('prefix and entry'),
    priority: z
      .int()
      .min(0)
      .default(1)
      .describe('priority: of queues that share a compute environment, the higher goes first.'),
    computeEnvironments: z
      .array(Name, shouldBe('a list of names: [fargate]'))
      .min(1)
      .max(3)
      .describe('computeEnvironmentOrder: names from computeEnvironments, tried in this order. At most 3.'),
    state: z
      .enum(['ENABLED', 'DISABLED'])
      .default('ENABLED')
      .describe('state: a disabled queue accepts no jobs and finishes those it has.'),
  })
  .describe('An AWS Batch job queue.');
