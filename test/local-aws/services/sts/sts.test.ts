import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { type Account, morning, openAccount } from '../account.ts';

interface Fixture {
  readonly account: Account;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly roleArn: (name: string) => string;
  /** A client that signs with other keys. */
  as(keys: { accessKeyId: string; secretAccessKey: string }): STSClient;
  createRole(RoleName: string, principal: object | string, Action?: string, Condition?: object): Promise<string>;
  deleteRole(RoleName: string): Promise<unknown>;
}

async function stsFor(t: TestContext): Promise<Fixture> {
  const account = await openAccount();
  const iam = new IAMClient(account.client);
  const sts = new STSClient(account.client);
  const others: STSClient[] = [];
  t.after(async () => {
    for (const client of [iam, sts, ...others]) client.destroy();
    await account.close();
  });
  const roleArn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  return {
    account,
    iam,
    roleArn,
    sts,
    as(credentials) {
      const client = new STSClient({ ...account.client, credentials });
      others.push(client);
      return client;
    },
    async createRole(RoleName, Principal, Action = 'sts:AssumeRole', Condition = {}) {
      const Statement = [{ Effect: 'Allow', Principal, Action, Condition }];
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
      return roleArn(RoleName);
    },
    deleteRole: (RoleName) => iam.send(new DeleteRoleCommand({ RoleName })),
  };
}

test('keys that were not issued here belong to the account', async (t) => {
  const { sts } = await stsFor(t);
  const { $metadata: _, ...caller } = await sts.send(new GetCallerIdentityCommand({}));
  assert.deepEqual(caller, {
    UserId: '123456789012',
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:root',
  });
});

test('a service gets credentials of a role that trusts it, for an hour, and STS knows whose they are', async (t) => {
  const { account, createRole, as } = await stsFor(t);
  const roleArn = await createRole('job', { Service: 'ecs-tasks.amazonaws.com' });
  const credentials = account.identity.credentialsFor(roleArn, 'job-1', 'ecs-tasks.amazonaws.com');
  assert.match(credentials.accessKeyId, /^ASIA[A-Z2-7]{16}$/);
  assert.deepEqual(credentials.expiration, new Date(morning + 3_600_000));
  assert.deepEqual(account.identity.principalOf(credentials.accessKeyId), { type: 'role', roleArn, session: 'job-1' });
  assert.deepEqual(account.identity.principalOf('AKIAPERSON'), { type: 'account' });
  const caller = await as(credentials).send(new GetCallerIdentityCommand({}));
  assert.equal(caller.Arn, 'arn:aws:sts::123456789012:assumed-role/job/job-1');
  assert.match(caller.UserId ?? '', /^AROA[A-Z2-7]{17}:job-1$/);
});

test('a role that is not there or trusts somebody else is refused in the words of the service that wants it', async (t) => {
  const { account, createRole, roleArn } = await stsFor(t);
  const arn = await createRole('job', { Service: 'ecs-tasks.amazonaws.com' });
  const refused = (role: string, service: string) => () => account.identity.credentialsFor(role, 'x', service);
  assert.throws(refused(arn, 'lambda.amazonaws.com'), {
    code: 'InvalidParameterValueException',
    message: 'The role defined for the function cannot be assumed by Lambda.',
  });
  assert.throws(refused(roleArn('none'), 'lambda.amazonaws.com'), { code: 'InvalidParameterValueException' });
  assert.throws(refused(roleArn('none'), 'ecs-tasks.amazonaws.com'), /ECS was unable to assume the role/);
  assert.throws(refused(arn, 'events.amazonaws.com'), {
    code: 'AccessDenied',
    message: `User: events.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
  });
});

test('a person assumes a role that trusts the account, for as long as the role allows', async (t) => {
  const { createRole, sts, as } = await stsFor(t);
  const RoleArn = await createRole('deployer', { AWS: 'arn:aws:iam::123456789012:root' });
  const assume = (DurationSeconds?: number) =>
    sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', DurationSeconds }));
  const { AssumedRoleUser, Credentials } = await assume(900);
  assert.equal(AssumedRoleUser?.Arn, 'arn:aws:sts::123456789012:assumed-role/deployer/me');
  assert.deepEqual(Credentials?.Expiration, new Date(morning + 900_000));
  const client = as({
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
  });
  const { UserId } = await client.send(new GetCallerIdentityCommand({}));
  assert.equal(UserId, AssumedRoleUser?.AssumedRoleId);
  await assert.rejects(assume(7200), { name: 'ValidationError' });
});

test('a role that does not trust the caller, or wants an external id, is denied to others', async (t) => {
  const { createRole, sts, roleArn } = await stsFor(t);
  const forLambda = await createRole('function', { Service: 'lambda.amazonaws.com' });
  const external = { StringEquals: { 'sts:ExternalId': 'agreed' } };
  const forPartner = await createRole('partner', { AWS: '123456789012' }, 'sts:AssumeRole', external);
  const assume = (RoleArn: string, extra = {}) =>
    sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', ...extra }));
  for (const arn of [forLambda, forPartner, roleArn('none')])
    await assert.rejects(assume(arn), {
      name: 'AccessDenied',
      message: `User: arn:aws:iam::123456789012:root is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
    });
  await assume(forPartner, { ExternalId: 'agreed' });
});

