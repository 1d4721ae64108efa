import assert from 'node:assert/strict';
import test from 'node:test';
import {
  UpdateComputeEnvironmentCommand,
  type UpdateComputeEnvironmentRequest,
  UpdateJobQueueCommand,
  type UpdateJobQueueRequest,
  UpdateSchedulingPolicyCommand,
} from '@aws-sdk/client-batch';
import type { Aws } from '../../scripts/aws/clients.ts';
import { setProtection } from '../../scripts/aws/ownership.ts';
import { retag } from '../../scripts/kinds/batch-tags.ts';
import { computeEnvironmentKind } from '../../scripts/kinds/compute-environment.ts';
import type { ComputeEnvironmentSpec } from '../../scripts/kinds/compute-environment-spec.ts';
import { jobDefinitionKind } from '../../scripts/kinds/job-definition.ts';
import type { JobDefinitionSpec } from '../../scripts/kinds/job-definition-spec.ts';
import { jobQueueKind } from '../../scripts/kinds/job-queue.ts';
import { schedulingPolicyKind } from '../../scripts/kinds/scheduling-policy.ts';
import { account, contract, inRegion, step } from './contract.ts';
import { withLocalAws } from './with-local-aws.ts';

const onFargate: ComputeEnvironmentSpec = {
  name: 'unit-main-917defa6',
  protect: false,
  type: 'FARGATE',
  state: 'ENABLED',
  maxvCpus: 4,
  subnets: ['subnet-0a', 'subnet-0b'],
  securityGroupIds: ['sg-1'],
  instances: {},
  updatePolicy: {},
  other: {},
};

type Resources = UpdateComputeEnvironmentRequest['computeResources'];

/** What a hand in the console does to a compute environment. */
const updated =
  (name: string, change: Omit<UpdateComputeEnvironmentRequest, 'computeEnvironment'>) =>
  (aws: Aws): Promise<unknown> =>
    aws.batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: name, ...change }));

contract('a compute environment', {
  kind: computeEnvironmentKind,
  desired: onFargate,
  drifts: {
    maxvCpus: updated(onFargate.name, { computeResources: { maxvCpus: 256 } }),
    subnets: updated(onFargate.name, { computeResources: { subnets: ['subnet-0c'] } }),
    securityGroupIds: updated(onFargate.name, { computeResources: { securityGroupIds: ['sg-2', 'sg-1'] } }),
    state: updated(onFargate.name, { state: 'DISABLED' }),
    protect: (aws, { computeEnvironmentArn = '' }) => setProtection(aws, computeEnvironmentArn, true),
    'other.tags': (aws, { computeEnvironmentArn = '' }) =>
      retag(aws, computeEnvironmentArn, {}, { tags: { team: 'feeds' } }),
  },
});

const onEc2: ComputeEnvironmentSpec = {
  ...onFargate,
  name: 'unit-large-0a1b2c3d',
  protect: true,
  type: 'SPOT',
  state: 'DISABLED',
  instances: {
    allocationStrategy: 'SPOT_PRICE_CAPACITY_OPTIMIZED',
    bidPercentage: 60,
    ec2Configuration: [{ imageType: 'ECS_AL2' }],
    ec2KeyPair: 'ops',
    instanceRole: `arn:aws:iam::${account}:instance-profile/unit-instance`,
    instanceTypes: ['c7i', 'm7i'],
    launchTemplate: { launchTemplateName: 'large', version: '3' },
    minvCpus: 1,
    placementGroup: 'together',
    tags: { team: 'feeds' },
  },
  updatePolicy: { jobExecutionTimeoutMinutes: 120 },
  other: { tags: { team: 'feeds' } },
};

const resources =
  (computeResources: Resources) =>
  (aws: Aws): Promise<unknown> =>
    updated(onEc2.name, { ...(computeResources && { computeResources }) })(aws);

