import assert from 'node:assert/strict';
import test from 'node:test';
import {
  desiredComputeEnvironments,
  desiredJobDefinitions,
  desiredJobQueues,
  desiredSchedulingPolicies,
} from '../../scripts/desired/batch.ts';
import { desiredRoles } from '../../scripts/desired/roles.ts';
import { environment, site, smallConfig } from './small-config.ts';

const { network } = environment;

const environments = (computeEnvironments: Record<string, unknown>, given = site) =>
  desiredComputeEnvironments(given, smallConfig({ computeEnvironments }), network);

const only = (fields: Record<string, unknown>) => {
  const [first] = environments({ main: { maxvCpus: 4, ...fields } });
  assert.ok(first);
  return first;
};

test('an environment on EC2 has what holds where nothing is said, and the instance profile that baton makes', () => {
  assert.deepEqual(only({ type: 'EC2' }).instances, {
    allocationStrategy: 'BEST_FIT_PROGRESSIVE',
    instanceRole: 'arn:aws:iam::111122223333:instance-profile/unit-instance',
    instanceTypes: ['optimal'],
    minvCpus: 0,
  });
  assert.equal(only({ type: 'SPOT' }).instances['allocationStrategy'], 'SPOT_PRICE_CAPACITY_OPTIMIZED');
});

test('what AWS fills in by itself says nothing when config says it as well', () => {
  const plain = only({ type: 'SPOT' });
  const said = only({
    type: 'SPOT',
    bidPercentage: 100,
    ec2Configuration: [{ imageType: 'ECS_AL2023' }],
    updatePolicy: { terminateJobsOnUpdate: false, jobExecutionTimeout: '30m' },
    tags: {},
  });
  assert.deepEqual(said, plain);
  const launchTemplate = { launchTemplateName: 'large' };
  assert.deepEqual(
    only({ type: 'SPOT', launchTemplate: { ...launchTemplate, version: '$Default' } }),
    only({ type: 'SPOT', launchTemplate }),
  );
});

test('the role of instances is made where an environment on EC2 has none of its own, with its instance profile', () => {
  const roles = (computeEnvironments: Record<string, unknown>) =>
    desiredRoles(site, smallConfig({ computeEnvironments })).filter(({ name }) => name === 'unit-instance');
  assert.deepEqual(roles({ main: { type: 'FARGATE', maxvCpus: 4 } }), []);
  assert.deepEqual(roles({ main: { type: 'EC2', maxvCpus: 4, instanceRole: 'theirs' } }), []);
  const [role] = roles({ main: { type: 'SPOT', maxvCpus: 4 } });
  assert.deepEqual(
    { managed: role?.managed, inline: role?.inline, instanceProfile: role?.instanceProfile },
    {
      managed: ['arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role'],
      inline: {},
      instanceProfile: true,
    },
  );
});

/** Fields in which a change keeps an environment's name, and those that give it another. */
const renaming = (before: Record<string, unknown>, changes: readonly Record<string, unknown>[]): boolean[] =>
  changes.map((change) => only({ ...before, ...change }).name !== only(before).name);

test('what AWS changes in place is no part of the name of an environment, and what it does not is', () => {
  const scaling = [{ maxvCpus: 8 }, { state: 'DISABLED' }, { override: { tags: { team: 'feeds' } } }];
  const networking = [{ subnets: ['subnet-x'] }, { securityGroupIds: ['sg-x'] }];
  const instances = [
    { instanceTypes: ['c7i'] },
    { ec2KeyPair: 'ops' },
    { launchTemplate: { launchTemplateId: 'lt-1' } },
  ];
  const roles = [
    { override: { serviceRole: 'arn:aws:iam::111122223333:role/batch' } },
    { override: { computeResources: { spotIamFleetRole: 'arn:aws:iam::111122223333:role/fleet' } } },
  ];
  const never = (count: number) => Array(count).fill(false);
  const always = (count: number) => Array(count).fill(true);
  assert.deepEqual(renaming({ type: 'FARGATE' }, [...scaling, ...networking]), never(5));
  assert.deepEqual(renaming({ type: 'FARGATE' }, [{ type: 'FARGATE_SPOT' }, { type: 'EC2' }]), always(2));
  const ec2 = { type: 'EC2' };
  assert.deepEqual(
    renaming(ec2, [...scaling, { minvCpus: 2 }, ...networking, ...instances, { type: 'SPOT' }]),
    never(10),
  );
  assert.deepEqual(renaming(ec2, roles), always(2));
  const fixed = { type: 'EC2', allocationStrategy: 'BEST_FIT' };
  assert.deepEqual(renaming(fixed, [...scaling, { minvCpus: 2 }]), never(4));
  assert.deepEqual(renaming(fixed, [...networking, ...instances, { allocationStrategy: undefined }]), always(6));
});

