import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { morning, openAccount } from '../account.ts';

async function iamFor(t: TestContext): Promise<IAMClient> {
  const account = await openAccount();
  const iam = new IAMClient(account.client);
  t.after(async () => {
    iam.destroy();
    await account.close();
  });
  return iam;
}

const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const trust = document({
  Effect: 'Allow',
  Principal: { Service: 'ecs-tasks.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const mayPublish = document({
  Effect: 'Allow',
  Action: ['sns:Publish'],
  Resource: "arn:aws:sns:eu-central-1:123456789012:it's (new)*",
});
const executionPolicy = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy';
const RoleName = 'feeds-watcher';
const create = (extra: object = {}) => new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...extra });

test('a role is answered with all that it was created with, its documents percent-encoded', async (t) => {
  const iam = await iamFor(t);
  const about = {
    Path: '/baton/',
    Description: 'watches a feed',
    MaxSessionDuration: 7200,
    Tags: [{ Key: 'baton:owner', Value: 'feeds/local' }],
  };
  await iam.send(create({ ...about, PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess' }));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  assert.match(Role?.RoleId ?? '', /^AROA[A-Z2-7]{17}$/);
  assert.deepEqual(Role, {
    ...about,
    RoleName,
    RoleId: Role?.RoleId,
    Arn: `arn:aws:iam::123456789012:role/baton/${RoleName}`,
    CreateDate: new Date(morning),
    AssumeRolePolicyDocument: Role?.AssumeRolePolicyDocument,
    PermissionsBoundary: {
      PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
      PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/PowerUserAccess',
    },
  });
  assert.doesNotMatch(Role.AssumeRolePolicyDocument ?? '{', /["{}:,]/);
  assert.equal(decodeURIComponent(Role.AssumeRolePolicyDocument ?? ''), trust);
});

test('a role name is taken whatever its case, and a role that is not there is named', async (t) => {
  const iam = await iamFor(t);
  await iam.send(create());
  await assert.rejects(iam.send(create({ RoleName: 'FEEDS-watcher' })), {
    name: 'EntityAlreadyExistsException',
    message: 'Role with name FEEDS-watcher already exists.',
  });
  await assert.rejects(iam.send(new GetRoleCommand({ RoleName: 'none' })), {
    name: 'NoSuchEntityException',
    message: 'The role with name none cannot be found.',
  });
});

test('documents that say nothing sensible are malformed', async (t) => {
  const iam = await iamFor(t);
  const allow = { Effect: 'Allow', Action: 'sts:AssumeRole' };
  for (const malformed of [
    '{',
    '[]',
    '{"Statement":[]}',
    document({ ...allow }),
    document({ ...allow, Principal: { Robot: 'x' } }),
    document({ ...allow, Principal: '*', Resource: '*' }),
    document({ ...allow, Principal: '*', Action: 's3:GetObject' }),
    document({ ...allow, Principal: '*', Effect: 'Maybe' }),
    document({ ...allow, Principal: '*', Extra: true }),
  ])
    await assert.rejects(
      iam.send(create({ AssumeRolePolicyDocument: malformed })),
      { name: 'MalformedPolicyDocumentException' },
      malformed,
    );
  await iam.send(create());
  for (const malformed of [
    document({ Effect: 'Allow', Action: 's3:GetObject' }),
    document({ Effect: 'Allow', Action: 'GetObject', Resource: '*' }),
    document({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'bucket' }),
    document({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Principal: '*' }),
    document(
      { Sid: 'same', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
      { Sid: 'same', Effect: 'Allow', Action: 's3:PutObject', Resource: '*' },
    ),
  ])
    await assert.rejects(
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: malformed })),
      { name: 'MalformedPolicyDocumentException' },
      malformed,
    );
});

test('trust, description and session length change; what an update leaves out stays', async (t) => {
  const iam = await iamFor(t);
  await iam.send(create({ Description: 'before' }));
  const lambda = trust.replace('ecs-tasks', 'lambda');
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: lambda }));
  await iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 43_200 }));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  assert.equal(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), lambda);
  assert.deepEqual([Role?.Description, Role?.MaxSessionDuration], ['before', 43_200]);
});

test('inline policies are put, replaced, listed and deleted', async (t) => {
  const iam = await iamFor(t);
  await iam.send(create());
  const name = { RoleName, PolicyName: 'grants' };
  await iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: mayPublish }));
  const found = await iam.send(new GetRolePolicyCommand(name));
  assert.doesNotMatch(found.PolicyDocument ?? '*', /[!'()*]/);
  assert.equal(decodeURIComponent(found.PolicyDocument ?? ''), mayPublish);
  assert.deepEqual((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames, ['grants']);
  await iam.send(new DeleteRolePolicyCommand(name));
  const gone = {
    name: 'NoSuchEntityException',
    message: 'The role policy with name grants cannot be found.',
  };
  await assert.rejects(iam.send(new GetRolePolicyCommand(name)), gone);
  await assert.rejects(iam.send(new DeleteRolePolicyCommand(name)), gone);
});

test('inline policies of a role together are at most 10,240 characters', async (t) => {
  const iam = await iamFor(t);
  await iam.send(create());
  const long = (name: string) => {
    const Resource = Array.from({ length: 100 }, (_, i) => `arn:aws:sns:eu-central-1:123456789012:topic-${i}`);
    const PolicyDocument = document({ Effect: 'Allow', Action: 'sns:Publish', Resource });
    return iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: name, PolicyDocument }));
  };
  await long('one');
  await long('one');
  await long('two');
  await assert.rejects(long('three'), { name: 'LimitExceededException' });
});

