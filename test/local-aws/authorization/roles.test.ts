import assert from 'node:assert/strict';
import test from 'node:test';
import { BatchClient, RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { CreateRepositoryCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { zipOf } from '../services/lambda/lambda-world.ts';
import { acting, arn, document, refused } from './acting.ts';

test('a boundary takes away what it does not allow', async (t) => {
  const { account, iam, client } = await acting(t);
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess';
  const AssumeRolePolicyDocument = document([
    { Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ]);
  const made = await iam.send(
    new CreateRoleCommand({ RoleName: 'job', AssumeRolePolicyDocument, PermissionsBoundary }),
  );
  const attach = (PolicyArn: string) => iam.send(new AttachRolePolicyCommand({ RoleName: 'job', PolicyArn }));
  const credentials = account.identity.credentialsFor(made.Role?.Arn ?? '', 'session', 'ecs-tasks');
  const settings = { ...account.client, credentials };
  const createQueue = () => client(new SQSClient(settings)).send(new CreateQueueCommand({ QueueName: 'q' }));
  const createTopic = () => client(new SNSClient(settings)).send(new CreateTopicCommand({ Name: 't' }));
  await attach('arn:aws:iam::aws:policy/SomethingFullAccess');
  await assert.rejects(createQueue(), {
    message: `${refused('sqs:createqueue', arn('sqs', 'q'))} (the embedded AWS does not know what arn:aws:iam::aws:policy/SomethingFullAccess allows: write it as an inline policy)`,
  });
  await attach('arn:aws:iam::aws:policy/AdministratorAccess');
  await createQueue();
  await assert.rejects(createTopic(), /because no permissions boundary allows the SNS:CreateTopic action/);
});

test('a role can only be handed to a service by who may pass it there', async (t) => {
  const { as, client } = await acting(t);
  const passed = await as('passed');
  const creating = { Action: ['lambda:CreateFunction', 'batch:RegisterJobDefinition'], Resource: '*' };
  const Condition = { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } };
  const job = await as('job', creating, { Action: 'iam:PassRole', Resource: passed.roleArn, Condition });
  const create = (Role: string) =>
    client(new LambdaClient(job)).send(
      new CreateFunctionCommand({
        FunctionName: 'f',
        Role,
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Code: { ZipFile: zipOf('export const handler = () => 1;') },
      }),
    );
  await assert.rejects(create(job.roleArn), {
    name: 'AccessDeniedException',
    message: refused('iam:PassRole', job.roleArn),
  });
  await create(passed.roleArn);
  const definition = { image: 'busybox', jobRoleArn: passed.roleArn, resourceRequirements: [] };
  await assert.rejects(
    client(new BatchClient(job)).send(
      new RegisterJobDefinitionCommand({ jobDefinitionName: 'd', type: 'container', containerProperties: definition }),
    ),
    { message: refused('iam:PassRole', passed.roleArn) },
  );
});

test('putting a role into an instance profile, known by its path, takes the permission to pass it to EC2', async (t) => {
  const { as, iam, client } = await acting(t);
  const InstanceProfileName = 'instances';
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName, Path: '/baton/' }));
  const { roleArn } = await as('passed');
  const add = { Action: 'iam:AddRoleToInstanceProfile', Resource: arn('iam', 'instance-profile/baton/*', '') };
  const put = async (settings: Awaited<ReturnType<typeof as>>) =>
    client(new IAMClient(settings)).send(
      new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'passed' }),
    );
  await assert.rejects(put(await as('job', add)), { name: 'AccessDenied', message: refused('iam:PassRole', roleArn) });
  const Condition = { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } };
  await put(await as('passing', add, { Action: 'iam:PassRole', Resource: roleArn, Condition }));
});

test('a role is taken on by whom its trust policy names, or who may and is of the account that it names', async (t) => {
  const { as, iam, client } = await acting(t);
  const [job, other] = [await as('job'), await as('other', { Action: 'sts:AssumeRole', Resource: '*' })];
  const create = (RoleName: string, AWS: string) =>
    iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: document([{ Principal: { AWS }, Action: 'sts:AssumeRole' }]),
      }),
    );
  await create('of-job', job.roleArn);
  await create('of-account', 'arn:aws:iam::123456789012:root');
  const assume = (settings: typeof job, name: string) =>
    client(new STSClient(settings)).send(
      new AssumeRoleCommand({ RoleArn: arn('iam', `role/${name}`, ''), RoleSessionName: 'session' }),
    );
  await assume(job, 'of-job');
  await assume(other, 'of-account');
  await assert.rejects(assume(job, 'of-account'), { name: 'AccessDenied' });
  await assert.rejects(assume(other, 'of-job'), { name: 'AccessDenied' });
});

test('a login to the registry lets a role pull and push what it may, for twelve hours', async (t) => {
  const { account, as, client, person } = await acting(t);
  await client(new ECRClient(person)).send(new CreateRepositoryCommand({ repositoryName: 'jobs/watch' }));
  const login = { Action: 'ecr:GetAuthorizationToken', Resource: '*' };
  const pull = { Action: 'ecr:BatchGetImage', Resource: arn('ecr', 'repository/jobs/*') };
  const { authorizationData } = await client(new ECRClient(await as('job', login, pull))).send(
    new GetAuthorizationTokenCommand({}),
  );
  const authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  const call = async (method: string, path: string) => {
    const answer = await fetch(`${person.endpoint}/v2/${path}`, { method, headers: { authorization } });
    return [answer.status, await answer.text()];
  };
  assert.match(String(await call('GET', 'jobs/watch/manifests/v1')), /^404,.*MANIFEST_UNKNOWN/);
  assert.deepEqual(await call('POST', 'jobs/watch/blobs/uploads/'), [
    403,
    JSON.stringify({
      errors: [{ code: 'DENIED', message: refused('ecr:InitiateLayerUpload', arn('ecr', 'repository/jobs/watch')) }],
    }),
  ]);
  assert.deepEqual((await call('GET', ''))[0], 200);
  account.clock.skip(43_200_000);
  assert.deepEqual((await call('GET', ''))[0], 401);
});