test('an environment that was given a name keeps it whatever changes', () => {
  const given = { ...site, given: { 'computeEnvironments.main': 'Batch-CE' } };
  for (const type of ['FARGATE', 'EC2']) {
    assert.equal(environments({ main: { type, maxvCpus: 4 } }, given)[0]?.name, 'Batch-CE');
  }
});

test('a queue names its scheduling policy and its time limits', () => {
  const config = smallConfig({
    schedulingPolicies: { teams: { shareDecay: '1h', shareDistribution: { imports: 0.5 } } },
    jobQueues: {
      feeds: {
        computeEnvironments: ['main'],
        schedulingPolicy: 'teams',
        timeLimits: [{ reason: 'stuck', after: '1h' }],
        override: { tags: { team: 'feeds' } },
      },
    },
  });
  assert.deepEqual(desiredSchedulingPolicies(site, config), [
    {
      name: 'unit-teams',
      protect: false,
      shareDecaySeconds: 3600,
      computeReservation: 0,
      shareDistribution: { imports: 0.5 },
      other: {},
    },
  ]);
  const [queue] = desiredJobQueues(site, config, network);
  assert.deepEqual(
    { arn: queue?.schedulingPolicyArn, limits: queue?.timeLimits, other: queue?.other },
    {
      arn: 'arn:aws:batch:eu-central-1:111122223333:scheduling-policy/unit-teams',
      limits: [{ reason: 'stuck', state: 'RUNNABLE', maxTimeSeconds: 3600, action: 'CANCEL' }],
      other: { tags: { team: 'feeds' } },
    },
  );
});

const definition = (fields: Record<string, unknown>) => {
  const base = { image: 'alpine:3', vcpus: 1, memory: 2048 };
  const [first] = desiredJobDefinitions(
    site,
    smallConfig({ jobDefinitions: { one: { ...base, ...fields } } }),
    network,
    new Map(),
  );
  assert.ok(first);
  return first;
};

test('a definition on EC2 says nothing that is of Fargate', () => {
  const { platform, assignPublicIp, ephemeralStorage, gpus } = definition({ platform: 'EC2', gpus: 2 });
  assert.deepEqual(
    { platform, assignPublicIp, ephemeralStorage, gpus },
    { platform: 'EC2', assignPublicIp: false, ephemeralStorage: null, gpus: 2 },
  );
});

test('roles and a log group that are there already take the place of what baton makes', () => {
  const given = {
    jobRoleArn: 'arn:aws:iam::111122223333:role/theirs',
    executionRoleArn: 'arn:aws:iam::111122223333:role/pulls',
    logGroup: '/their/jobs',
  };
  const { jobRoleArn, executionRoleArn, logGroup } = definition(given);
  assert.deepEqual({ jobRoleArn, executionRoleArn, logGroup }, given);
});