contract('a compute environment on EC2', {
  kind: computeEnvironmentKind,
  desired: onEc2,
  drifts: {
    instances: resources({ instanceTypes: ['optimal'], minvCpus: 0, ec2KeyPair: '', placementGroup: '' }),
    'instances.bidPercentage': resources({ bidPercentage: 100 }),
    'instances.ec2Configuration': resources({ ec2Configuration: [] }),
    'instances.launchTemplate': resources({ launchTemplate: { launchTemplateName: '' } }),
    'instances.tags.team': resources({ tags: { team: 'others' } }),
    'updatePolicy.jobExecutionTimeoutMinutes': updated(onEc2.name, {
      updatePolicy: { jobExecutionTimeoutMinutes: 10 },
    }),
    state: updated(onEc2.name, { state: 'ENABLED' }),
    protect: (aws, { computeEnvironmentArn = '' }) => setProtection(aws, computeEnvironmentArn, false),
    'other.tags': (aws, { computeEnvironmentArn = '' }) =>
      retag(aws, computeEnvironmentArn, { tags: { team: '' } }, { tags: { owner: 'nobody' } }),
  },
});

contract('a scheduling policy', {
  kind: schedulingPolicyKind,
  desired: {
    name: 'unit-teams',
    protect: false,
    shareDecaySeconds: 3600,
    computeReservation: 10,
    shareDistribution: { imports: 0.1, 'reports*': 2 },
    other: { tags: { team: 'feeds' } },
  },
  drifts: {
    shareDecaySeconds: (aws, { arn }) =>
      aws.batch.send(
        new UpdateSchedulingPolicyCommand({
          arn,
          fairsharePolicy: {
            computeReservation: 10,
            shareDistribution: [
              { shareIdentifier: 'reports*', weightFactor: 2 },
              { shareIdentifier: 'imports', weightFactor: 0.1 },
            ],
          },
        }),
      ),
    shareDistribution: (aws, { arn }) =>
      aws.batch.send(
        new UpdateSchedulingPolicyCommand({
          arn,
          fairsharePolicy: { shareDecaySeconds: 3600, computeReservation: 10 },
        }),
      ),
    protect: (aws, { arn = '' }) => setProtection(aws, arn, true),
    'other.tags': (aws, { arn = '' }) => retag(aws, arn, { tags: { team: '' } }, {}),
  },
});

const policies = ['one', 'other'].map((name) => ({
  name,
  protect: false,
  shareDecaySeconds: 0,
  computeReservation: 0,
  shareDistribution: {},
  other: {},
}));
const policyArn = (name: string): string => inRegion('batch', `scheduling-policy/${name}`);

const queueUpdated =
  (change: Omit<UpdateJobQueueRequest, 'jobQueue'>) =>
  (aws: Aws): Promise<unknown> =>
    aws.batch.send(new UpdateJobQueueCommand({ jobQueue: 'unit-feeds', ...change }));

contract('a job queue', {
  kind: jobQueueKind,
  desired: {
    name: 'unit-feeds',
    protect: false,
    state: 'ENABLED',
    priority: 5,
    computeEnvironments: [onFargate.name, 'unit-spare'].map((name) => inRegion('batch', `compute-environment/${name}`)),
    schedulingPolicyArn: policyArn('one'),
    timeLimits: [{ reason: 'no capacity', state: 'RUNNABLE', maxTimeSeconds: 3600, action: 'CANCEL' }],
    other: {},
  },
  prepare: async (aws) => {
    for (const name of [onFargate.name, 'unit-spare'])
      await computeEnvironmentKind(aws).create({ ...onFargate, name }, step);
    for (const policy of policies) await schedulingPolicyKind(aws).create(policy, step);
  },
  drifts: {
    priority: queueUpdated({ priority: 1 }),
    state: queueUpdated({ state: 'DISABLED' }),
    computeEnvironments: queueUpdated({ computeEnvironmentOrder: [{ order: 4, computeEnvironment: 'unit-spare' }] }),
    schedulingPolicyArn: queueUpdated({ schedulingPolicyArn: policyArn('other') }),
    timeLimits: queueUpdated({ jobStateTimeLimitActions: [] }),
    protect: (aws, { jobQueueArn = '' }) => setProtection(aws, jobQueueArn, true),
    'other.tags': (aws, { jobQueueArn = '' }) => retag(aws, jobQueueArn, {}, { tags: { team: 'feeds' } }),
  },
});

const jobDefinition: JobDefinitionSpec = {
  name: 'unit-watcher',
  protect: false,
  platform: 'FARGATE',
  image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/unit/jobs/watcher:0123456789abcdef',
  command: ['node', 'main.mjs'],
  vcpus: 0.5,
  memory: 1024,
  gpus: null,
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
  user: 'nobody',
  readonlyRootFilesystem: true,
  privileged: false,
  volumes: [{ efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'ENABLED' }, name: 'shared' }],
  mountPoints: [{ containerPath: '/shared', readOnly: true, sourceVolume: 'shared' }],
  other: { containerProperties: { enableExecuteCommand: true }, tags: { team: 'feeds' } },
};

