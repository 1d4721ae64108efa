import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  GetAccountAuthorizationDetailsCommand,
  GetInstanceProfileCommand,
  IAMClient,
  ListInstanceProfilesCommand,
  ListInstanceProfilesForRoleCommand,
  ListInstanceProfileTagsCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  UntagInstanceProfileCommand,
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

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const RoleName = 'instances';
const InstanceProfileName = 'feeds-instances';
const both = { RoleName, InstanceProfileName };
const createRole = (iam: IAMClient, name = RoleName) =>
  iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
const createProfile = (iam: IAMClient, extra: object = {}) =>
  iam.send(new CreateInstanceProfileCommand({ InstanceProfileName, ...extra }));
const get = async (iam: IAMClient) =>
  (await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }))).InstanceProfile;

test('an instance profile is answered with its tags and, once it has one, with its role', async (t) => {
  const iam = await iamFor(t);
  const Tags = [{ Key: 'baton:owner', Value: 'feeds/local' }];
  await createProfile(iam, { Path: '/baton/', Tags });
  const empty = await get(iam);
  assert.match(empty?.InstanceProfileId ?? '', /^AIPA[A-Z2-7]{17}$/);
  assert.deepEqual(empty, {
    InstanceProfileName,
    Path: '/baton/',
    InstanceProfileId: empty?.InstanceProfileId,
    Arn: `arn:aws:iam::123456789012:instance-profile/baton/${InstanceProfileName}`,
    CreateDate: new Date(morning),
    Roles: [],
    Tags,
  });
  const { Role } = await createRole(iam);
  await iam.send(new AddRoleToInstanceProfileCommand(both));
  assert.deepEqual(
    (await get(iam))?.Roles?.map(({ Arn }) => Arn),
    [Role?.Arn],
  );
});

test('a profile holds one role, a name is taken whatever its case, and what is not there is named', async (t) => {
  const iam = await iamFor(t);
  await assert.rejects(get(iam), {
    name: 'NoSuchEntityException',
    message: `Instance Profile ${InstanceProfileName} cannot be found.`,
  });
  await createProfile(iam);
  await assert.rejects(createProfile(iam, { InstanceProfileName: 'FEEDS-instances' }), {
    name: 'EntityAlreadyExistsException',
    message: 'Instance Profile FEEDS-instances already exists.',
  });
  await assert.rejects(iam.send(new AddRoleToInstanceProfileCommand(both)), { name: 'NoSuchEntityException' });
  await createRole(iam);
  await iam.send(new AddRoleToInstanceProfileCommand(both));
  await createRole(iam, 'second');
  for (const name of [RoleName, 'second'])
    await assert.rejects(iam.send(new AddRoleToInstanceProfileCommand({ ...both, RoleName: name })), {
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
    });
});

test('a role in a profile is not deleted, nor a profile with a role; taken apart, both are', async (t) => {
  const iam = await iamFor(t);
  await createRole(iam);
  await createProfile(iam);
  await iam.send(new AddRoleToInstanceProfileCommand(both));
  const conflict = {
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must remove roles from instance profile first.',
  };
  await assert.rejects(iam.send(new DeleteRoleCommand({ RoleName })), conflict);
  await assert.rejects(iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName })), conflict);
  await iam.send(new RemoveRoleFromInstanceProfileCommand(both));
  await assert.rejects(iam.send(new RemoveRoleFromInstanceProfileCommand(both)), { name: 'NoSuchEntityException' });
  await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
  await iam.send(new DeleteRoleCommand({ RoleName }));
  await assert.rejects(iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName })), {
    name: 'NoSuchEntityException',
  });
});

test('profiles are listed in pages, by role, and with their roles in the account’s details', async (t) => {
  const iam = await iamFor(t);
  for (const name of ['c', 'a', 'b']) await createProfile(iam, { InstanceProfileName: name });
  await createRole(iam);
  await iam.send(new AddRoleToInstanceProfileCommand({ RoleName, InstanceProfileName: 'b' }));
  const names = (profiles: readonly { InstanceProfileName?: string | undefined }[] = []) =>
    profiles.map((each) => each.InstanceProfileName);
  const first = await iam.send(new ListInstanceProfilesCommand({ MaxItems: 2 }));
  const second = await iam.send(new ListInstanceProfilesCommand({ MaxItems: 2, Marker: first.Marker }));
  assert.deepEqual(
    [names(first.InstanceProfiles), names(second.InstanceProfiles), second.IsTruncated],
    [['a', 'b'], ['c'], false],
  );
  const ofRole = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName }));
  assert.deepEqual(names(ofRole.InstanceProfiles), ['b']);
  const { RoleDetailList } = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] }));
  assert.deepEqual(names(RoleDetailList?.[0]?.InstanceProfileList), ['b']);
  assert.equal(RoleDetailList?.[0]?.InstanceProfileList?.[0]?.Roles?.[0]?.RoleName, RoleName);
});

test('tags of a profile are set, replaced and taken away', async (t) => {
  const iam = await iamFor(t);
  await createProfile(iam, { Tags: [{ Key: 'a', Value: '1' }] });
  const Tags = [
    { Key: 'a', Value: '2' },
    { Key: 'b', Value: '3' },
  ];
  await iam.send(new TagInstanceProfileCommand({ InstanceProfileName, Tags }));
  await iam.send(new UntagInstanceProfileCommand({ InstanceProfileName, TagKeys: ['a'] }));
  const left = [{ Key: 'b', Value: '3' }];
  assert.deepEqual((await iam.send(new ListInstanceProfileTagsCommand({ InstanceProfileName }))).Tags, left);
  assert.deepEqual((await get(iam))?.Tags, left);
});
