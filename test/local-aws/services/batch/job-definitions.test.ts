import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type ContainerProperties,
  DeregisterJobDefinitionCommand,
  DescribeJobDefinitionsCommand,
  paginateDescribeJobDefinitions,
  RegisterJobDefinitionCommand,
  type RegisterJobDefinitionCommandInput,
} from '@aws-sdk/client-batch';
import {
  type BatchWorld,
  batchWorld,
  createEnvironment,
  createQueue,
  registerScript,
  role,
  submitScript,
} from './batch-world.ts';

const size = [
  { type: 'VCPU' as const, value: '1' },
  { type: 'MEMORY' as const, value: '2048' },
];
const fargate: RegisterJobDefinitionCommandInput = {
  jobDefinitionName: 'd',
  type: 'container',
  platformCapabilities: ['FARGATE'],
  containerProperties: { image: 'image', executionRoleArn: role('execution'), resourceRequirements: size },
};
const register = ({ client }: BatchWorld, change: Partial<RegisterJobDefinitionCommandInput> = {}) =>
  client.send(new RegisterJobDefinitionCommand({ ...fargate, ...change }));

const revisions = async ({ client }: BatchWorld, input: object) => {
  const { jobDefinitions = [] } = await client.send(new DescribeJobDefinitionsCommand(input));
  return jobDefinitions.map((each) => `${each.jobDefinitionName}:${each.revision} ${each.status}`);
};

test('a definition on Fargate comes back with the defaults that Batch fills in', async () => {
  await using aws = await batchWorld();
  const { jobDefinitionArn, revision } = await register(aws);
  assert.deepEqual([jobDefinitionArn, revision], ['arn:aws:batch:eu-central-1:123456789012:job-definition/d:1', 1]);
  const { jobDefinitions } = await aws.client.send(new DescribeJobDefinitionsCommand({ jobDefinitionName: 'd' }));
  assert.deepEqual(jobDefinitions, [
    {
      jobDefinitionName: 'd',
      jobDefinitionArn,
      revision: 1,
      status: 'ACTIVE',
      type: 'container',
      parameters: {},
      containerProperties: {
        ...fargate.containerProperties,
        command: [],
        volumes: [],
        environment: [],
        mountPoints: [],
        ulimits: [],
        secrets: [],
        fargatePlatformConfiguration: { platformVersion: 'LATEST' },
      },
      tags: {},
      propagateTags: false,
      platformCapabilities: ['FARGATE'],
      containerOrchestrationType: 'ECS',
    },
  ]);
});

test('a log configuration gets empty options and secret options', async () => {
  await using aws = await batchWorld();
  await register(aws, {
    containerProperties: { ...fargate.containerProperties, logConfiguration: { logDriver: 'awslogs' } },
  });
  const { jobDefinitions } = await aws.client.send(new DescribeJobDefinitionsCommand({}));
  assert.deepEqual(jobDefinitions?.[0]?.containerProperties?.logConfiguration, {
    logDriver: 'awslogs',
    options: {},
    secretOptions: [],
  });
});

test('every registration is a new revision; deregistered ones stay visible and are found by name, status or revision', async () => {
  await using aws = await batchWorld();
  for (let count = 0; count < 3; count += 1) await register(aws);
  await register(aws, { jobDefinitionName: 'other' });
  await aws.client.send(new DeregisterJobDefinitionCommand({ jobDefinition: 'd:2' }));
  assert.deepEqual(await revisions(aws, { jobDefinitionName: 'd' }), ['d:3 ACTIVE', 'd:2 INACTIVE', 'd:1 ACTIVE']);
  assert.deepEqual(await revisions(aws, { jobDefinitionName: 'd', status: 'ACTIVE' }), ['d:3 ACTIVE', 'd:1 ACTIVE']);
  assert.deepEqual(await revisions(aws, { jobDefinitions: ['d:1', 'other:1'] }), ['d:1 ACTIVE', 'other:1 ACTIVE']);
  assert.deepEqual(await revisions(aws, { status: 'INACTIVE' }), ['d:2 INACTIVE']);
});

test('a definition is deregistered by revision only', async () => {
  await using aws = await batchWorld();
  await register(aws);
  const deregister = (jobDefinition: string) => aws.client.send(new DeregisterJobDefinitionCommand({ jobDefinition }));
  await assert.rejects(deregister('d'), { name: 'ClientException' });
  await assert.rejects(deregister('d:9'), /d:9 not found/);
});

test('a job cannot use a revision that was deregistered, and the latest active one takes its place', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 1);
  await createQueue(aws.client, 'feeds', ['env']);
  await registerScript(aws.client, {});
  await registerScript(aws.client, {});
  await aws.client.send(new DeregisterJobDefinitionCommand({ jobDefinition: 'script:2' }));
  await assert.rejects(submitScript(aws.client, '0', { jobDefinition: 'script:2' }), /script:2 not found/);
  await submitScript(aws.client, '0');
  await aws.clock.idle();
  assert.match(JSON.stringify(aws.events.at(-1)?.detail), /job-definition\/script:1"/);
});

test('definitions come in pages', async () => {
  await using aws = await batchWorld();
  for (let count = 0; count < 5; count += 1) await register(aws);
  const pages: number[] = [];
  const input = { jobDefinitionName: 'd' };
  for await (const each of paginateDescribeJobDefinitions({ client: aws.client, pageSize: 2 }, input))
    pages.push(each.jobDefinitions?.length ?? 0);
  assert.deepEqual(pages, [2, 2, 1]);
});