/** What a hand in the console registers. */
const registered =
  (spec: JobDefinitionSpec, change: Partial<JobDefinitionSpec>) =>
  (aws: Aws): Promise<void> =>
    jobDefinitionKind(aws).create({ ...spec, ...change }, step);

const drifted = (change: Partial<JobDefinitionSpec>) => registered(jobDefinition, change);

contract('a job definition', {
  kind: jobDefinitionKind,
  desired: jobDefinition,
  drifts: {
    'environment.PAGES': drifted({ environment: { BUCKET: 'unit-feeds', PAGES: '16' } }),
    evaluateOnExit: drifted({ evaluateOnExit: [] }),
    timeoutSeconds: drifted({ timeoutSeconds: null }),
    jobRoleArn: drifted({ jobRoleArn: null }),
    logGroup: drifted({ logGroup: '/aws/batch/other' }),
    logOptions: drifted({ logOptions: { mode: 'non-blocking', 'awslogs-stream-prefix': 'elsewhere' } }),
    'secrets.PASSWORD': drifted({ secrets: {} }),
    architecture: drifted({ architecture: 'X86_64' }),
    ephemeralStorage: drifted({ ephemeralStorage: null }),
    propagateTags: drifted({ propagateTags: false }),
    schedulingPriority: drifted({ schedulingPriority: null }),
    assignPublicIp: drifted({ assignPublicIp: false }),
    user: drifted({ user: null }),
    readonlyRootFilesystem: drifted({ readonlyRootFilesystem: false }),
    mountPoints: drifted({ mountPoints: [] }),
    'volumes[0]': drifted({ volumes: [{ efsVolumeConfiguration: { fileSystemId: 'fs-2' }, name: 'shared' }] }),
    'other.containerProperties': drifted({
      other: {
        containerProperties: { linuxParameters: { initProcessEnabled: true }, enableExecuteCommand: false },
        tags: { team: 'feeds' },
      },
    }),
    protect: (aws, { latest: { jobDefinitionArn = '' } }) => setProtection(aws, jobDefinitionArn, true),
    'other.tags.team': (aws, { latest: { jobDefinitionArn = '' } }) =>
      retag(aws, jobDefinitionArn, {}, { tags: { team: 'others' } }),
  },
});

const definitionOnEc2: JobDefinitionSpec = {
  ...jobDefinition,
  name: 'unit-train',
  protect: true,
  platform: 'EC2',
  vcpus: 8,
  gpus: 2,
  ephemeralStorage: null,
  assignPublicIp: false,
  privileged: true,
  volumes: [{ host: { sourcePath: '/scratch' }, name: 'scratch' }],
  mountPoints: [{ containerPath: '/scratch', readOnly: false, sourceVolume: 'scratch' }],
  other: {
    containerProperties: {
      linuxParameters: { sharedMemorySize: 64 },
      ulimits: [{ hardLimit: 10, name: 'nofile', softLimit: 5 }],
    },
  },
};

contract('a job definition on EC2', {
  kind: jobDefinitionKind,
  desired: definitionOnEc2,
  drifts: {
    gpus: registered(definitionOnEc2, { gpus: null }),
    privileged: registered(definitionOnEc2, { privileged: false }),
    executionRoleArn: registered(definitionOnEc2, { executionRoleArn: null }),
    'other.containerProperties': registered(definitionOnEc2, { other: {} }),
    protect: (aws, { latest: { jobDefinitionArn = '' } }) => setProtection(aws, jobDefinitionArn, false),
  },
});

test('the last revisions of a definition stay, and older ones go when a new one is registered', () =>
  withLocalAws(async (aws) => {
    const kind = jobDefinitionKind(aws, new Map([[jobDefinition.name, 2]]));
    for (const attempts of [1, 2, 4]) await kind.create({ ...jobDefinition, attempts }, step);
    const [before] = (await kind.list([])).observed;
    assert.ok(before);
    await kind.update(before.live, jobDefinition, [], step);
    const [after] = (await kind.list([])).observed;
    const revisions = after?.live.revisionArns.map((arn) => arn.slice(arn.lastIndexOf(':') + 1));
    assert.deepEqual(revisions, ['4', '3']);
  }));
