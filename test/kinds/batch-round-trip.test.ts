import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type Arbitrary,
  array,
  asyncProperty,
  constantFrom,
  assert as holds,
  integer,
  option,
  record,
  uniqueArray,
} from 'fast-check';
import {
  desiredComputeEnvironments,
  desiredJobDefinitions,
  desiredJobQueues,
  desiredSchedulingPolicies,
} from '../../scripts/desired/batch.ts';
import { computeEnvironmentKind } from '../../scripts/kinds/compute-environment.ts';
import { jobDefinitionKind } from '../../scripts/kinds/job-definition.ts';
import { jobQueueKind } from '../../scripts/kinds/job-queue.ts';
import { schedulingPolicyKind } from '../../scripts/kinds/scheduling-policy.ts';
import { diff } from '../../scripts/reconcile/diff.ts';
import type { ResourceKind } from '../../scripts/reconcile/kind.ts';
import { plainFields } from '../../scripts/reconcile/value.ts';
import { environment, smallConfig, site as unit } from '../desired/small-config.ts';
import { account, step } from './contract.ts';
import { withLocalAws } from './with-local-aws.ts';

const site = { ...unit, account };

/** Any choice of fields, each there or not. */
const some = (fields: Readonly<Record<string, Arbitrary<unknown>>>): Arbitrary<Record<string, unknown>> =>
  record(fields, { requiredKeys: [] });

const yes = constantFrom(true, false);
const tags = constantFrom({}, { team: 'feeds' }, { 'cost/center': '7', team: 'x' });
const shares = uniqueArray(constantFrom('a', 'b', 'c*'), { minLength: 0 }).map((names) =>
  Object.fromEntries(names.map((name, at) => [name, 0.1 + at])),
);

const common = { protect: yes, state: constantFrom('ENABLED', 'DISABLED') };

const onFargate = record(
  {
    type: constantFrom('FARGATE', 'FARGATE_SPOT'),
    maxvCpus: integer({ min: 1, max: 256 }),
    ...common,
    subnets: constantFrom(['subnet-c', 'subnet-a']),
    override: some({ tags, computeResources: some({ securityGroupIds: constantFrom(['sg-b', 'sg-a']) }) }),
  },
  { requiredKeys: ['type', 'maxvCpus'] },
);

const onEc2 = record(
  {
    type: constantFrom('EC2', 'SPOT'),
    maxvCpus: integer({ min: 4, max: 256 }),
    ...common,
    minvCpus: integer({ min: 0, max: 4 }),
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
);

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

const definitions = record({
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

const queues = some({
  ...common,
  priority: integer({ min: 0, max: 100 }),
  schedulingPolicy: constantFrom('teams'),
  timeLimits: array(constantFrom({ reason: 'b', after: '1h' }, { reason: 'a', after: '10m' }), { maxLength: 2 }),
  override: some({ tags }),
}).map((fields) => ({ computeEnvironments: ['main'], ...fields }));

const policies = some({
  protect: yes,
  shareDecay: constantFrom('1h'),
  computeReservation: integer({ min: 0, max: 99 }),
  shareDistribution: shares,
  override: some({ tags, fairsharePolicy: some({ computeReservation: constantFrom(null, 5) }) }),
});

/** Makes it, looks at it, changes it into the second, and looks again. */
async function leavesNothing<Spec extends { readonly name: string }, Live>(
  kind: ResourceKind<Spec, Live>,
  first: Spec | undefined,
  second: Spec | undefined = first,
): Promise<void> {
  assert.ok(first && second);
  const seen = async () => {
    const found = (await kind.list([first.name])).observed.find(({ name }) => name === first.name);
    assert.ok(found, `${first.name} is not listed`);
    return found.live;
  };
  const differences = (live: Live, desired: Spec) => diff(plainFields(kind.toSpec(live)), plainFields(desired));
  await kind.create(first, step);
  const made = await seen();
  assert.deepEqual(differences(made, first), []);
  const next = { ...second, name: first.name };
  const immutable = typeof kind.immutable === 'function' ? kind.immutable(kind.toSpec(made), next) : kind.immutable;
  if (immutable.length === 0) {
    await kind.update(made, next, differences(made, next), step);
    assert.deepEqual(differences(await seen(), next), []);
  }
  await kind.delete(await seen(), step);
}

const runs = { numRuns: 60 };
const { network } = environment;

for (const [what, environments] of [
  ['Fargate', onFargate],
  ['EC2', onEc2],
] as const) {
  test(`whatever is said of a compute environment on ${what}, nothing is left to do once it is made or changed`, () =>
    withLocalAws(async (aws) => {
      const specs = (main: unknown) =>
        desiredComputeEnvironments(site, smallConfig({ computeEnvironments: { main } }), network);
      const property = asyncProperty(environments, environments, async (first, second) =>
        leavesNothing(computeEnvironmentKind(aws), specs(first)[0], specs(second)[0]),
      );
      await holds(property, runs);
    }));
}

test('whatever is said of a job definition, nothing is left to do once it is made or changed', () =>
  withLocalAws(async (aws) => {
    const specs = (one: unknown) =>
      desiredJobDefinitions(site, smallConfig({ jobDefinitions: { one } }), network, new Map());
    const property = asyncProperty(definitions, definitions, async (first, second) =>
      leavesNothing(jobDefinitionKind(aws), specs(first)[0], specs(second)[0]),
    );
    await holds(property, { numRuns: 150 });
  }));

test('whatever is said of a job queue, nothing is left to do once it is made or changed', () =>
  withLocalAws(async (aws) => {
    const config = (main: unknown) => smallConfig({ jobQueues: { main }, schedulingPolicies: { teams: {} } });
    const [main] = desiredComputeEnvironments(site, config({ computeEnvironments: ['main'] }), network);
    const [teams] = desiredSchedulingPolicies(site, config({ computeEnvironments: ['main'] }));
    assert.ok(main && teams);
    await computeEnvironmentKind(aws).create(main, step);
    await schedulingPolicyKind(aws).create(teams, step);
    const property = asyncProperty(queues, queues, async (first, second) => {
      const spec = (queue: unknown) => desiredJobQueues(site, config(queue), network)[0];
      await leavesNothing(jobQueueKind(aws), spec(first), spec(second));
    });
    await holds(property, runs);
  }));

test('whatever is said of a scheduling policy, nothing is left to do once it is made or changed', () =>
  withLocalAws(async (aws) => {
    const specs = (teams: unknown) => desiredSchedulingPolicies(site, smallConfig({ schedulingPolicies: { teams } }));
    const property = asyncProperty(policies, option(policies, { nil: {} }), async (first, second) =>
      leavesNothing(schedulingPolicyKind(aws), specs(first)[0], specs(second)[0]),
    );
    await holds(property, runs);
  }));
