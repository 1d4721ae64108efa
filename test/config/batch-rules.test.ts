import assert from 'node:assert/strict';
import test from 'node:test';
import { edited, mistakes, small } from './folder.ts';

type Files = Readonly<Record<string, string>>;
type Row = readonly [what: string, files: Files, ...messages: string[]];

const compute = (from: string, to: string): Files => edited('config/compute.yaml', from, to);
const environment = (fields: string): Files => compute('{ type: FARGATE, maxvCpus: 4 }', `{ maxvCpus: 4, ${fields} }`);
const queue = (fields: string): Files =>
  compute('computeEnvironments: [fargate]', `computeEnvironments: [fargate]\n    ${fields}`);
const report = (fields: string): Files =>
  edited('config/jobs.yaml', 'image: alpine:3', `image: alpine:3\n    ${fields}`);
const policy = (fields: string): Files => ({
  ...small,
  'config/more.yaml': `schedulingPolicies:\n  teams: { ${fields} }\n`,
});

const at = 'config/compute.yaml:2:';
const ec2Only = 'is of EC2 instances, and Fargate has none: take it away, or make the type EC2 or SPOT';
/** The definitions of the small config are for Fargate. */
const platforms = (type: string): string[] => [
  `config/events.yaml:6:17 schedules.nightly.submit.jobQueue: "main" runs on ${type}, and the platform of "import" is FARGATE: the job would never start`,
  `config/events.yaml:14:17 topics.imported.submit.jobQueue: "main" runs on ${type}, and the platform of "report" is FARGATE: the job would never start`,
];

const environments: readonly Row[] = [
  [
    'fields of instances on Fargate',
    environment('type: FARGATE, instanceTypes: [c7i], tags: { a: b }'),
    `${at}42 computeEnvironments.fargate.instanceTypes: "instanceTypes" ${ec2Only}`,
    `${at}64 computeEnvironments.fargate.tags: "tags" ${ec2Only}`,
  ],
  [
    'a strategy of Spot on EC2, and a bid',
    environment('type: EC2, allocationStrategy: SPOT_CAPACITY_OPTIMIZED, bidPercentage: 50'),
    `${at}58 computeEnvironments.fargate.allocationStrategy: "SPOT_CAPACITY_OPTIMIZED" is no strategy of EC2; there are: BEST_FIT, BEST_FIT_PROGRESSIVE, BEST_FIT_PROGRESSIVE_ORDERED`,
    `${at}83 computeEnvironments.fargate.bidPercentage: "bidPercentage" is for SPOT only: EC2 pays the On-Demand price`,
    ...platforms('EC2'),
  ],
  [
    'BEST_FIT under SPOT without a fleet role, and an update policy',
    environment('type: SPOT, allocationStrategy: BEST_FIT, updatePolicy: { jobExecutionTimeout: 90s }'),
    `${at}59 computeEnvironments.fargate.allocationStrategy: "BEST_FIT" needs a Spot fleet role under SPOT: give override.computeResources.spotIamFleetRole, or take another`,
    `${at}69 computeEnvironments.fargate.updatePolicy: "updatePolicy" goes with no BEST_FIT, whose instances AWS never replaces in place`,
    `${at}106 computeEnvironments.fargate.updatePolicy.jobExecutionTimeout: "90s" must be whole minutes, from 1m to 5d`,
    ...platforms('SPOT'),
  ],
  [
    'more vCPUs at least than at most',
    environment('type: EC2, minvCpus: 5'),
    `${at}48 computeEnvironments.fargate.minvCpus: 5 must be at most maxvCpus, which is 4`,
    ...platforms('EC2'),
  ],
  [
    'a launch template by both its names, and a role for a profile',
    environment(
      'type: EC2, launchTemplate: { launchTemplateId: lt-1, launchTemplateName: one }, instanceRole: "arn:aws:iam::012345678901:role/x"',
    ),
    `${at}38 computeEnvironments.fargate.launchTemplate: "launchTemplate" must have one of launchTemplateId and launchTemplateName`,
    `${at}121 computeEnvironments.fargate.instanceRole: "arn:aws:iam::012345678901:role/x" must be the name or the full ARN of an instance profile, which is no role`,
    ...platforms('EC2'),
  ],
];

const queues: readonly Row[] = [
  [
    'a time limit that is too short',
    queue('timeLimits: [{ reason: stuck, after: 5m }]'),
    'config/compute.yaml:6:42 jobQueues.main.timeLimits[0].after: "5m" must be from 10m to 24h',
  ],
  [
    'EC2 and Fargate in one queue',
    {
      ...compute('[fargate]', '[fargate, large]'),
      'config/more.yaml': 'computeEnvironments:\n  large: { type: EC2, maxvCpus: 4 }\n',
    },
    'config/compute.yaml:5:36 jobQueues.main.computeEnvironments[1]: "large" is EC2, and the first is FARGATE: a queue does not mix Fargate and EC2',
  ],
  [
    'a scheduling policy nobody described',
    queue('schedulingPolicy: teams'),
    'config/compute.yaml:6:23 jobQueues.main.schedulingPolicy: "teams" names no scheduling policy; there is none',
    'config/events.yaml:4:5 schedules.nightly.submit: "submit" needs a shareIdentifier: queue "main" has a scheduling policy',
    'config/events.yaml:12:5 topics.imported.submit: "submit" needs a shareIdentifier: queue "main" has a scheduling policy',
  ],
  [
    'a share of a queue without a policy',
    edited('config/events.yaml', 'jobDefinition: import', 'jobDefinition: import\n      shareIdentifier: teamA'),
    'config/events.yaml:8:24 schedules.nightly.submit.shareIdentifier: "teamA" goes with no queue without a scheduling policy, as "main" is',
  ],
  [
    'shares of a policy that overlap, and a decay that is too slow',
    policy('shareDecay: 8d, shareDistribution: { "team*": 1, teamA: 2 }'),
    'config/more.yaml:2:24 schedulingPolicies.teams.shareDecay: "8d" must be at most 7d',
    'config/more.yaml:2:61 schedulingPolicies.teams.shareDistribution.teamA: "teamA" is part of "team*" as well',
  ],
];

