import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import {
  Command,
  Duration,
  EnvironmentVariables,
  isKmsKey,
  overrideOf,
  Parameters,
  RoleArn,
  SecretReference,
  shouldBe,
} from './fields.ts';

const ExitPattern = z.string().max(512);

const EvaluateOnExit = z.strictObject({
  action: z.enum(['RETRY', 'EXIT']).describe('action: what to do when every given pattern matches.'),
  onReason: ExitPattern.optional().describe("onReason: pattern for the container's reason; * only at its end."),
  onStatusReason: ExitPattern.optional().describe(
    'onStatusReason: pattern for the attempt\'s status reason, such as "Host EC2*"; * only at its end.',
  ),
  onExitCode: ExitPattern.optional().describe('onExitCode: pattern for the exit code, in quotes; * only at its end.'),
});

/** What a job's role may do; one verb and one resource of this config each. */
const Grant = z.union(
  [
    z.strictObject({ read: z.string().describe('List the bucket and read its objects: bucket.NAME.') }),
    z.strictObject({ write: z.string().describe('Write and delete objects of the bucket: bucket.NAME.') }),
    z.strictObject({
      readWrite: z.string().describe('List the bucket, read, write and delete its objects: bucket.NAME.'),
    }),
    z.strictObject({ publish: z.string().describe('Publish messages to the topic: topic.NAME.') }),
  ],
  {
    error: 'must be one of "read: bucket.NAME", "write: bucket.NAME", "readWrite: bucket.NAME", "publish: topic.NAME"',
  },
);

const EfsVolume = z.strictObject({
  fileSystemId: z.string().min(1).describe('fileSystemId: the id of the file system.'),
  rootDirectory: z.string().min(1).optional().describe('rootDirectory: the folder that is its root for the job.'),
  transitEncryption: z
    .enum(['ENABLED', 'DISABLED'])
    .optional()
    .describe('transitEncryption: encrypt what goes over the network.'),
  transitEncryptionPort: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('transitEncryptionPort: the port to encrypt on.'),
  authorizationConfig: z
    .strictObject({
      accessPointId: z
        .string()
        .min(1)
        .optional()
        .describe('accessPointId: the access point; rootDirectory is then its own.'),
      iam: z.enum(['ENABLED', 'DISABLED']).optional().describe("iam: mount with the job's role."),
    })
    .optional()
    .describe('authorizationConfig: how the file system lets the job in.'),
});

const Volume = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,255}$/, 'must be letters, digits, "-" and "_"')
    .describe('name: what mountPoints call it.'),
  host: z
    .strictObject({ sourcePath: z.string().min(1).optional().describe('sourcePath: the folder on the instance.') })
    .optional()
    .describe(
      'host: a folder of the instance, on EC2. Without host and efsVolumeConfiguration the volume is empty and of this job alone.',
    ),
  efsVolumeConfiguration: EfsVolume.optional().describe('efsVolumeConfiguration: an EFS file system.'),
});

const MountPoint = z.strictObject({
  sourceVolume: z.string().min(1).describe('sourceVolume: a name from volumes.'),
  containerPath: z.string().min(1).describe('containerPath: where it is in the container.'),
  readOnly: z.boolean().default(false).describe('readOnly: the job may not write to it.'),
});

