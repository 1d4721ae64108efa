import { z } from 'zod';

/** Names in config become parts of AWS names, statement ids and file names, so they are the strictest of all. */
const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must start with a letter and hold only a-z, 0-9 and "-", at most 63 characters');
const Duration = z.string().regex(/^[1-9]\d*(s|m|h|d)$/, 'must be a whole number with a unit: 90s, 15m, 2h or 1d');
const EnvironmentVariables = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const Parameters = z.record(z.string(), z.string());
const Command = z.array(z.string());

const ComputeEnvironment = z.strictObject({
  type: z.enum(['FARGATE', 'FARGATE_SPOT']),
  maxvCpus: z.int().min(1),
});

const JobQueue = z.strictObject({
  priority: z.int().min(0).default(1),
  computeEnvironments: z.array(Name).min(1).max(3),
  state: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
});

const EvaluateOnExit = z.strictObject({
  action: z.enum(['RETRY', 'EXIT']),
  onReason: z.string().optional(),
  onStatusReason: z.string().optional(),
  onExitCode: z.string().optional(),
});

/** What a job's role may do; one verb and one resource of this config each. */
const Grant = z.union([
  z.strictObject({ read: z.string() }),
  z.strictObject({ write: z.string() }),
  z.strictObject({ readWrite: z.string() }),
  z.strictObject({ publish: z.string() }),
]);

const JobDefinition = z.strictObject({
  image: z.string().min(1),
  command: Command.optional(),
  vcpus: z.number().positive(),
  memory: z.int().positive(),
  attempts: z.int().min(1).max(10).default(1),
  evaluateOnExit: z.array(EvaluateOnExit).max(5).optional(),
  timeout: Duration.optional(),
  parameters: Parameters.optional(),
  environment: EnvironmentVariables.default({}),
  grants: z.array(Grant).default([]),
});

const Submission = z.strictObject({
  jobName: z.string(),
  jobQueue: Name,
  jobDefinition: Name,
  environment: EnvironmentVariables.default({}),
  command: Command.optional(),
  parameters: Parameters.optional(),
});

const Schedule = z.strictObject({
  description: z.string().max(512).optional(),
  cron: z.string().optional(),
  rate: z.string().optional(),
  enabled: z.boolean().default(true),
  submit: Submission,
});

const Topic = z.strictObject({
  submit: Submission.extend({ messageVariable: z.string() }).optional(),
});

const Bucket = z.strictObject({
  versioning: z.boolean().default(false),
  expire: z.array(z.strictObject({ prefix: z.string().default(''), after: Duration })).default([]),
});

/** What the files directly in config/ describe, merged. */
export const Config = z.strictObject({
  project: Name,
  computeEnvironments: z.record(Name, ComputeEnvironment).default({}),
  jobQueues: z.record(Name, JobQueue).default({}),
  jobDefinitions: z.record(Name, JobDefinition).default({}),
  schedules: z.record(Name, Schedule).default({}),
  topics: z.record(Name, Topic).default({}),
  buckets: z.record(Name, Bucket).default({}),
});
export type Config = z.infer<typeof Config>;

/** What a file in config/environments/ says beside its overrides. */
export const Environment = z.strictObject({
  /** `embedded`: only ever a loopback endpoint, images run as processes. */
  target: z.enum(['aws', 'embedded']).default('aws'),
  account: z.string().regex(/^\d{12}$/, 'must be the 12 digits of an AWS account, in quotes'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, such as eu-central-1'),
  prefix: Name.max(20),
  network: z.strictObject({
    subnets: z.array(z.string()).min(1).max(16),
    securityGroupIds: z.array(z.string()).min(1).max(5),
    assignPublicIp: z.boolean().default(false),
  }),
  variables: z.record(z.string(), z.string()).default({}),
});
export type Environment = z.infer<typeof Environment>;
