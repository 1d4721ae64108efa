import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import {
  AddPermissionCommand,
  DeleteFunctionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  ListTagsCommand,
  PutFunctionEventInvokeConfigCommand,
  paginateListFunctions,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { taggedResources } from '../../../support/tagged-resources.ts';
import { lambdaWorld, role, zipOf } from './lambda-world.ts';

const source = 'export const handler = () => "one";';
const one = { FunctionName: 'one' };

test('a new function has what it was created with and the defaults of AWS', async (t) => {
  const { lambda, create } = await lambdaWorld(t);
  const arn = await create('one', source, { Tags: { team: 'feeds' } });
  const { Configuration, Tags } = await lambda.send(new GetFunctionCommand(one));
  const CodeSha256 = createHash('sha256').update(zipOf(source)).digest('base64');
  const { FunctionArn, Role, Handler, Timeout, MemorySize, State, LastUpdateStatus } = Configuration ?? {};
  assert.deepEqual(
    {
      FunctionArn,
      Role,
      Handler,
      Timeout,
      MemorySize,
      State,
      LastUpdateStatus,
      CodeSha256: Configuration?.CodeSha256,
      Tags,
    },
    {
      FunctionArn: arn,
      Role: role,
      Handler: 'index.handler',
      Timeout: 3,
      MemorySize: 128,
      State: 'Active',
      LastUpdateStatus: 'Successful',
      CodeSha256,
      Tags: { team: 'feeds' },
    },
  );
});

test('a function is not created twice, nor with a role that Lambda cannot assume, nor from what is no zip', async (t) => {
  const { create } = await lambdaWorld(t);
  await create('one', source);
  await assert.rejects(create('one', source), {
    name: 'ResourceConflictException',
    message: 'Function already exist: one',
  });
  await assert.rejects(create('two', source, { Role: `${role}-unknown` }), {
    name: 'InvalidParameterValueException',
    message: 'The role defined for the function cannot be assumed by Lambda.',
  });
  await assert.rejects(create('two', source, { Code: { ZipFile: Buffer.from('no zip') } }), {
    message: /^Could not unzip uploaded file/,
  });
  await assert.rejects(create('two', source, { Runtime: 'nodejs20.x' }), {
    message: /nodejs20.x is no longer supported/,
  });
});

test('variables that Lambda sets itself, and more than 4 KB of them, are refused', async (t) => {
  const { create } = await lambdaWorld(t);
  const environment = (Variables: Record<string, string>) => create('one', source, { Environment: { Variables } });
  await assert.rejects(environment({ AWS_REGION: 'eu-west-1' }), {
    message: /Reserved keys used in this request: AWS_REGION$/,
  });
  await assert.rejects(environment({ BIG: 'x'.repeat(4_096) }), { message: /exceeded the 4KB limit/ });
});

test('new code and new settings take effect with the next invocation', async (t) => {
  const { lambda, create, invoke } = await lambdaWorld(t);
  await create('one', source);
  assert.equal((await invoke('one')).payload, 'one');
  await lambda.send(
    new UpdateFunctionCodeCommand({ ...one, ZipFile: zipOf('export const handler = () => process.env.WHO ?? "two";') }),
  );
  assert.equal((await invoke('one')).payload, 'two');
  await lambda.send(new UpdateFunctionConfigurationCommand({ ...one, Environment: { Variables: { WHO: 'three' } } }));
  assert.equal((await invoke('one')).payload, 'three');
});

test('an update for a revision that has gone by is refused', async (t) => {
  const { lambda, create } = await lambdaWorld(t);
  await create('one', source);
  const { RevisionId } = await lambda.send(new GetFunctionConfigurationCommand(one));
  await lambda.send(
    new UpdateFunctionConfigurationCommand({ ...one, Timeout: 30, ...(RevisionId !== undefined && { RevisionId }) }),
  );
  const again = lambda.send(
    new UpdateFunctionConfigurationCommand({ ...one, Timeout: 40, ...(RevisionId !== undefined && { RevisionId }) }),
  );
  await assert.rejects(again, { name: 'PreconditionFailedException' });
  assert.equal((await lambda.send(new GetFunctionConfigurationCommand(one))).Timeout, 30);
});

test('functions are listed in pages and gone when deleted', async (t) => {
  const { lambda, create } = await lambdaWorld(t);
  for (const name of ['one', 'two', 'three']) await create(name, source);
  await lambda.send(new DeleteFunctionCommand({ FunctionName: 'two' }));
  const names: (string | undefined)[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda, pageSize: 1 }, {}))
    names.push(...Functions.map(({ FunctionName }) => FunctionName));
  assert.deepEqual(names, ['one', 'three']);
  await assert.rejects(lambda.send(new DeleteFunctionCommand({ FunctionName: 'two' })), {
    name: 'ResourceNotFoundException',
  });
});

