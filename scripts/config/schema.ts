import { z } from 'zod';
import { Alerts } from './alert-schema.ts';
import { Bucket } from './bucket-schema.ts';
import { ComputeEnvironment } from './compute-environment-schema.ts';
import { Name } from './fields.ts';
import { JobDefinition } from './job-definition-schema.ts';
import { JobQueue } from './job-queue-schema.ts';
import { Schedule } from './schedule-schema.ts';
import { SchedulingPolicy } from './scheduling-policy-schema.ts';
import { Topic } from './topic-schema.ts';

/** What the files directly in config/ describe, merged. */
export const Config = z.strictObject({
  project: Name.describe('The name of this repository in AWS: first half of the tag baton:owner.'),
  computeEnvironments: z.record(Name, ComputeEnvironment).default({}).describe('Where jobs run, by name.'),
  schedulingPolicies: z
    .record(Name, SchedulingPolicy)
    .default({})
    .describe('How queues divide what they have, by name.'),
  jobQueues: z.record(Name, JobQueue).default({}).describe('Where jobs wait, by name.'),
  jobDefinitions: z.record(Name, JobDefinition).default({}).describe('What a job is, by name.'),
  schedules: z.record(Name, Schedule).default({}).describe('Jobs that start on time, by name.'),
  topics: z.record(Name, Topic).default({}).describe('Messages that start jobs, by name.'),
  alerts: Alerts.prefault({}),
  buckets: z.record(Name, Bucket).default({}).describe('What jobs keep, by name.'),
});
export type Config = z.infer<typeof Config>;

/** A part of the config that holds entries by name. */
export type Section = Exclude<keyof Config, 'project' | 'alerts'>;

export const sections = [
  'computeEnvironments',
  'schedulingPolicies',
  'jobQueues',
  'jobDefinitions',
  'schedules',
  'topics',
  'buckets',
] as const satisfies readonly Section[];