export const JobDefinition = z
  .strictObject({
    ...entryFields('prefix and entry'),
    image: z
      .string()
      .min(1)
      .max(255)
      .describe('image: a folder of this repository (jobs/NAME), built and pushed; or any image reference.'),
    platform: z
      .enum(['FARGATE', 'EC2'])
      .default('FARGATE')
      .describe('platformCapabilities: what it runs on; its queues have compute environments of this kind.'),
    architecture: z
      .enum(['X86_64', 'ARM64'])
      .default('X86_64')
      .describe('runtimePlatform.cpuArchitecture: what the job runs on; an image of this repository is built for it.'),
    command: Command.optional(),
    vcpus: z.number().positive().describe('resourceRequirements[VCPU]: 0.25, 0.5, 1, 2, 4, 8, 16 or 32 on Fargate.'),
    memory: z
      .int(shouldBe('a whole number of MiB, such as 1024'))
      .positive()
      .describe('resourceRequirements[MEMORY]: in MiB. What Fargate allows depends on vcpus.'),
    gpus: z.int().min(1).optional().describe('resourceRequirements[GPU]: GPUs of a job, on EC2.'),
    ephemeralStorage: z
      .int(shouldBe('a whole number of GiB, such as 100'))
      .min(21)
      .max(200)
      .optional()
      .describe('ephemeralStorage.sizeInGiB: disk of a job, 21 to 200 GiB. Without it a job has 20.'),
    attempts: z
      .int()
      .min(1)
      .max(10)
      .default(1)
      .describe('retryStrategy.attempts: how often a job is started before it has failed for good.'),
    retry: z
      .enum(['spot'])
      .optional()
      .describe(
        'retryStrategy.evaluateOnExit: rules ready made. With spot, an attempt whose Spot capacity was reclaimed (EC2 or Fargate) is retried, and any other failure is final.',
      ),
    evaluateOnExit: z
      .array(EvaluateOnExit)
      .min(1)
      .max(5)
      .optional()
      .describe('retryStrategy.evaluateOnExit: rules tried in order. Without a match AWS retries.'),
    timeout: Duration.optional().describe(
      'timeout.attemptDurationSeconds: how long one attempt may run; at least 60s. A timed-out job is not retried.',
    ),
    parameters: Parameters.optional(),
    environment: EnvironmentVariables.default({}).describe(
      'environment: variables of every job of this definition. A map or list is sent as JSON.',
    ),
    secrets: z
      .record(z.string(), SecretReference, shouldBe('a map of variables, each NAME: reference'))
      .default({})
      .describe(
        'secrets: variables whose values AWS reads when a job starts. Each names a parameter of SSM, or is the full ARN of one or of a secret in Secrets Manager. The execution role may read exactly these. Of names that begin with PREFIX/, as /staging/token, the boundary that bootstrap makes allows all; for others bootstrap has to run again.',
      ),
    secretsKey: z
      .string()
      .refine(isKmsKey, 'must be the full ARN of a KMS key')
      .optional()
      .describe("The KMS key, as an ARN, that the secrets are encrypted with; AWS's own keys need none."),
    logGroup: z
      .string()
      .regex(/^[\w./#-]{1,512}$/, 'must be the name of a log group')
      .optional()
      .describe(
        "logConfiguration.options: the log group, awslogs-group, in place of baton's own /aws/batch/PREFIX. It is there already and is never changed.",
      ),
    logOptions: z
      .record(z.string(), z.string())
      .default({})
      .describe(
        'logConfiguration.options: beside those of the log group, any of mode, max-buffer-size, awslogs-datetime-format and awslogs-multiline-pattern. How long logs are kept belongs to the log group.',
      ),
    assignPublicIp: z
      .boolean()
      .optional()
      .describe("networkConfiguration.assignPublicIp: in place of the environment's network.assignPublicIp."),
    user: z
      .string()
      .min(1)
      .optional()
      .describe("user: whom the job runs as in the container, in place of the image's own."),
    readonlyRootFilesystem: z
      .boolean()
      .default(false)
      .describe('readonlyRootFilesystem: the job may write to its volumes only.'),
    privileged: z
      .boolean()
      .default(false)
      .describe('privileged: the job may do what root of the instance may, on EC2.'),
    volumes: z.array(Volume).default([]).describe('volumes: what the job can mount.'),
    mountPoints: z.array(MountPoint).default([]).describe('mountPoints: where in the container volumes are.'),
    propagateTags: z
      .boolean()
      .default(false)
      .describe("propagateTags: the job's tags are put on its ECS task as well."),
    schedulingPriority: z
      .int()
      .min(0)
      .max(9999)
      .optional()
      .describe('schedulingPriority: within one share of a queue with a scheduling policy, the higher goes first.'),
    keepRevisions: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .describe(
        'How many revisions stay ACTIVE, the latest included, after a new one is registered. Those that unfinished jobs use stay as well.',
      ),
    grants: z
      .array(Grant)
      .default([])
      .describe('jobRoleArn: what the job may do in AWS. Its IAM role is derived from these, and from nothing else.'),
    jobRoleArn: RoleArn.optional().describe(
      'jobRoleArn: a role that is there already, in place of one that follows from grants.',
    ),
    executionRoleArn: RoleArn.optional().describe(
      "executionRoleArn: a role that is there already, in place of baton's own: it pulls the image, reads the secrets and writes the log.",
    ),
    override: overrideOf('RegisterJobDefinition'),
  })
  .describe('An AWS Batch job definition. A change registers a new revision.');
export type JobDefinition = z.infer<typeof JobDefinition>;
