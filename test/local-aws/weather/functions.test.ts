import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { account, allowing, metBy, region, stormyAccount, trust } from './stormy-account.ts';

const lag = 4;
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const ZipFile = zipSync({ 'index.mjs': strToU8('export const handler = () => 1;') });

async function lambdaInStorm(t: TestContext) {
  const { client } = await stormyAccount(t, { lag });
  const iam = new IAMClient(client);
  const lambda = new LambdaClient(client);
  const makeRole = async (RoleName: string): Promise<void> => {
    const AssumeRolePolicyDocument = trust('lambda.amazonaws.com');
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    const PolicyDocument = allowing('sqs:SendMessage');
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'grants', PolicyDocument }));
  };
  const make = (FunctionName: string, role: string) =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: roleArn(role),
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile },
      }),
    );
  const states = async (FunctionName: string): Promise<string[]> => {
    const seen: string[] = [];
    for (let times = 0; times <= lag; times += 1) {
      const { State, LastUpdateStatus } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      seen.push(`${State} ${LastUpdateStatus}`);
    }
    return seen;
  };
  return { client, lambda, makeRole, make, states };
}

test('a fresh role cannot be assumed by Lambda for a few attempts', async (t) => {
  const { makeRole, make } = await lambdaInStorm(t);
  const met: string[] = [];
  for (const name of names) {
    await makeRole(name);
    met.push(...(await metBy(() => make(name, name), lag)));
    assert.deepEqual(await metBy(() => make(`${name}-again`, name), 0), []);
  }
  assert.deepEqual(
    new Set(met),
    new Set(['InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.']),
  );
});

test('a new function is Pending, a changed one InProgress, and takes no change until it is ready', async (t) => {
  const { lambda, makeRole, make, states } = await lambdaInStorm(t);
  await makeRole('role');
  await metBy(() => make('first', 'role'), lag);
  const change = (FunctionName: string) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 60 }));
  const made = new Set<string>();
  const changed = new Set<string>();
  const refusals = new Set<string>();
  for (const name of names) {
    await make(name, 'role');
    for (const state of await states(name)) made.add(state);
    await change(name);
    for (const state of await states(name)) changed.add(state);
    await make(`${name}-2`, 'role');
    for (const refusal of await metBy(() => change(`${name}-2`), lag)) refusals.add(refusal);
    for (const refusal of await metBy(() => change(`${name}-2`), lag)) refusals.add(refusal);
  }
  assert.deepEqual(made, new Set(['Pending undefined', 'Active Successful']));
  assert.deepEqual(changed, new Set(['Active InProgress', 'Active Successful']));
  assert.deepEqual(
    [...refusals].map((refusal) => refusal.replace(/-2$/, '').replace(/[a-f]$/, 'NAME')).filter(isFirst),
    [
      'ResourceConflictException: The operation cannot be performed at this time. The function is currently in the following state: Pending',
      'ResourceConflictException: The operation cannot be performed at this time. An update is in progress for resource: NAME',
    ],
  );
});

const isFirst = (text: string, at: number, all: readonly string[]): boolean => all.indexOf(text) === at;

test('GetFunction tells the same as GetFunctionConfiguration', async (t) => {
  const { lambda, makeRole, make } = await lambdaInStorm(t);
  await makeRole('role');
  const seen = new Set<string | undefined>();
  for (const name of names) {
    await metBy(() => make(name, 'role'), lag);
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: name }));
    seen.add(Configuration?.State);
  }
  assert.ok(seen.has('Pending'));
});

test('what a fresh role may do is not known to Lambda for a few attempts', async (t) => {
  const { client, lambda, makeRole, make } = await lambdaInStorm(t);
  await new SQSClient(client).send(new CreateQueueCommand({ QueueName: 'lost' }));
  const Destination = `arn:aws:sqs:${region}:${account}:lost`;
  const met: string[] = [];
  for (const name of names) {
    await makeRole(name);
    await metBy(() => make(name, name), lag);
    const request = { FunctionName: name, DestinationConfig: { OnFailure: { Destination } } };
    met.push(...(await metBy(() => lambda.send(new PutFunctionEventInvokeConfigCommand(request)), 2 * lag)));
  }
  const refusal = `InvalidParameterValueException: The function's execution role does not have permissions to call SendMessage on ${Destination}`;
  assert.ok(met.includes(refusal), met.join('\n'));
});

test('a fresh role cannot be assumed by EventBridge Scheduler for a few attempts', async (t) => {
  const { client } = await stormyAccount(t, { lag });
  const iam = new IAMClient(client);
  const scheduler = new SchedulerClient(client);
  const met: string[] = [];
  for (const name of names) {
    const AssumeRolePolicyDocument = trust('scheduler.amazonaws.com');
    await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
    const command = new CreateScheduleCommand({
      Name: name,
      ScheduleExpression: 'rate(1 day)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: `arn:aws:lambda:${region}:${account}:function:f`, RoleArn: roleArn(name) },
    });
    met.push(...(await metBy(() => scheduler.send(command), lag)));
  }
  assert.deepEqual(
    new Set(met),
    new Set([
      'ValidationException: The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    ]),
  );
});
