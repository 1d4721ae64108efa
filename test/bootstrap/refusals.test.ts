/** What the roles of GitHub must not be able to do, tried on the embedded AWS as them. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Batch } from '@aws-sdk/client-batch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { apply } from '../../scripts/control/commands/apply.ts';
import { account, githubWorld, region } from './github-world.ts';

const small = {
  computeEnvironments: { main: { type: 'FARGATE', maxvCpus: 4 } },
  jobQueues: { feeds: { computeEnvironments: ['main'] } },
  jobDefinitions: {
    plain: { vcpus: 0.5, memory: 1024, image: 'busybox:1', grants: [{ read: 'bucket.feeds' }] },
  },
  buckets: { feeds: {} },
};

const document = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: Statement.map((each) => ({ Effect: 'Allow', ...each })) });
const anything = document({ Action: '*', Resource: '*' });
const trust = document({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
const policyArn = (name: string): string => `arn:aws:iam::${account}:policy/${name}`;
const bucket = `unit-feeds-${account}-${region}`;
const Tags = [{ Key: 'baton:owner', Value: 'baton/test' }];

const isDenied = (error: Error): boolean =>
  /^(AccessDenied|AccessDeniedException|AuthorizationErrorException)$/.test(error.name);

test('a role of GitHub is refused what is not its own, though an administrator is not', async (t) => {
  const { bootstrap, clientOf, flags, iam, person, run, write } = await githubWorld(t);
  write(small);
  assert.equal((await bootstrap()).code, 0);
  const applied = await run('apply', () => apply({ ...flags, yes: true }));
  assert.deepEqual([applied.code, applied.err], [0, '']);
  await iam.createRole({ RoleName: 'unit-by-hand', AssumeRolePolicyDocument: trust });
  await iam.createRole({ RoleName: 'others', AssumeRolePolicyDocument: trust, Tags });

  const made: { destroy(): void }[] = [];
  t.after(() => {
    for (const client of made) client.destroy();
  });
  const clients = async (role: 'plan' | 'apply' | 'operate') => {
    const settings = await clientOf(role);
    const all = {
      batch: new Batch(settings),
      iam: new IAM(settings),
      lambda: new Lambda(settings),
      logs: new CloudWatchLogs(settings),
      s3: new S3({ ...settings, forcePathStyle: true }),
      sns: new SNS(settings),
    };
    made.push(...Object.values(all));
    return all;
  };
  const [asPlan, asApply, asOperate] = [await clients('plan'), await clients('apply'), await clients('operate')];
  const s3 = new S3({ ...person, forcePathStyle: true });
  made.push(s3);
  await s3.putObject({ Bucket: bucket, Key: 'feed.xml', Body: 'secret' });

  const boundary = policyArn('github-unit-boundary');
  const createRole = (RoleName: string, PermissionsBoundary?: string) =>
    asApply.iam.createRole({ RoleName, AssumeRolePolicyDocument: trust, PermissionsBoundary, Tags });
  const put = (RoleName: string) =>
    asApply.iam.putRolePolicy({ RoleName, PolicyName: 'more', PolicyDocument: anything });
  const retrust = (RoleName: string) => asApply.iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: trust });
  const refused: Readonly<Record<string, () => Promise<unknown>>> = {
    'plan reads an object': () => asPlan.s3.getObject({ Bucket: bucket, Key: 'feed.xml' }),
    'plan lists objects': () => asPlan.s3.listObjectsV2({ Bucket: bucket }),
    'plan writes an object': () => asPlan.s3.putObject({ Bucket: bucket, Key: 'feed.xml', Body: 'mine' }),
    'plan has itself given a link to the code of a function': () =>
      asPlan.lambda.getFunction({ FunctionName: 'unit-topic-to-batch' }),
    'plan reads a log': () => asPlan.logs.filterLogEvents({ logGroupName: '/aws/batch/unit' }),
    'plan makes a topic': () => asPlan.sns.createTopic({ Name: 'unit-mine', Tags }),
    'plan submits a job': () =>
      asPlan.batch.submitJob({ jobName: 'mine', jobQueue: 'unit-feeds', jobDefinition: 'unit-plain' }),
    'plan changes a role': () => asPlan.iam.deleteRolePolicy({ RoleName: 'unit-job-plain', PolicyName: 'grants' }),
    'apply reads an object of a job': () => asApply.s3.getObject({ Bucket: bucket, Key: 'feed.xml' }),
    'apply makes a role without bounds': () => createRole('unit-free'),
    'apply makes a role within other bounds': () =>
      createRole('unit-free', 'arn:aws:iam::aws:policy/AdministratorAccess'),
    'apply makes a role of another prefix': () => createRole('other-free', boundary),
    'apply makes a role that is not tagged': () =>
      asApply.iam.createRole({ RoleName: 'unit-free', AssumeRolePolicyDocument: trust, PermissionsBoundary: boundary }),
    'apply lifts the bounds of a role': () => asApply.iam.deleteRolePermissionsBoundary({ RoleName: 'unit-job-plain' }),
    'apply widens the bounds of a role': () =>
      asApply.iam.putRolePermissionsBoundary({
        RoleName: 'unit-job-plain',
        PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess',
      }),
    'apply changes what bounds roles': () =>
      asApply.iam.createPolicyVersion({ PolicyArn: boundary, PolicyDocument: anything, SetAsDefault: true }),
    'apply makes a managed policy': () =>
      asApply.iam.createPolicy({ PolicyName: 'unit-mine', PolicyDocument: anything }),
    'apply attaches another policy': () =>
      asApply.iam.attachRolePolicy({
        RoleName: 'unit-job-plain',
        PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      }),
    'apply gives itself more': () => put('github-unit-apply'),
    'apply trusts itself to others': () => retrust('github-unit-apply'),
    'apply deletes a role of GitHub': () => asApply.iam.deleteRole({ RoleName: 'github-unit-plan' }),
    'apply changes a role of another prefix': () => put('others'),
    'apply changes a role that somebody made by hand': () => put('unit-by-hand'),
    'apply takes over who may use such a role': () => retrust('unit-by-hand'),
    'apply deletes such a role': () => asApply.iam.deleteRole({ RoleName: 'unit-by-hand' }),
    'apply passes a role of another prefix': () =>
      asApply.lambda.createFunction({
        FunctionName: 'unit-mine',
        Role: `arn:aws:iam::${account}:role/others`,
        Code: { ZipFile: new Uint8Array([0]) },
        Tags: { 'baton:owner': 'baton/test' },
      }),
    'apply passes a role to a service that ours are not for': () =>
      asApply.batch.createComputeEnvironment({
        computeEnvironmentName: 'unit-mine',
        type: 'MANAGED',
        serviceRole: `arn:aws:iam::${account}:role/unit-job-plain`,
        tags: { 'baton:owner': 'baton/test' },
      }),
    'apply makes a topic for another owner': () =>
      asApply.sns.createTopic({ Name: 'unit-mine', Tags: [{ Key: 'baton:owner', Value: 'baton/other' }] }),
    'operate makes a topic': () => asOperate.sns.createTopic({ Name: 'unit-mine', Tags }),
    'operate registers a job definition': () =>
      asOperate.batch.registerJobDefinition({ jobDefinitionName: 'unit-plain', type: 'container' }),
    'operate changes a role': () =>
      asOperate.iam.putRolePolicy({ RoleName: 'unit-job-plain', PolicyName: 'more', PolicyDocument: anything }),
    'operate changes a queue': () => asOperate.batch.updateJobQueue({ jobQueue: 'unit-feeds', state: 'DISABLED' }),
  };
  for (const [what, attempt] of Object.entries(refused)) await assert.rejects(attempt(), isDenied, what);
  // What stands beside it is allowed: the refusals above are of these roles, not of everything.
  await createRole('unit-bounded', boundary);
  await put('unit-bounded');
  await asPlan.batch.describeJobQueues({});
});

test('each role trusts the jobs that it is for, in both forms of their subjects, and no others', async (t) => {
  const { bootstrap, keysOf, write } = await githubWorld(t);
  write(small);
  await bootstrap();
  const main = 'refs/heads/main';
  const pull = 'refs/pull/1/merge';
  const feeds = ['repo:acme/feeds', 'repo:acme@7/feeds@42'];
  for (const feed of feeds) {
    await keysOf('plan', { sub: `${feed}:pull_request`, ref: pull });
    await keysOf('plan', { sub: `${feed}:ref:${main}`, ref: main });
    await keysOf('apply', { sub: `${feed}:environment:test`, ref: main });
    await keysOf('operate', { sub: `${feed}:ref:${main}`, ref: main });
  }
  const strangers = [
    ['plan', 'repo:acme/feeds:environment:test', main],
    ['plan', 'repo:acme/feeds:ref:refs/heads/mine', 'refs/heads/mine'],
    ['plan', 'repo:acme/feeds-2:pull_request', pull],
    ['plan', 'repo:acme@7/feeds@43:pull_request', pull],
    ['apply', 'repo:acme/feeds:pull_request', pull],
    ['apply', `repo:acme/feeds:ref:${main}`, main],
    ['apply', 'repo:acme/feeds:environment:other', main],
    // An environment that is not protected lets in every branch; the role does not.
    ['apply', 'repo:acme/feeds:environment:test', 'refs/heads/mine'],
    ['operate', 'repo:acme/feeds:pull_request', pull],
    ['operate', 'repo:acme/feeds:environment:test', main],
  ] as const;
  for (const [role, sub, ref] of strangers) {
    await assert.rejects(keysOf(role, { sub, ref }), { name: 'AccessDenied' }, `${role} trusts ${sub} on ${ref}`);
  }
});
