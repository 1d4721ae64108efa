import assert from 'node:assert/strict';
import test from 'node:test';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  DeleteInstanceProfileCommand,
  DeleteRolePermissionsBoundaryCommand,
  ListInstanceProfilesCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { policy } from '../../scripts/kinds/policy.ts';
import { type RoleSpec, roleKind } from '../../scripts/kinds/role.ts';
import { account, contract, step } from './contract.ts';
import { withLocalAws } from './with-local-aws.ts';

const trust = (service: string) =>
  policy({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' });

contract('a role', {
  kind: roleKind,
  desired: {
    name: 'unit-job-watcher',
    trust: trust('ecs-tasks.amazonaws.com'),
    inline: { grants: policy({ Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::feeds/*' }) },
    managed: [],
  },
  drifts: {
    'inline.grants.Statement[0].Action': (aws, { RoleName }) =>
      aws.iam.send(
        new PutRolePolicyCommand({
          RoleName,
          PolicyName: 'grants',
          PolicyDocument: JSON.stringify(
            policy({ Effect: 'Allow', Action: ['s3:*'], Resource: 'arn:aws:s3:::feeds/*' }),
          ),
        }),
      ),
    'inline.more': (aws, { RoleName }) =>
      aws.iam.send(
        new PutRolePolicyCommand({
          RoleName,
          PolicyName: 'more',
          PolicyDocument: JSON.stringify(policy({ Effect: 'Allow', Action: ['*'], Resource: '*' })),
        }),
      ),
    managed: (aws, { RoleName }) =>
      aws.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })),
    'trust.Statement[0].Principal.Service': (aws, { RoleName }) =>
      aws.iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName,
          PolicyDocument: JSON.stringify(trust('ec2.amazonaws.com')),
        }),
      ),
  },
});

const boundary = 'arn:aws:iam::aws:policy/PowerUserAccess';

contract('a role that is bounded', {
  kind: roleKind,
  desired: { name: 'unit-bounded', trust: trust('lambda.amazonaws.com'), inline: {}, managed: [], boundary },
  drifts: {
    boundary: (aws, { RoleName }) => aws.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
  },
});

test('a boundary is exchanged, taken away, and missed where there is none, with who makes it', () =>
  withLocalAws(async (aws) => {
    const kind = roleKind(aws);
    const free: RoleSpec = { name: 'unit-free', trust: trust('lambda.amazonaws.com'), inline: {}, managed: [] };
    const boundaryNow = async () => {
      const [found] = (await kind.list([])).observed;
      assert.ok(found);
      return { live: found.live, boundary: kind.toSpec(found.live).boundary };
    };
    const missing = `arn:aws:iam::${account}:policy/bounds`;
    const explained = {
      message: `Scope ARN: ${missing} does not exist or is not attachable. It is what permissionsBoundary names; an administrator makes it: npm run bootstrap`,
    };
    await assert.rejects(kind.create({ ...free, boundary: missing }, step), explained);
    await kind.create({ ...free, boundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }, step);
    const { live } = await boundaryNow();
    await assert.rejects(kind.update(live, { ...free, boundary: missing }, [], step), explained);
    await kind.update(live, { ...free, boundary }, [], step);
    assert.equal((await boundaryNow()).boundary, boundary);
    await kind.update((await boundaryNow()).live, free, [], step);
    assert.equal((await boundaryNow()).boundary, undefined);
  }));

const name = 'unit-instance';
const profile = { InstanceProfileName: name, RoleName: name };

const ofInstances: RoleSpec = {
  name,
  trust: trust('ec2.amazonaws.com'),
  inline: {},
  managed: ['arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role'],
  instanceProfile: true,
};

contract('a role of instances', {
  kind: roleKind,
  desired: ofInstances,
  drifts: {
    instanceProfile: (aws) => aws.iam.send(new RemoveRoleFromInstanceProfileCommand(profile)),
  },
});

test('the instance profile of a role comes and goes with it, also when its deletion was stopped halfway', () =>
  withLocalAws(async (aws) => {
    const kind = roleKind(aws);
    const profiles = async () => {
      const { InstanceProfiles = [] } = await aws.iam.send(new ListInstanceProfilesCommand({}));
      return InstanceProfiles.map(({ InstanceProfileName, Roles = [] }) => [InstanceProfileName, Roles[0]?.RoleName]);
    };
    const live = async () => {
      const [found] = (await kind.list([])).observed;
      assert.ok(found);
      return found.live;
    };
    await kind.create(ofInstances, step);
    assert.deepEqual(await profiles(), [[name, name]]);
    const { instanceProfile: _, ...without } = ofInstances;
    await kind.update(await live(), without, [], step);
    assert.deepEqual(await profiles(), []);
    await kind.update(await live(), ofInstances, [], step);
    assert.deepEqual(await profiles(), [[name, name]]);
    await aws.iam.send(new RemoveRoleFromInstanceProfileCommand(profile));
    await kind.delete(await live(), step);
    assert.deepEqual(await profiles(), []);
  }));

test('an instance profile of our name that holds another role is no success', () =>
  withLocalAws(async (aws) => {
    await roleKind(aws).create({ ...ofInstances, name: 'theirs' }, step);
    await aws.iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: 'theirs', RoleName: 'theirs' }));
    await aws.iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: 'theirs' }));
    await aws.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
    await aws.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: 'theirs' }));
    await assert.rejects(roleKind(aws).create(ofInstances, step), { name: 'LimitExceededException' });
  }));
