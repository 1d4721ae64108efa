import { type Arbitrary, array, constantFrom, integer, record, uniqueArray } from 'fast-check';

/** Any choice of fields, each there or not. */
export const some = (fields: Readonly<Record<string, Arbitrary<unknown>>>): Arbitrary<Record<string, unknown>> =>
  record(fields, { requiredKeys: [] });

export const yes = constantFrom(true, false);
const tags = constantFrom({}, { team: 'feeds' }, { 'cost/center': '7', team: 'x' });
const shares = uniqueArray(constantFrom('a', 'b', 'c*'), { minLength: 0 }).map((names) =>
  Object.fromEntries(names.map((name, at) => [name, 0.1 + at])),
);

const common = { protect: yes, state: constantFrom('ENABLED', 'DISABLED') };

export const onFargate = record(
  {
    type: constantFrom('FARGATE', 'FARGATE_SPOT'),
    maxvCpus: integer({ min: 1, max: 256 }),
    ...common,
    subnets: constantFrom(['subnet-c', 'subnet-a']),
    securityGroupIds: constantFrom(['sg-3', 'sg-2']),
    override: some({ tags, computeResources: some({ securityGroupIds: constantFrom(['sg-b', 'sg-a']) }) }),
  },
  { requiredKeys: ['type', 'maxvCpus'] },
);

export const onEc2 = record(
  {
    type: constantFrom('EC2', 'SPOT'),
    maxvCpus: integer({ min: 4, max: 256 }),
    ...common,
    minvCpus: integer({ min: 0, max: 4 }),
    bidPercentage: integer({ min: 1, max: 100 }),
    instanceTypes: constantFrom(['optimal'], ['m7i', 'c7i']),
    allocationStrategy: constantFrom('BEST_FIT_PROGRESSIVE'),
    ec2KeyPair: constantFrom('ops'),
    ec2Configuration: constantFrom(
      [{ imageType: 'ECS_AL2023' }],
      [{ imageType: 'ECS_AL2_NVIDIA', imageIdOverride: 'ami-1' }],
    ),
    launchTemplate: constantFrom(
      { launchTemplateName: 'x' },
      { launchTemplateId: 'lt-1', version: '$Default' },
      { launchTemplateId: 'lt-1', version: '$Latest' },
    ),
    placementGroup: constantFrom('together'),
    tags,
    instanceRole: constantFrom('theirs'),
    updatePolicy: some({ terminateJobsOnUpdate: yes, jobExecutionTimeout: constantFrom('30m', '2h') }),
    override: some({ tags, computeResources: some({ imageId: constantFrom('ami-2'), tags }) }),
  },
  { requiredKeys: ['type', 'maxvCpus'] },
).map(({ bidPercentage, ...fields }) => ({
  ...fields,
  ...(fields.type === 'SPOT' && bidPercentage !== undefined && { bidPercentage }),
}));

const process = {
  command: constantFrom([], ['node', 'main.mjs']),
  environment: constantFrom({}, { B: 1, A: 'x' }),
  secrets: constantFrom({}, { S: '/unit/s', R: '/unit/r' }),
  parameters: constantFrom({}, { page: '1' }),
  user: constantFrom('nobody'),
  readonlyRootFilesystem: yes,
  architecture: constantFrom('X86_64', 'ARM64'),
  attempts: integer({ min: 1, max: 10 }),
  timeout: constantFrom('15m'),
  retry: constantFrom('spot'),
  logGroup: constantFrom('/their/jobs'),
  logOptions: constantFrom({}, { mode: 'non-blocking', 'max-buffer-size': '1m' }),
  jobRoleArn: constantFrom('arn:aws:iam::123456789012:role/theirs'),
  executionRoleArn: constantFrom('arn:aws:iam::123456789012:role/theirs'),
  propagateTags: yes,
  schedulingPriority: integer({ min: 0, max: 9999 }),
  protect: yes,
};

const volumes = constantFrom(
  {},
  { volumes: [{ name: 'scratch' }] },
  {
    volumes: [
      { name: 'shared', efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: { iam: 'ENABLED' } } },
      { name: 'a' },
    ],
    mountPoints: [
      { sourceVolume: 'shared', containerPath: '/z', readOnly: true },
      { sourceVolume: 'a', containerPath: '/a' },
    ],
  },
);

const override = some({
  tags,
  schedulingPriority: constantFrom(null, 3),
  timeout: constantFrom(null, { attemptDurationSeconds: 61 }),
  containerProperties: some({
    linuxParameters: constantFrom({}, { initProcessEnabled: true }, { initProcessEnabled: false, devices: [] }),
    enableExecuteCommand: yes,
    environment: constantFrom(
      [],
      [
        { name: 'Z', value: '1' },
        { name: 'A', value: '2' },
      ],
    ),
    repositoryCredentials: constantFrom({
      credentialsParameter: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x',
    }),
    logConfiguration: constantFrom(
      { logDriver: 'splunk', options: { 'awslogs-group': null } },
      { options: { 'awslogs-stream-prefix': 'mine' }, secretOptions: [] },
    ),
  }),
});

export const anyDefinition = record({
  platform: constantFrom('FARGATE', 'EC2'),
  process: some(process),
  volumes,
  override,
  fargate: some({ ephemeralStorage: integer({ min: 21, max: 200 }), assignPublicIp: yes }),
  ec2: some({ gpus: integer({ min: 1, max: 4 }), privileged: yes }),
}).map(({ platform, process: fields, volumes: mounted, override: over, fargate, ec2 }) => ({
  image: 'alpine:3',
  platform,
  vcpus: 1,
  memory: 2048,
  ...fields,
  ...mounted,
  override: over,
  ...(platform === 'EC2' ? ec2 : fargate),
}));

export const anyQueue: Arbitrary<Record<string, unknown>> = some({
  ...common,
  priority: integer({ min: 0, max: 100 }),
  schedulingPolicy: constantFrom('teams'),
  timeLimits: array(constantFrom({ reason: 'b', after: '1h' }, { reason: 'a', after: '10m' }), { maxLength: 2 }),
  override: some({ tags }),
}).map((fields) => ({ computeEnvironments: ['main'], ...fields }));

export const anyPolicy = some({
  protect: yes,
  shareDecay: constantFrom('1h'),
  computeReservation: integer({ min: 0, max: 99 }),
  shareDistribution: shares,
  override: some({ tags, fairsharePolicy: some({ computeReservation: constantFrom(null, 5) }) }),
});