test('permissions make the policy that AWS writes', async (t) => {
  const { lambda, create } = await lambdaWorld(t);
  const arn = await create('one', source);
  const topic = 'arn:aws:sns:eu-central-1:123456789012:news';
  const statement = { ...one, StatementId: 'sns', Action: 'lambda:InvokeFunction', Principal: 'sns.amazonaws.com' };
  await lambda.send(new AddPermissionCommand({ ...statement, SourceArn: topic, SourceAccount: '123456789012' }));
  const { Policy = '' } = await lambda.send(new GetPolicyCommand(one));
  assert.deepEqual(JSON.parse(Policy), {
    Version: '2012-10-17',
    Id: 'default',
    Statement: [
      {
        Sid: 'sns',
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceAccount': '123456789012' }, ArnLike: { 'AWS:SourceArn': topic } },
      },
    ],
  });
  await assert.rejects(lambda.send(new AddPermissionCommand(statement)), { name: 'ResourceConflictException' });
  await lambda.send(new RemovePermissionCommand({ ...one, StatementId: 'sns' }));
  await assert.rejects(lambda.send(new GetPolicyCommand(one)), { name: 'ResourceNotFoundException' });
});

test('asynchronous settings are put whole, updated in part, and deleted', async (t) => {
  const { lambda, create } = await lambdaWorld(t);
  const arn = await create('one', source);
  await lambda.send(new PutFunctionEventInvokeConfigCommand({ ...one, MaximumRetryAttempts: 1 }));
  await lambda.send(new UpdateFunctionEventInvokeConfigCommand({ ...one, MaximumEventAgeInSeconds: 3_600 }));
  const { FunctionArn, MaximumRetryAttempts, MaximumEventAgeInSeconds } = await lambda.send(
    new GetFunctionEventInvokeConfigCommand(one),
  );
  assert.deepEqual([FunctionArn, MaximumRetryAttempts, MaximumEventAgeInSeconds], [`${arn}:$LATEST`, 1, 3_600]);
  await lambda.send(new DeleteFunctionEventInvokeConfigCommand(one));
  await assert.rejects(lambda.send(new GetFunctionEventInvokeConfigCommand(one)), {
    name: 'ResourceNotFoundException',
  });
});

test('tags are set, removed, listed, and seen by the tagging API', async (t) => {
  const { world, lambda, create } = await lambdaWorld(t);
  const Resource = await create('one', source, { Tags: { a: '1', b: '2' } });
  await lambda.send(new TagResourceCommand({ Resource, Tags: { b: '3', c: '4' } }));
  await lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['a'] }));
  assert.deepEqual((await lambda.send(new ListTagsCommand({ Resource }))).Tags, { b: '3', c: '4' });
  assert.deepEqual(taggedResources(world), [{ arn: Resource, tags: { b: '3', c: '4' } }]);
});

test('no folder of the code can be written to', async (t) => {
  const { create, invoke } = await lambdaWorld(t);
  const source = `
    import { statSync } from 'node:fs';
    const mode = (path) => (statSync(new URL(path, import.meta.url)).mode & 0o777).toString(8);
    export const handler = () => ['.', './lib', './lib/deep', './lib/deep/file'].map(mode);
  `;
  const ZipFile = zipSync({ 'index.mjs': strToU8(source), 'lib/deep/file': strToU8('') });
  await create('modes', '', { Code: { ZipFile } });
  assert.deepEqual((await invoke('modes')).payload, ['555', '555', '555', '444']);
});
