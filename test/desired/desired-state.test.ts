import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { unzipSync } from 'fflate';
import { desiredState } from '../../scripts/desired/desired-state.ts';
import { keepLast } from '../../scripts/kinds/repository.ts';
import { ordinaryJob } from '../support/ordinary-job.ts';
import { environment, site, smallConfig } from './small-config.ts';

const inRegion = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

/** A repository with one job and two functions that do nothing. */
let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'baton-desired-'));
  const files = {
    'package.json': '{}',
    'jobs/watcher/main.ts': 'console.log(1);',
    'jobs/watcher/Dockerfile': 'FROM node:24-slim\nENTRYPOINT ["node", "/app/main.mjs"]\n',
    'lambdas/schedule-to-batch/handler.ts': 'export const handler = () => 1;',
    'lambdas/topic-to-batch/handler.ts': 'export const handler = () => 2;',
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(root, file, '..'), { recursive: true });
    await writeFile(join(root, file), text);
  }
});
after(() => rm(root, { recursive: true }));

const desired = (config = smallConfig(), at = root) => desiredState({ site, environment, config }, at);

test('a small config becomes compute environments, queues and definitions', async () => {
  const { computeEnvironments, jobQueues, jobDefinitions, images, repositories } = await desired();
  assert.deepEqual(computeEnvironments, [
    {
      name: 'unit-main-917defa6',
      protect: false,
      type: 'FARGATE',
      state: 'ENABLED',
      maxvCpus: 4,
      subnets: ['subnet-a', 'subnet-b'],
      securityGroupIds: ['sg-1'],
      instances: {},
      updatePolicy: {},
      other: {},
    },
  ]);
  assert.deepEqual(jobQueues, [
    {
      name: 'unit-feeds',
      protect: false,
      state: 'ENABLED',
      priority: 5,
      computeEnvironments: [inRegion('batch', 'compute-environment/unit-main-917defa6')],
      schedulingPolicyArn: null,
      timeLimits: [],
      other: {},
    },
  ]);
  assert.deepEqual(repositories, [
    { name: 'unit/jobs/watcher', tags: 'IMMUTABLE', scanOnPush: true, lifecycle: keepLast(500) },
  ]);
  assert.match(images[0]?.name ?? '', /^unit\/jobs\/watcher:[0-9a-f]{16}$/);
  assert.deepEqual(jobDefinitions, [
    {
      name: 'unit-watcher',
      protect: false,
      platform: 'FARGATE',
      image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/${images[0]?.name}`,
      command: [],
      vcpus: 0.5,
      memory: 1024,
      gpus: null,
      environment: { BUCKET: 'unit-feeds', PAGES: '15' },
      parameters: {},
      attempts: 3,
      evaluateOnExit: [
        { action: 'RETRY', onReason: null, onStatusReason: 'Host EC2*', onExitCode: null },
        { action: 'EXIT', onReason: '*', onStatusReason: null, onExitCode: null },
      ],
      timeoutSeconds: 900,
      jobRoleArn: role('unit-job-watcher'),
      executionRoleArn: role('unit-execution'),
      logGroup: '/aws/batch/unit',
      ...ordinaryJob,
    },
    {
      name: 'unit-plain',
      protect: false,
      platform: 'FARGATE',
      image: 'public.ecr.aws/docker/library/busybox:1',
      command: ['true'],
      vcpus: 0.5,
      memory: 1024,
      gpus: null,
      environment: {},
      parameters: {},
      attempts: 1,
      evaluateOnExit: [],
      timeoutSeconds: null,
      jobRoleArn: null,
      executionRoleArn: role('unit-execution'),
      logGroup: '/aws/batch/unit',
      ...ordinaryJob,
    },
  ]);
});

test('functions are invoked by our own rules and topics, and dead-letter what fails', async () => {
  const { functions, artifacts } = await desired();
  const [schedules, topics] = functions;
  assert.deepEqual([...artifacts.zips.keys()], [schedules?.codeSha256, topics?.codeSha256]);
  assert.deepEqual(
    { ...schedules, codeSha256: '' },
    {
      name: 'unit-schedule-to-batch',
      codeSha256: '',
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      roleArn: role('unit-schedule-to-batch'),
      memory: 256,
      timeoutSeconds: 60,
      environment: { STATE_BUCKET: 'unit-state-111122223333-eu-central-1' },
      logGroup: '/aws/lambda/unit-schedule-to-batch',
      asynchronous: {
        retries: 2,
        maximumAgeSeconds: 21_600,
        onFailureArn: inRegion('sqs', 'unit-failed-invocations'),
      },
      permissions: [
        {
          id: 'schedules',
          principal: 'events.amazonaws.com',
          action: 'lambda:InvokeFunction',
          sourceArn: inRegion('events', 'rule/unit-*'),
          sourceAccount: '111122223333',
        },
      ],
    },
  );
  assert.deepEqual(topics?.permissions, [
    {
      id: 'topics',
      principal: 'sns.amazonaws.com',
      action: 'lambda:InvokeFunction',
      sourceArn: inRegion('sns', 'unit-*'),
      sourceAccount: null,
    },
  ]);
});

test('the routes of topics travel in the zip of topic-to-batch', async () => {
  const { functions, artifacts } = await desired();
  const zip = artifacts.zips.get(functions[1]?.codeSha256 ?? '');
  assert.ok(zip);
  const files = unzipSync(zip);
  assert.deepEqual(Object.keys(files), ['index.mjs', 'routes.json']);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(files['routes.json'])), {
    [inRegion('sns', 'unit-changed')]: {
      jobName: 'consume',
      jobQueue: 'unit-feeds',
      jobDefinition: 'unit-plain',
      messageVariable: 'MESSAGE',
    },
  });
});

test('a bucket is closed, encrypted, TLS-only, and forgets what it is told to in whole days', async () => {
  const { buckets } = await desired();
  const [stateBucket, feeds] = buckets;
  const rule = { expireDays: null, expireNoncurrentDays: null, transitions: [], abortUploadDays: null, other: {} };
  const arn = 'arn:aws:s3:::unit-feeds-111122223333-eu-central-1';
  assert.deepEqual(feeds, {
    name: 'unit-feeds-111122223333-eu-central-1',
    protect: false,
    versioning: true,
    encryption: { algorithm: 'AES256', kmsKey: null },
    publicAccessBlocked: true,
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
        },
      ],
    },
    lifecycle: [
      { ...rule, prefix: '', abortUploadDays: 7 },
      { ...rule, prefix: 'old/', expireDays: 2 },
    ],
  });
  assert.deepEqual(stateBucket?.lifecycle, [
    { ...rule, prefix: '', abortUploadDays: 7 },
    { ...rule, prefix: 'claims/', expireDays: 30 },
  ]);
});

test('each path of dead letters has a queue that only its own service delivers to', async () => {
  const { deadLetterQueues } = await desired();
  assert.deepEqual(
    deadLetterQueues.map(({ name, policy }) => ({
      name,
      from: policy?.Statement.map(({ Principal, Condition }) => [Principal, Condition]),
    })),
    [
      {
        name: 'unit-undelivered-schedules',
        from: [
          [
            { Service: ['events.amazonaws.com'] },
            { ArnLike: { 'aws:SourceArn': [inRegion('events', 'rule/unit-*')] } },
          ],
        ],
      },
      {
        name: 'unit-undelivered-messages',
        from: [[{ Service: ['sns.amazonaws.com'] }, { ArnLike: { 'aws:SourceArn': [inRegion('sns', 'unit-*')] } }]],
      },
      { name: 'unit-failed-invocations', from: undefined },
    ],
  );
});

test('of rules and topics that have names of their own, those that submit may invoke, and no others', async () => {
  const submit = { jobName: 'x', jobQueue: 'feeds', jobDefinition: 'plain' };
  const targets = [{ Id: '1', Arn: inRegion('sqs', 'theirs') }];
  const { functions, deadLetterQueues } = await desired(
    smallConfig({
      schedules: {
        submits: { name: 'Submits', rate: '1 hour', submit },
        theirs: { name: 'Theirs', rate: '1 hour', targets },
      },
      topics: {
        changed: { name: 'Changed', submit: { ...submit, messageVariable: 'MESSAGE' } },
        quiet: { name: 'Quiet' },
      },
    }),
  );
  const rules = [inRegion('events', 'rule/unit-*'), inRegion('events', 'rule/Submits')];
  const topics = [inRegion('sns', 'unit-*'), inRegion('sns', 'Changed')];
  assert.deepEqual(
    functions.map(({ permissions }) => permissions.map(({ sourceArn }) => sourceArn)),
    [rules, topics],
  );
  assert.deepEqual(
    deadLetterQueues.flatMap(({ policy }) => policy?.Statement.map(({ Condition }) => Condition) ?? []),
    [rules, topics].map((arns) => ({ ArnLike: { 'aws:SourceArn': arns.toSorted() } })),
  );
});

test('every log group is made before it is written to, and forgets', async () => {
  const { logGroups } = await desired();
  assert.deepEqual(logGroups, [
    { name: '/aws/batch/unit', retentionDays: 90 },
    { name: '/aws/lambda/unit-schedule-to-batch', retentionDays: 90 },
    { name: '/aws/lambda/unit-topic-to-batch', retentionDays: 90 },
  ]);
});

test('the same files in another folder give the same state', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'baton-desired-'));
  try {
    await cp(root, elsewhere, { recursive: true });
    const { artifacts: _here, ...here } = await desired();
    const { artifacts: _there, ...there } = await desired(smallConfig(), elsewhere);
    assert.deepEqual(there, here);
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

test('another type of compute environment has another name, a larger one has the same', async () => {
  const named = async (type: string, maxvCpus: number): Promise<string | undefined> =>
    (await desired(smallConfig({ computeEnvironments: { main: { type, maxvCpus } } }))).computeEnvironments[0]?.name;
  assert.equal(await named('FARGATE', 64), 'unit-main-917defa6');
  assert.notEqual(await named('FARGATE_SPOT', 4), 'unit-main-917defa6');
});
