import assert from 'node:assert/strict';
import test from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { type FunctionSpec, functionKind } from '../../scripts/kinds/function.ts';
import { AwsError } from '../../scripts/local-aws/wire/errors.ts';
import { defineService, type Handlers } from '../../scripts/local-aws/wire/service.ts';
import { awsServing, heardStep } from './served.ts';

const serveLambda = (handlers: Handlers<typeof lambda>) => ({
  lambda: () => defineService(lambda, lambda.LambdaClient)(handlers),
});

const submitter: FunctionSpec = {
  name: 'submitter',
  codeSha256: 'hash',
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  roleArn: 'arn:aws:iam::123456789012:role/submitter',
  memory: 256,
  timeoutSeconds: 60,
  environment: {},
  logGroup: '/aws/lambda/submitter',
  asynchronous: { retries: 2, maximumAgeSeconds: 21_600, onFailureArn: null },
  permissions: [],
};
const zips = new Map([['hash', new Uint8Array([1])]]);

test('a function whose role is not known yet is created as soon as it is', async (context) => {
  let refusals = 2;
  const aws = await awsServing(
    context,
    serveLambda({
      CreateFunction: () => {
        if (refusals-- > 0)
          throw new AwsError(
            'InvalidParameterValueException',
            'The role defined for the function cannot be assumed by Lambda.',
            400,
          );
        return {};
      },
      GetFunctionConfiguration: () => ({ State: 'Active', LastUpdateStatus: 'Successful' }),
      PutFunctionEventInvokeConfig: () => ({}),
      GetPolicy: () => {
        throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
      },
    }),
  );
  const { heard, step } = heardStep();
  await functionKind(aws, zips).create(submitter, step);
  assert.deepEqual(heard, Array(2).fill('function "submitter" is waiting for its role'));
});

test('an update that failed is told with its reason, and does not stand in the way of the next one', async (context) => {
  let outcome: lambda.LastUpdateStatus = 'Failed';
  const aws = await awsServing(
    context,
    serveLambda({
      GetFunctionConfiguration: () => ({
        State: 'Active',
        LastUpdateStatus: outcome,
        LastUpdateStatusReason: 'the image is gone',
      }),
      UpdateFunctionConfiguration: ({ Timeout }) => {
        outcome = Timeout === 60 ? 'Successful' : 'Failed';
        return {};
      },
    }),
  );
  const { update } = functionKind(aws, zips);
  const { step } = heardStep();
  const live = { configuration: {}, asynchronous: undefined, permissions: [] };
  const fields = [{ path: 'timeoutSeconds', live: 3, desired: 61 }];
  await assert.rejects(
    update(live, { ...submitter, timeoutSeconds: 61 }, fields, step),
    new Error('function "submitter" was not updated: the image is gone'),
  );
  await update(live, submitter, fields, step);
});

test('what a function may do is waited for, and another change of it', async (context) => {
  const refusals = [
    new AwsError(
      'InvalidParameterValueException',
      "The function's execution role does not have permissions to call SendMessage on arn:aws:sqs:x",
      400,
    ),
    new AwsError('ResourceConflictException', 'An update is in progress for resource: submitter', 409),
  ];
  const aws = await awsServing(
    context,
    serveLambda({
      GetFunctionConfiguration: () => ({ State: 'Active', LastUpdateStatus: 'Successful' }),
      PutFunctionEventInvokeConfig: () => {
        const refusal = refusals.shift();
        if (refusal !== undefined) throw refusal;
        return {};
      },
    }),
  );
  const { heard, step } = heardStep();
  const live = { configuration: {}, asynchronous: undefined, permissions: [] };
  const fields = [{ path: 'asynchronous.retries', live: 0, desired: 2 }];
  await functionKind(aws, zips).update(live, submitter, fields, step);
  assert.deepEqual(heard, [
    'function "submitter" is waiting for its role\'s permissions',
    'function "submitter" is waiting for another change of it',
  ]);
});

test('a function that Lambda refuses for another reason fails at once', async (context) => {
  let calls = 0;
  const aws = await awsServing(
    context,
    serveLambda({
      CreateFunction: () => {
        calls += 1;
        throw new AwsError('InvalidParameterValueException', 'Unzipped size must be smaller', 400);
      },
    }),
  );
  await assert.rejects(functionKind(aws, zips).create(submitter, heardStep().step), /Unzipped size must be smaller/);
  assert.equal(calls, 1);
});

test('configuration and code go out one after the other, each when the one before has been rolled out', async (context) => {
  const calls: string[] = [];
  let rollingOut = 0;
  const change = (what: string) => () => {
    if (rollingOut > 0) throw new AwsError('ResourceConflictException', 'An update is in progress', 409);
    calls.push(what);
    rollingOut = 2;
    return {};
  };
  const aws = await awsServing(
    context,
    serveLambda({
      GetFunctionConfiguration: () => ({
        State: 'Active',
        LastUpdateStatus: rollingOut-- > 0 ? 'InProgress' : 'Successful',
      }),
      UpdateFunctionConfiguration: change('configuration'),
      UpdateFunctionCode: change('code'),
    }),
  );
  const live = { configuration: {}, asynchronous: undefined, permissions: [] };
  const fields = ['codeSha256', 'timeoutSeconds'].map((path) => ({ path, live: 'old', desired: 'new' }));
  await functionKind(aws, zips).update(live, submitter, fields, heardStep().step);
  assert.deepEqual(calls, ['configuration', 'code']);
  assert.ok(rollingOut <= 0);
});
