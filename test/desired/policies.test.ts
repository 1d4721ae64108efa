import assert from 'node:assert/strict';
import test from 'node:test';
import { executionPolicy, functionPolicy, jobPolicy } from '../../scripts/desired/policies.ts';
import { desiredRoles } from '../../scripts/desired/roles.ts';
import { site, smallConfig } from './small-config.ts';

const feeds = 'arn:aws:s3:::unit-feeds-111122223333-eu-central-1';
const state = 'arn:aws:s3:::unit-state-111122223333-eu-central-1';
const inRegion = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const writes = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:ListMultipartUploadParts', 's3:PutObject'];

const container = (image: string) => ({ image, secrets: {}, secretsKey: undefined });

const roleNamed = (name: string) => desiredRoles(site, smallConfig()).find((role) => role.name === name);

test('a job may do what its grants say and nothing else', () => {
  assert.deepEqual(roleNamed('unit-job-watcher'), {
    name: 'unit-job-watcher',
    trust: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: ['ecs-tasks.amazonaws.com'] }, Action: ['sts:AssumeRole'] }],
    },
    inline: {
      grants: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [feeds] },
          { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`${feeds}/*`] },
          { Effect: 'Allow', Action: writes, Resource: [`${feeds}/*`] },
          { Effect: 'Allow', Action: ['sns:Publish'], Resource: [inRegion('sns', 'unit-changed')] },
        ],
      },
    },
    managed: [],
  });
});

test('reading does not allow writing, and writing does not allow reading', () => {
  const actions = (grant: { read: string } | { write: string }): string[] =>
    jobPolicy(site, { buckets: {}, topics: {} }, [grant]).Statement.flatMap(({ Action = [] }) => Action);
  assert.deepEqual(actions({ read: 'bucket.feeds' }), ['s3:ListBucket', 's3:GetObject']);
  assert.deepEqual(actions({ write: 'bucket.feeds' }), writes);
});

test('where a bucket has a key of its own, what uses the bucket may use exactly that key', () => {
  const kmsKey = 'arn:aws:kms:eu-central-1:111122223333:key/feeds';
  const { buckets } = smallConfig({ buckets: { feeds: { kmsKey } } });
  const using = (grant: { read: string } | { write: string }) =>
    jobPolicy(site, { buckets, topics: {} }, [grant]).Statement.filter(({ Resource }) => Resource?.includes(kmsKey));
  const allowed = { Effect: 'Allow', Resource: [kmsKey] };
  assert.deepEqual(using({ read: 'bucket.feeds' }), [{ ...allowed, Action: ['kms:Decrypt'] }]);
  assert.deepEqual(using({ write: 'bucket.feeds' }), [{ ...allowed, Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }]);
});

test('a job without grants has no role', () => {
  assert.deepEqual(
    desiredRoles(site, smallConfig()).map(({ name }) => name),
    ['unit-execution', 'unit-schedule-to-batch', 'unit-topic-to-batch', 'unit-job-watcher'],
  );
});

test('what runs containers pulls our images and writes the log of jobs', () => {
  assert.deepEqual(
    executionPolicy(site, [container('jobs/watcher'), container('public.ecr.aws/docker/library/busybox:1')]).Statement,
    [
      { Sid: 'LogInToRegistry', Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: ['*'] },
      {
        Sid: 'PullImages',
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: [inRegion('ecr', 'repository/unit/*')],
      },
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [inRegion('logs', 'log-group:/aws/batch/unit:*')],
      },
    ],
  );
});

test('an image of another registry of ECR may be pulled when config names it', () => {
  const image = '999988887777.dkr.ecr.us-east-1.amazonaws.com/tools/export@sha256:0123';
  const [, pull] = executionPolicy(site, [container(image), container(image)]).Statement;
  assert.deepEqual(pull?.Resource, [
    inRegion('ecr', 'repository/unit/*'),
    'arn:aws:ecr:us-east-1:999988887777:repository/tools/export',
  ]);
});

