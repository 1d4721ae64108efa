import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import { Duration, Name, overrideOf, shouldBe } from './fields.ts';

const TimeLimit = z.strictObject({
  reason: z.string().min(1).describe('reason: what is logged of the job that was stopped.'),
  state: z.enum(['RUNNABLE']).default('RUNNABLE').describe('state: the state that the job is stuck in.'),
  after: Duration.describe('maxTimeSeconds: how long it may be stuck, 10m to 24h.'),
  action: z.enum(['CANCEL']).default('CANCEL').describe('action: what becomes of the job then.'),
});

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
    schedulingPolicy: Name.optional().describe(
      'schedulingPolicyArn: a name from schedulingPolicies. To give one to a queue, or to take it away, replaces the queue.',
    ),
    timeLimits: z
      .array(TimeLimit)
      .default([])
      .describe('jobStateTimeLimitActions: what becomes of a job that is first in the queue and cannot start.'),
    override: overrideOf('CreateJobQueue'),
  })
  .describe('An AWS Batch job queue.');
