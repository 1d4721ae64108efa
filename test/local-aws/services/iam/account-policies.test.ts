import assert from 'node:assert/strict';
import test from 'node:test';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { acting, arn, document } from '../../authorization/acting.ts';

const PolicyArn = arn('iam', 'policy/bounds', '');
const allowing = (...Action: string[]) => document([{ Action, Resource: '*' }]);
const trust = document([{ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }]);

test('a managed policy has five versions at most, of which one is in force', async (t) => {
  const { iam } = await acting(t);
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'bounds', PolicyDocument: allowing('sns:Publish') }),
  );
  assert.deepEqual([Policy?.Arn, Policy?.DefaultVersionId], [PolicyArn, 'v1']);
  const change = (action: string) =>
    iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allowing(action), SetAsDefault: true }));
  for (const action of ['sns:a', 'sns:b', 'sns:c', 'sns:d']) await change(action);
  await assert.rejects(change('sns:e'), { name: 'LimitExceededException', message: /up to 5 versions/ });
  await assert.rejects(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v5' })), {
    name: 'DeleteConflictException',
  });
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  await change('sns:f');
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  assert.deepEqual(
    Versions.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion]),
    [2, 3, 4, 5, 6].map((id) => [`v${id}`, id === 6]),
  );
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v6' }));
  assert.equal(decodeURIComponent(PolicyVersion?.Document ?? ''), allowing('sns:f'));
});

test('a policy over 6,144 characters, of a name that is taken, or none at all is refused', async (t) => {
  const { iam } = await acting(t);
  const create = (PolicyDocument: string) =>
    iam.send(new CreatePolicyCommand({ PolicyName: 'bounds', PolicyDocument }));
  await assert.rejects(create(allowing(`sns:${'a'.repeat(6_144)}`)), {
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for PolicySize: 6144',
  });
  await create(allowing('sns:Publish'));
  await assert.rejects(create(allowing('sns:Publish')), { name: 'EntityAlreadyExistsException' });
  await assert.rejects(iam.send(new GetPolicyCommand({ PolicyArn: `${PolicyArn}-2` })), {
    name: 'NoSuchEntityException',
  });
});

test('a role is bounded by a policy of the account as it is now, and the policy stays while it bounds', async (t) => {
  const { account, iam, client } = await acting(t);
  const role = { RoleName: 'worker', AssumeRolePolicyDocument: trust, PermissionsBoundary: PolicyArn };
  await assert.rejects(iam.send(new CreateRoleCommand(role)), {
    name: 'NoSuchEntityException',
    message: `Scope ARN: ${PolicyArn} does not exist or is not attachable.`,
  });
  await iam.send(new CreatePolicyCommand({ PolicyName: 'bounds', PolicyDocument: allowing('sns:Publish') }));
  await iam.send(new CreateRoleCommand(role));
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'own', PolicyDocument: allowing('sns:*', 's3:*') }),
  );
  const credentials = account.identity.credentialsFor(arn('iam', 'role/worker', ''), 'one', 'lambda.amazonaws.com');
  const sns = client(new SNSClient({ ...account.client, credentials }));
  const createTopic = () => sns.send(new CreateTopicCommand({ Name: 'mine' }));
  await assert.rejects(createTopic(), /because no permissions boundary allows the SNS:CreateTopic action/);
  await iam.send(
    new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allowing('sns:CreateTopic'), SetAsDefault: true }),
  );
  await createTopic();
  await assert.rejects(iam.send(new DeletePolicyCommand({ PolicyArn })), { message: /attached to entities/ });
  await assert.rejects(
    iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'worker', PermissionsBoundary: `${PolicyArn}-2` })),
    { name: 'NoSuchEntityException' },
  );
});

test('a policy of the account gives what it allows to the roles that it is attached to', async (t) => {
  const { as, client, iam } = await acting(t);
  const sns = client(new SNSClient(await as('job')));
  await iam.send(new CreatePolicyCommand({ PolicyName: 'bounds', PolicyDocument: allowing('sns:CreateTopic') }));
  const createTopic = () => sns.send(new CreateTopicCommand({ Name: 'mine' }));
  await assert.rejects(createTopic(), { name: 'AuthorizationErrorException' });
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'job', PolicyArn }));
  await createTopic();
});

test('a role may be let change only what is bounded', async (t) => {
  const { as, client, iam } = await acting(t);
  await iam.send(new CreatePolicyCommand({ PolicyName: 'bounds', PolicyDocument: allowing('sns:Publish') }));
  const limited = await as(
    'job',
    {
      Action: ['iam:CreateRole', 'iam:PutRolePolicy'],
      Resource: arn('iam', 'role/ours-*', ''),
      Condition: { StringEquals: { 'iam:PermissionsBoundary': PolicyArn } },
    },
    { Action: 'iam:CreateRole', Resource: arn('iam', 'role/free', '') },
  );
  const own = client(new IAMClient(limited));
  const create = (RoleName: string, PermissionsBoundary?: string) =>
    own.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, PermissionsBoundary }));
  const put = (RoleName: string) =>
    own.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: allowing('sns:*') }));
  await create('free');
  await create('ours-a', PolicyArn);
  await put('ours-a');
  await assert.rejects(create('ours-b'), { name: 'AccessDenied' });
  await assert.rejects(create('ours-b', 'arn:aws:iam::aws:policy/PowerUserAccess'), { name: 'AccessDenied' });
  await iam.send(new CreateRoleCommand({ RoleName: 'ours-unbounded', AssumeRolePolicyDocument: trust }));
  await assert.rejects(put('ours-unbounded'), { name: 'AccessDenied' });
});