test('AWS’s managed policies can be attached and detached; others do not exist', async (t) => {
  const iam = await iamFor(t);
  await iam.send(create());
  const attached = { RoleName, PolicyArn: executionPolicy };
  await iam.send(new AttachRolePolicyCommand(attached));
  await iam.send(new AttachRolePolicyCommand(attached));
  assert.deepEqual((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies, [
    { PolicyName: 'AmazonECSTaskExecutionRolePolicy', PolicyArn: executionPolicy },
  ]);
  await assert.rejects(
    iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::123456789012:policy/mine' })),
    { name: 'NoSuchEntityException' },
  );
  await iam.send(new DetachRolePolicyCommand(attached));
  await assert.rejects(iam.send(new DetachRolePolicyCommand(attached)), { name: 'NoSuchEntityException' });
});

test('a role is deleted only when nothing is attached to it', async (t) => {
  const iam = await iamFor(t);
  await iam.send(create());
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'grants', PolicyDocument: mayPublish }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: executionPolicy }));
  await assert.rejects(iam.send(new DeleteRoleCommand({ RoleName })), {
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must detach all policies first.',
  });
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: executionPolicy }));
  await assert.rejects(iam.send(new DeleteRoleCommand({ RoleName })), {
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must delete policies first.',
  });
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'grants' }));
  await iam.send(new DeleteRoleCommand({ RoleName }));
  await assert.rejects(iam.send(new DeleteRoleCommand({ RoleName })), { name: 'NoSuchEntityException' });
});

test('tags of a role are set, replaced and taken away', async (t) => {
  const iam = await iamFor(t);
  await iam.send(create({ Tags: [{ Key: 'a', Value: '1' }] }));
  const Tags = [
    { Key: 'a', Value: '2' },
    { Key: 'b', Value: '3' },
  ];
  await iam.send(new TagRoleCommand({ RoleName, Tags }));
  assert.deepEqual((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags, Tags);
  await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['a', 'none'] }));
  assert.deepEqual((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags, [{ Key: 'b', Value: '3' }]);
  await assert.rejects(iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'aws:x', Value: '' }] })), {
    name: 'InvalidInputException',
  });
});

test('one paged call shows every role with its tags, inline policies and attachments', async (t) => {
  const iam = await iamFor(t);
  for (const name of ['c', 'a', 'b']) {
    await iam.send(create({ RoleName: name, Tags: [{ Key: 'of', Value: name }] }));
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'grants', PolicyDocument: mayPublish }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: executionPolicy }));
  }
  const read = (Marker?: string) =>
    iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'], MaxItems: 2, Marker }));
  const first = await read();
  const second = await read(first.Marker);
  assert.deepEqual([first.IsTruncated, second.IsTruncated, second.Marker], [true, false, undefined]);
  const roles = [...(first.RoleDetailList ?? []), ...(second.RoleDetailList ?? [])];
  assert.deepEqual(
    roles.map((role) => [role.RoleName, role.Tags?.[0]?.Value, role.AttachedManagedPolicies?.[0]?.PolicyArn]),
    ['a', 'b', 'c'].map((name) => [name, name, executionPolicy]),
  );
  const [{ PolicyName, PolicyDocument = '' } = {}] = roles[0]?.RolePolicyList ?? [];
  assert.deepEqual([PolicyName, decodeURIComponent(PolicyDocument)], ['grants', mayPublish]);
  const users = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'] }));
  assert.deepEqual(users.RoleDetailList ?? [], []);
  const listed = await iam.send(new ListRolesCommand({ MaxItems: 1 }));
  assert.deepEqual([listed.Roles?.map(({ RoleName: name }) => name), listed.IsTruncated], [['a'], true]);
});

test('a role’s boundary is set, shown by the account’s details too, exchanged and taken away', async (t) => {
  const iam = await iamFor(t);
  await iam.send(create());
  const read = async () => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const { RoleDetailList } = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] }));
    const arns = [Role, RoleDetailList?.[0]].map((each) => each?.PermissionsBoundary?.PermissionsBoundaryArn);
    assert.equal(arns[0], arns[1]);
    return arns[0];
  };
  for (const name of ['PowerUserAccess', 'ReadOnlyAccess']) {
    const PermissionsBoundary = `arn:aws:iam::aws:policy/${name}`;
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
    assert.equal(await read(), PermissionsBoundary);
  }
  await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
  assert.equal(await read(), undefined);
});
