import { z } from 'zod';
import { Command, Duration, EnvironmentVariables, Name, Parameters, shouldBe } from './fields.ts';
import { JobDefinition } from './job-definition-schema.ts';

const ComputeEnvironment = z
  .strictObject({
    type: z
      .enum(['FARGATE', 'FARGATE_SPOT'])
      .describe('computeResources.type. Spot is cheaper and may be reclaimed while a job runs. A change replaces.'),
    maxvCpus: z.int().min(1).describe('computeResources.maxvCpus: vCPUs of all jobs that run at the same time.'),
  })
  .describe('An AWS Batch compute environment (managed, Fargate) in the subnets of the environment file.');

const JobQueue = z
  .strictObject({
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

const Submission = z
  .strictObject({
    jobName: z
      .string()
      .describe('jobName: begins with a letter or digit, then also "-" and "_". The time of the event is appended.'),
    jobQueue: Name.describe('jobQueue: a name from jobQueues.'),
    jobDefinition: Name.describe('jobDefinition: a name from jobDefinitions. Its latest revision runs.'),
    environment: EnvironmentVariables.default({}).describe(
      "containerOverrides.environment: variables beside, or in place of, the definition's.",
    ),
    command: Command.optional(),
    parameters: Parameters.optional(),
  })
  .describe('The job to submit (AWS Batch SubmitJob).');
export type Submission = z.infer<typeof Submission>;

const Schedule = z
  .strictObject({
    description: z.string().max(512).optional().describe("Description: shown in EventBridge's console."),
    cron: z
      .string()
      .optional()
      .describe('ScheduleExpression cron(…), UTC: minutes hours day-of-month month day-of-week year, "0 3 * * ? *".'),
    rate: z
      .string(shouldBe('a number and a unit, such as 5 minutes'))
      .optional()
      .describe('ScheduleExpression rate(…): "1 minute", "5 minutes", "12 hours", "1 day". Give either cron or rate.'),
    enabled: z.boolean().default(true).describe('State: false keeps the rule and stops it from firing.'),
    submit: Submission,
  })
  .describe('An EventBridge rule that submits a job on time.');

const Topic = z
  .strictObject({
    submit: Submission.extend({
      messageVariable: z.string().describe('The environment variable of the job that receives the message.'),
    })
      .optional()
      .describe('The job to submit for each message. Without it the topic is only made.'),
  })
  .describe('An SNS topic.');

const Expiration = z.strictObject({
  prefix: z.string().default('').describe('Filter.Prefix: the objects whose keys begin with this; all without it.'),
  after: Duration.describe('Expiration.Days: objects older than this are deleted. Whole days.'),
});

const Bucket = z
  .strictObject({
    versioning: z.boolean().default(false).describe('VersioningConfiguration.Status: keep what is overwritten.'),
    expire: z
      .array(Expiration, shouldBe('a list: [{ prefix: old/, after: 30d }]'))
      .default([])
      .describe('LifecycleConfiguration: what S3 deletes by itself.'),
  })
  .describe('An S3 bucket; private, encrypted, its name ends in account and region.');

/** What the files directly in config/ describe, merged. */
export const Config = z.strictObject({
  project: Name.describe('The name of this repository in AWS: first half of the tag baton:owner.'),
  computeEnvironments: z.record(Name, ComputeEnvironment).default({}).describe('Where jobs run, by name.'),
  jobQueues: z.record(Name, JobQueue).default({}).describe('Where jobs wait, by name.'),
  jobDefinitions: z.record(Name, JobDefinition).default({}).describe('What a job is, by name.'),
  schedules: z.record(Name, Schedule).default({}).describe('Jobs that start on time, by name.'),
  topics: z.record(Name, Topic).default({}).describe('Messages that start jobs, by name.'),
  buckets: z.record(Name, Bucket).default({}).describe('What jobs keep, by name.'),
});
export type Config = z.infer<typeof Config>;