test('a function submits to the queues and definitions of its own submissions only', () => {
  const role = roleNamed('unit-schedule-to-batch');
  assert.deepEqual(role?.trust.Statement[0]?.Principal, { Service: ['lambda.amazonaws.com'] });
  assert.deepEqual(role?.inline['grants']?.Statement, [
    {
      Sid: 'WriteLog',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [inRegion('logs', 'log-group:/aws/lambda/unit-schedule-to-batch:*')],
    },
    {
      Sid: 'Submit',
      Effect: 'Allow',
      Action: ['batch:SubmitJob'],
      Resource: [
        inRegion('batch', 'job-definition/unit-watcher'),
        inRegion('batch', 'job-definition/unit-watcher:*'),
        inRegion('batch', 'job-queue/unit-feeds'),
      ],
    },
    { Sid: 'FindJobs', Effect: 'Allow', Action: ['batch:ListJobs'], Resource: ['*'] },
    { Sid: 'Claim', Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: [`${state}/claims/*`] },
    { Sid: 'SeeThatNoClaim', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [state] },
    {
      Sid: 'DeadLetter',
      Effect: 'Allow',
      Action: ['sqs:SendMessage'],
      Resource: [inRegion('sqs', 'unit-failed-invocations')],
    },
  ]);
});

test('a function that submits nothing may not submit', () => {
  const sids = functionPolicy(site, 'topic-to-batch', []).Statement.map(({ Sid }) => Sid);
  assert.deepEqual(sids, ['WriteLog', 'FindJobs', 'Claim', 'SeeThatNoClaim', 'DeadLetter']);
});

test("a list of definitions too long for a role's policies gives way to the prefix, beside names that were given", () => {
  const targets = Array.from({ length: 100 }, (_, at) => ({ jobQueue: 'feeds', jobDefinition: `definition-${at}` }));
  const policy = functionPolicy(site, 'schedule-to-batch', targets);
  assert.deepEqual(policy.Statement.find(({ Sid }) => Sid === 'Submit')?.Resource, [
    inRegion('batch', 'job-definition/unit-*'),
    inRegion('batch', 'job-queue/unit-*'),
  ]);
  const given = { ...site, given: { 'jobQueues.feeds': 'theirs', 'jobDefinitions.definition-7': 'nightly' } };
  const named = functionPolicy(given, 'schedule-to-batch', targets);
  assert.deepEqual(named.Statement.find(({ Sid }) => Sid === 'Submit')?.Resource, [
    inRegion('batch', 'job-definition/nightly'),
    inRegion('batch', 'job-definition/nightly:*'),
    inRegion('batch', 'job-definition/unit-*'),
    inRegion('batch', 'job-queue/theirs'),
    inRegion('batch', 'job-queue/unit-*'),
  ]);
  const longest = functionPolicy(site, 'schedule-to-batch', targets.slice(0, 45));
  assert.ok(JSON.stringify(longest).length < 10_240);
});

test('what runs containers reads exactly the secrets that config names, and decrypts with their keys', () => {
  const secret = inRegion('secretsmanager', 'secret:team/api-a1b2c3');
  const key = inRegion('kms', 'key/1234');
  const secrets = { A: '/team/password', B: 'token', C: `${secret}:user::` };
  const { Statement } = executionPolicy(site, [{ image: 'busybox', secrets, secretsKey: key }]);
  assert.deepEqual(Statement.slice(2, -1), [
    {
      Sid: 'ReadParameters',
      Effect: 'Allow',
      Action: ['ssm:GetParameters'],
      Resource: [inRegion('ssm', 'parameter/team/password'), inRegion('ssm', 'parameter/token')],
    },
    { Sid: 'ReadSecrets', Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [secret] },
    { Sid: 'DecryptSecrets', Effect: 'Allow', Action: ['kms:Decrypt'], Resource: [key] },
  ]);
});