test('a role created anew is another one, though its name is the same', async (t) => {
  const { account, createRole, deleteRole, as } = await stsFor(t);
  const arn = await createRole('job', { Service: 'ecs-tasks.amazonaws.com' });
  const userId = async () => {
    const keys = account.identity.credentialsFor(arn, 'x', 'ecs-tasks.amazonaws.com');
    return (await as(keys).send(new GetCallerIdentityCommand({}))).UserId;
  };
  const before = await userId();
  await deleteRole('job');
  await createRole('job', { Service: 'ecs-tasks.amazonaws.com' });
  assert.notEqual(await userId(), before);
});

test('a web identity assumes a role whose conditions on its claims it meets, once its provider is known', async (t) => {
  const { createRole, iam, sts } = await stsFor(t);
  const host = 'token.actions.githubusercontent.com';
  const sub = 'repo:acme/feeds:environment:production';
  const RoleArn = await createRole(
    'apply',
    { Federated: `arn:aws:iam::123456789012:oidc-provider/${host}` },
    'sts:AssumeRoleWithWebIdentity',
    {
      StringEquals: {
        [`${host}:aud`]: 'sts.amazonaws.com',
        [`${host}:sub`]: sub,
        [`${host}:ref`]: 'refs/heads/main',
      },
    },
  );
  const token = (more: object) => {
    const claims = { iss: `https://${host}`, aud: 'sts.amazonaws.com', sub, ref: 'refs/heads/main', ...more };
    return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
  };
  const assume = (WebIdentityToken: string) =>
    sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'ci', WebIdentityToken }));
  await assert.rejects(assume(token({})), {
    name: 'InvalidIdentityTokenException',
    message: `No OpenIDConnect provider found in your account for https://${host}`,
  });
  const ClientIDList = ['sts.amazonaws.com'];
  await iam.send(new CreateOpenIDConnectProviderCommand({ Url: `https://${host}`, ClientIDList }));
  const { Audience, SubjectFromWebIdentityToken } = await assume(token({}));
  assert.deepEqual([Audience, SubjectFromWebIdentityToken], ['sts.amazonaws.com', sub]);
  for (const other of [{ sub: 'repo:acme/feeds:pull_request' }, { ref: 'refs/heads/mine' }, { ref: undefined }]) {
    await assert.rejects(assume(token(other)), {
      name: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    });
  }
  await assert.rejects(assume(token({ aud: 'others' })), { message: 'Incorrect token audience' });
  await assert.rejects(assume('no.token'), { name: 'InvalidIdentityTokenException' });
});

test('a session token is the account’s own and cannot be had with one', async (t) => {
  const { sts, as } = await stsFor(t);
  const { Credentials } = await sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
  const client = as({
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
  });
  assert.equal((await client.send(new GetCallerIdentityCommand({}))).Arn, 'arn:aws:iam::123456789012:root');
  await assert.rejects(client.send(new GetSessionTokenCommand({})), { name: 'AccessDenied' });
});