test('an EC2 definition may use the old fields for its size', async () => {
  await using aws = await batchWorld();
  await register(aws, {
    platformCapabilities: undefined,
    containerProperties: { image: 'image', vcpus: 2, memory: 100 },
  });
  assert.deepEqual(await revisions(aws, {}), ['d:1 ACTIVE']);
});

test('a definition on EC2 keeps what only instances have, with Batch’s empty lists', async () => {
  await using aws = await batchWorld();
  const given = {
    image: 'image',
    privileged: true,
    user: 'nobody',
    readonlyRootFilesystem: true,
    resourceRequirements: [...size, { type: 'GPU' as const, value: '1' }],
    ulimits: [{ name: 'nofile', hardLimit: 4096, softLimit: 1024 }],
    volumes: [
      { name: 'scratch', host: { sourcePath: '/scratch' } },
      { name: 'shared', efsVolumeConfiguration: { fileSystemId: 'fs-1' } },
    ],
    mountPoints: [{ sourceVolume: 'scratch', containerPath: '/scratch', readOnly: false }],
    linuxParameters: { sharedMemorySize: 64, initProcessEnabled: true },
  };
  await register(aws, { platformCapabilities: ['EC2'], containerProperties: given });
  const { jobDefinitions } = await aws.client.send(new DescribeJobDefinitionsCommand({}));
  assert.deepEqual(jobDefinitions?.[0]?.containerProperties, {
    ...given,
    ...{ command: [], environment: [], secrets: [] },
    linuxParameters: { ...given.linuxParameters, devices: [], tmpfs: [] },
  });
  assert.deepEqual(jobDefinitions?.[0]?.platformCapabilities, ['EC2']);
});

for (const [vcpus, memory, valid] of [
  ['0.25', '512', true],
  ['0.25', '4096', false],
  ['0.5', '1024', true],
  ['0.5', '512', false],
  ['4', '30720', true],
  ['4', '31744', false],
  ['8', '20480', true],
  ['8', '17408', false],
  ['16', '122880', true],
  ['32', '61440', true],
  ['32', '69632', false],
  ['3', '8192', false],
] as const)
  test(`Fargate ${valid ? 'has' : 'does not have'} tasks of ${vcpus} vCPU and ${memory} MiB`, async () => {
    await using aws = await batchWorld();
    const resourceRequirements = [
      { type: 'VCPU' as const, value: vcpus },
      { type: 'MEMORY' as const, value: memory },
    ];
    const registration = register(aws, {
      containerProperties: { ...fargate.containerProperties, resourceRequirements },
    });
    if (valid) await registration;
    else await assert.rejects(registration, /Fargate resource requirements \(.* vCPU, \d+ MiB\) not valid\./);
  });

const container = (change: Partial<ContainerProperties>): Partial<RegisterJobDefinitionCommandInput> => ({
  containerProperties: { ...fargate.containerProperties, ...change },
});
const refusals: readonly [string, Partial<RegisterJobDefinitionCommandInput>, RegExp][] = [
  ['Fargate without an execution role', container({ executionRoleArn: undefined }), /executionRoleArn is required/],
  ['a variable of Batch’s own', container({ environment: [{ name: 'AWS_BATCH_JOB_ID', value: '1' }] }), /AWS_BATCH/],
  ['more than 24 KiB', container({ environment: [{ name: 'A', value: 'x'.repeat(24_576) }] }), /maximum|24/],
  ['privileges on Fargate', container({ privileged: true }), /privileged is not applicable for Fargate/],
  [
    'a network configuration on EC2',
    { platformCapabilities: ['EC2'], ...container({ networkConfiguration: {} }) },
    /networkConfiguration not applicable for EC2/,
  ],
  [
    'a GPU on Fargate',
    container({ resourceRequirements: [...size, { type: 'GPU', value: '1' }] }),
    /GPU is not applicable for Fargate/,
  ],
  [
    'a shared memory size on Fargate',
    container({ linuxParameters: { sharedMemorySize: 64 } }),
    /sharedMemorySize is not applicable for Fargate/,
  ],
  [
    'a mount of no volume',
    container({ mountPoints: [{ sourceVolume: 'none', containerPath: '/x' }] }),
    /Unknown volume 'none'/,
  ],
  ['multi-node jobs', { type: 'multinode' }, /type container/],
  ['a timeout under a minute', { timeout: { attemptDurationSeconds: 1 } }, /at least 60/],
  [
    'six rules of retry',
    { retryStrategy: { attempts: 2, evaluateOnExit: Array(6).fill({ onExitCode: '1', action: 'EXIT' }) } },
    /5/,
  ],
  [
    'a star in the middle of a pattern',
    { retryStrategy: { attempts: 2, evaluateOnExit: [{ onReason: 'a*b', action: 'EXIT' }] } },
    /onReason "a\*b"|pattern/,
  ],
  [
    'an underscore in a pattern',
    { retryStrategy: { attempts: 2, evaluateOnExit: [{ onStatusReason: 'a_b', action: 'EXIT' }] } },
    /onStatusReason "a_b"|pattern/,
  ],
  [
    'letters in an exit code',
    { retryStrategy: { attempts: 2, evaluateOnExit: [{ onExitCode: 'x', action: 'EXIT' }] } },
    /onExitCode|pattern/,
  ],
];
for (const [what, change, message] of refusals)
  test(`RegisterJobDefinition refuses ${what}`, async () => {
    await using aws = await batchWorld();
    await assert.rejects(register(aws, change), { name: 'ClientException', message });
  });