test("the execution role writes to the log groups of its own containers, and needs no other role's secrets", () => {
  const config = smallConfig({
    jobDefinitions: {
      one: { image: 'alpine:3', vcpus: 1, memory: 2048, logGroup: '/their/jobs' },
      two: {
        image: 'alpine:3',
        vcpus: 1,
        memory: 2048,
        executionRoleArn: 'arn:aws:iam::111122223333:role/pulls',
        secrets: { PASSWORD: '/their/password' },
      },
    },
  });
  const [execution] = desiredRoles(site, config);
  const statements = execution?.inline['grants']?.Statement ?? [];
  const logs = 'arn:aws:logs:eu-central-1:111122223333:log-group';
  assert.deepEqual(statements.find(({ Sid }) => Sid === 'WriteLog')?.Resource, [
    `${logs}:/aws/batch/unit:*`,
    `${logs}:/their/jobs:*`,
  ]);
  assert.equal(
    statements.some(({ Sid }) => Sid === 'ReadParameters'),
    false,
  );
});

test("AWS's own fields are laid over what is computed: maps merge, null takes away, and what has a field of its own is in it", () => {
  const spec = definition({
    environment: { A: '1' },
    timeout: '15m',
    override: {
      containerProperties: {
        user: 'nobody',
        ulimits: [{ name: 'nofile', hardLimit: 10, softLimit: 5 }],
        linuxParameters: { initProcessEnabled: true, devices: [] },
        environment: [{ name: 'B', value: '2' }],
        logConfiguration: { logDriver: 'splunk', options: { 'awslogs-group': null, 'splunk-url': 'https://logs' } },
      },
      timeout: null,
      tags: { team: 'feeds' },
    },
  });
  assert.deepEqual(
    { user: spec.user, environment: spec.environment, timeoutSeconds: spec.timeoutSeconds, logGroup: spec.logGroup },
    { user: 'nobody', environment: { B: '2' }, timeoutSeconds: null, logGroup: null },
  );
  assert.deepEqual(spec.other, {
    containerProperties: {
      linuxParameters: { initProcessEnabled: true },
      logConfiguration: {
        logDriver: 'splunk',
        options: {
          'awslogs-region': 'eu-central-1',
          'awslogs-stream-prefix': 'unit-one',
          'splunk-url': 'https://logs',
        },
      },
      ulimits: [{ hardLimit: 10, name: 'nofile', softLimit: 5 }],
    },
    tags: { team: 'feeds' },
  });
});

test('lists whose order says nothing are sets, and those whose order counts are not', () => {
  const [a, b] = [{ name: 'a' }, { name: 'b' }];
  const mounts = [a, b].map(({ name }) => ({ sourceVolume: name, containerPath: `/${name}` }));
  const ulimits = [a, b].map((each) => ({ ...each, hardLimit: 2, softLimit: 1 }));
  const container = (reverse: boolean) => {
    const put = <T>(list: readonly T[]): readonly T[] => (reverse ? list.toReversed() : list);
    const override = { containerProperties: { ulimits: put(ulimits) } };
    return definition({ volumes: put([a, b]), mountPoints: put(mounts), override });
  };
  assert.deepEqual(container(true), container(false));
  const types = (instanceTypes: string[], allocationStrategy?: string) =>
    only({ type: 'EC2', instanceTypes, allocationStrategy }).instances['instanceTypes'];
  assert.deepEqual(types(['m7i', 'c7i']), ['c7i', 'm7i']);
  assert.deepEqual(types(['m7i', 'c7i'], 'BEST_FIT_PROGRESSIVE_ORDERED'), ['m7i', 'c7i']);
  assert.notDeepEqual(definition({ command: ['a', 'b'] }), definition({ command: ['b', 'a'] }));
});

test('a definition that is not of one container is what its override says', () => {
  const nodeProperties = { mainNode: 0, numNodes: 2, nodeRangeProperties: [{ targetNodes: '0:1' }] };
  const spec = definition({ override: { type: 'multinode', containerProperties: null, nodeProperties } });
  assert.deepEqual(
    { image: spec.image, executionRoleArn: spec.executionRoleArn, other: spec.other },
    {
      image: '',
      executionRoleArn: null,
      other: {
        type: 'multinode',
        nodeProperties: { ...nodeProperties, nodeRangeProperties: [{ targetNodes: '0:1' }] },
      },
    },
  );
});