const definitions: readonly Row[] = [
  [
    'fields of EC2 on Fargate',
    report('gpus: 1\n    privileged: true\n    volumes: [{ name: v, host: { sourcePath: /v } }]'),
    'config/jobs.yaml:14:5 jobDefinitions.report.gpus: "gpus" is of EC2, and the platform is FARGATE',
    'config/jobs.yaml:15:5 jobDefinitions.report.privileged: "privileged" is of EC2, and the platform is FARGATE',
    'config/jobs.yaml:16:26 jobDefinitions.report.volumes[0].host: "host" is of EC2, and the platform is FARGATE',
  ],
  [
    'fields of Fargate on EC2, in a queue on Fargate',
    report('platform: EC2\n    assignPublicIp: true\n    ephemeralStorage: 50'),
    'config/events.yaml:14:17 topics.imported.submit.jobQueue: "main" runs on FARGATE, and the platform of "report" is EC2: the job would never start',
    'config/jobs.yaml:15:5 jobDefinitions.report.assignPublicIp: "assignPublicIp" is of Fargate, and the platform is EC2',
    'config/jobs.yaml:16:5 jobDefinitions.report.ephemeralStorage: "ephemeralStorage" is of Fargate, and the platform is EC2',
  ],
  [
    'a mount of no volume, and a volume twice',
    report('volumes: [{ name: a }, { name: a }]\n    mountPoints: [{ sourceVolume: b, containerPath: /b }]'),
    'config/jobs.yaml:14:36 jobDefinitions.report.volumes[1].name: "a" is the name of another volume as well',
    'config/jobs.yaml:15:35 jobDefinitions.report.mountPoints[0].sourceVolume: "b" names no volume of this definition; did you mean "a"?',
  ],
  [
    'a role beside grants',
    edited('config/jobs.yaml', 'attempts: 2', 'attempts: 2\n    jobRoleArn: arn:aws:iam::012345678901:role/theirs'),
    'config/jobs.yaml:7:17 jobDefinitions.import.jobRoleArn: "arn:aws:iam::012345678901:role/theirs" stands in place of grants; give one of them',
  ],
];

const overrides: readonly Row[] = [
  [
    'a misspelt field of AWS, of a wrong type, and one that has a place',
    report(
      'override:\n      jobDefinitionName: mine\n      containerProperties: { usr: nobody, privileged: "yes", ulimits: { name: a } }\n      tags: { team: 1 }',
    ),
    'config/jobs.yaml:15:7 jobDefinitions.report.override.jobDefinitionName: "jobDefinitionName" is what the field "name" of the entry says',
    'config/jobs.yaml:16:30 jobDefinitions.report.override.containerProperties.usr: "usr" is no field of AWS\'s here; did you mean "user"?',
    'config/jobs.yaml:16:55 jobDefinitions.report.override.containerProperties.privileged: "yes" must be true or false',
    'config/jobs.yaml:16:62 jobDefinitions.report.override.containerProperties.ulimits: must be a list',
    'config/jobs.yaml:17:21 jobDefinitions.report.override.tags.team: 1 must be text',
  ],
  [
    'fields of other requests',
    {
      ...queue('override: { priorty: 1 }'),
      'config/more.yaml':
        'computeEnvironments:\n  more: { type: FARGATE, maxvCpus: 4, override: { computeResources: { spotIamFleetRol: x } } }\n' +
        'schedulingPolicies:\n  teams: { override: { quotaSharePolicy: 1 } }\n',
    },
    'config/compute.yaml:6:17 jobQueues.main.override.priorty: "priorty" is no field of AWS\'s here; did you mean "priority"?',
    'config/more.yaml:2:71 computeEnvironments.more.override.computeResources.spotIamFleetRol: "spotIamFleetRol" is no field of AWS\'s here; did you mean "spotIamFleetRole"?',
    'config/more.yaml:4:42 schedulingPolicies.teams.override.quotaSharePolicy: 1 must be a map of fields',
  ],
];

for (const [what, files, ...messages] of [...environments, ...queues, ...definitions, ...overrides]) {
  test(`${what}: refused where it stands, with what would be right`, (t) => {
    assert.deepEqual(mistakes(t, files), messages);
  });
}

test('null takes a field of AWS away, and what AWS knows passes', (t) => {
  const files = report(
    'override: { timeout: null, containerProperties: { linuxParameters: { tmpfs: [{ containerPath: /t, size: 1 }] } } }',
  );
  assert.deepEqual(mistakes(t, files), []);
});
