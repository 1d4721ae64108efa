import { UpdateComputeEnvironmentCommand, UpdateJobQueueCommand } from '@aws-sdk/client-batch';
import { type ComputeEnvironmentSpec, computeEnvironmentKind } from '../../scripts/kinds/compute-environment.ts';
import { type JobDefinitionSpec, jobDefinitionKind } from '../../scripts/kinds/job-definition.ts';
import { jobQueueKind } from '../../scripts/kinds/job-queue.ts';
import { contract, inRegion, step } from './contract.ts';

const computeEnvironment: ComputeEnvironmentSpec = {
  name: 'unit-main-917defa6',
  type: 'FARGATE',
  state: 'ENABLED',
  maxvCpus: 4,
  subnets: ['subnet-0a', 'subnet-0b'],
  securityGroupIds: ['sg-1'],
};

contract('a compute environment', {
  kind: computeEnvironmentKind,
  desired: computeEnvironment,
  drifts: {
    maxvCpus: (aws, { computeEnvironmentName }) =>
      aws.batch.send(
        new UpdateComputeEnvironmentCommand({
          computeEnvironment: computeEnvironmentName,
          computeResources: { maxvCpus: 256 },
        }),
      ),
    subnets: (aws, { computeEnvironmentName }) =>
      aws.batch.send(
        new UpdateComputeEnvironmentCommand({
          computeEnvironment: computeEnvironmentName,
          computeResources: { subnets: ['subnet-0c'] },
        }),
      ),
    state: (aws, { computeEnvironmentName }) =>
      aws.batch.send(
        new UpdateComputeEnvironmentCommand({ computeEnvironment: computeEnvironmentName, state: 'DISABLED' }),
      ),
  },
});

contract('a job queue', {
  kind: jobQueueKind,
  desired: {
    name: 'unit-feeds',
    state: 'ENABLED',
    priority: 5,
    computeEnvironments: [inRegion('batch', `compute-environment/${computeEnvironment.name}`)],
  },
  prepare: (aws) => computeEnvironmentKind(aws).create(computeEnvironment, step),
  drifts: {
    priority: (aws, { jobQueueName }) =>
      aws.batch.send(new UpdateJobQueueCommand({ jobQueue: jobQueueName, priority: 1 })),
    state: (aws, { jobQueueName }) =>
      aws.batch.send(new UpdateJobQueueCommand({ jobQueue: jobQueueName, state: 'DISABLED' })),
  },
});

const jobDefinition: JobDefinitionSpec = {
  name: 'unit-watcher',
  image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/unit/jobs/watcher:0123456789abcdef',
  command: ['node', 'main.mjs'],
  vcpus: 0.5,
  memory: 1024,
  environment: { BUCKET: 'unit-feeds', PAGES: '15' },
  parameters: { page: '1' },
  attempts: 3,
  evaluateOnExit: [
    { action: 'RETRY', onReason: null, onStatusReason: 'Host EC2*', onExitCode: null },
    { action: 'EXIT', onReason: '*', onStatusReason: null, onExitCode: null },
  ],
  timeoutSeconds: 900,
  jobRoleArn: 'arn:aws:iam::123456789012:role/unit-job-watcher',
  executionRoleArn: 'arn:aws:iam::123456789012:role/unit-execution',
  logGroup: '/aws/batch/unit',
  assignPublicIp: true,
};

contract('a job definition', {
  kind: jobDefinitionKind,
  desired: jobDefinition,
  drifts: {
    'environment.PAGES': (aws) =>
      jobDefinitionKind(aws).create({ ...jobDefinition, environment: { BUCKET: 'unit-feeds', PAGES: '16' } }, step),
    evaluateOnExit: (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, evaluateOnExit: [] }, step),
    timeoutSeconds: (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, timeoutSeconds: null }, step),
    jobRoleArn: (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, jobRoleArn: null }, step),
    assignPublicIp: (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, assignPublicIp: false }, step),
  },
});
