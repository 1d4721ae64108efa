import assert from 'node:assert/strict';
import test from 'node:test';
import { UpdateComputeEnvironmentCommand, UpdateJobQueueCommand } from '@aws-sdk/client-batch';
import { awsClients } from '../../scripts/aws/clients.ts';
import { type ComputeEnvironmentSpec, computeEnvironmentKind } from '../../scripts/kinds/compute-environment.ts';
import { type JobDefinitionSpec, jobDefinitionKind } from '../../scripts/kinds/job-definition.ts';
import { jobQueueKind } from '../../scripts/kinds/job-queue.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { account, contract, inRegion, step } from './contract.ts';

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
  logOptions: { mode: 'non-blocking' },
  secrets: { PASSWORD: '/unit/password' },
  architecture: 'ARM64',
  ephemeralStorage: 100,
  propagateTags: true,
  schedulingPriority: 7,
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
    'logOptions.mode': (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, logOptions: {} }, step),
    'secrets.PASSWORD': (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, secrets: {} }, step),
    architecture: (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, architecture: 'X86_64' }, step),
    ephemeralStorage: (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, ephemeralStorage: null }, step),
    propagateTags: (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, propagateTags: false }, step),
    schedulingPriority: (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, schedulingPriority: null }, step),
    assignPublicIp: (aws) => jobDefinitionKind(aws).create({ ...jobDefinition, assignPublicIp: false }, step),
  },
});

test('the last revisions of a definition stay, and older ones go when a new one is registered', async () => {
  await using local = await startLocalAws({ account, region: 'eu-central-1' });
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws = awsClients({ region: 'eu-central-1', owner: 'baton/test', endpoint: local.endpoint, credentials });
  try {
    const kind = jobDefinitionKind(aws, new Map([[jobDefinition.name, 2]]));
    for (const attempts of [1, 2, 4]) await kind.create({ ...jobDefinition, attempts }, step);
    const [before] = (await kind.list([])).observed;
    assert.ok(before);
    await kind.update(before.live, jobDefinition, [], step);
    const [after] = (await kind.list([])).observed;
    const revisions = after?.live.revisionArns.map((arn) => arn.slice(arn.lastIndexOf(':') + 1));
    assert.deepEqual(revisions, ['4', '3']);
  } finally {
    aws.close();
  }
});
