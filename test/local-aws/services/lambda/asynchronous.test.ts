import assert from 'node:assert/strict';
import test from 'node:test';
import {
  AddPermissionCommand,
  InvokeCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { type LambdaWorld, lambdaWorld } from './lambda-world.ts';

const minute = 60_000;
const queue = (name: string): string => `arn:aws:sqs:eu-central-1:123456789012:${name}`;
const failing = 'export const handler = ({ id }) => { console.log("tried", id); throw new Error("no " + id); };';

async function invokeEvent({ lambda }: LambdaWorld, name: string, event: unknown): Promise<number | undefined> {
  const command = new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: JSON.stringify(event) });
  return (await lambda.send(command)).StatusCode;
}

const tries = async (world: LambdaWorld, name: string): Promise<number> =>
  (await world.lines(name)).filter((line) => line.startsWith('tried')).length;

test('an event that fails is tried again after one minute and after two more, then dead-lettered as it was', async (t) => {
  const world = await lambdaWorld(t);
  const { clock, sent } = world;
  await world.create('fails', failing, { DeadLetterConfig: { TargetArn: queue('dead') } });
  const start = clock.now();
  assert.equal(await invokeEvent(world, 'fails', { id: 7 }), 202);
  await clock.idle();
  assert.equal(await tries(world, 'fails'), 1);
  await clock.advanceTo(start + 1.5 * minute);
  assert.equal(await tries(world, 'fails'), 2);
  await clock.advanceTo(start + 2.5 * minute);
  assert.deepEqual([await tries(world, 'fails'), sent.length], [2, 0]);
  await clock.advanceTo(start + 4 * minute);
  assert.equal(await tries(world, 'fails'), 3);
  const [letter] = sent;
  assert.deepEqual([letter?.queueArn, letter?.body], [queue('dead'), '{"id":7}']);
  assert.deepEqual(
    { ...letter?.attributes, RequestID: '' },
    { RequestID: '', ErrorCode: { dataType: 'Number', value: '200' }, ErrorMessage: 'no 7' },
  );
  await clock.advanceTo(start + 60 * minute);
  assert.deepEqual([await tries(world, 'fails'), sent.length], [3, 1]);
});

test('a failed event goes to its on-failure destination with the whole story', async (t) => {
  const world = await lambdaWorld(t);
  const arn = await world.create('fails', failing);
  const DestinationConfig = { OnFailure: { Destination: queue('failures') } };
  await world.lambda.send(
    new PutFunctionEventInvokeConfigCommand({ FunctionName: 'fails', MaximumRetryAttempts: 1, DestinationConfig }),
  );
  await invokeEvent(world, 'fails', { id: 1 });
  await world.clock.advanceTo(world.clock.now() + 10 * minute);
  assert.equal(world.sent.length, 1);
  const record = JSON.parse(world.sent[0]?.body ?? '');
  assert.deepEqual(
    {
      ...record,
      timestamp: '',
      requestContext: { ...record.requestContext, requestId: '' },
      responsePayload: { ...record.responsePayload, trace: [] },
    },
    {
      version: '1.0',
      timestamp: '',
      requestContext: {
        requestId: '',
        functionArn: `${arn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { id: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'no 1', trace: [] },
    },
  );
});

test('an event is not tried again once it would be older than its function allows', async (t) => {
  const world = await lambdaWorld(t);
  await world.create('fails', failing, { DeadLetterConfig: { TargetArn: queue('dead') } });
  await world.lambda.send(
    new PutFunctionEventInvokeConfigCommand({ FunctionName: 'fails', MaximumEventAgeInSeconds: 90 }),
  );
  await invokeEvent(world, 'fails', { id: 1 });
  await world.clock.advanceTo(world.clock.now() + 10 * minute);
  assert.deepEqual([await tries(world, 'fails'), world.sent.length], [2, 1]);
});

test('an event that succeeds goes to its on-success destination, and to nowhere without one', async (t) => {
  const world = await lambdaWorld(t);
  await world.create('works', 'export const handler = () => "done";', {
    DeadLetterConfig: { TargetArn: queue('dead') },
  });
  await invokeEvent(world, 'works', {});
  await world.clock.idle();
  assert.equal(world.sent.length, 0);
  const DestinationConfig = { OnSuccess: { Destination: queue('successes') } };
  await world.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'works', DestinationConfig }));
  await invokeEvent(world, 'works', {});
  await world.clock.idle();
  assert.equal(JSON.parse(world.sent[0]?.body ?? '').responsePayload, 'done');
});

test('a retry runs the configuration that the function has by then', async (t) => {
  const world = await lambdaWorld(t);
  await world.create(
    'flag',
    'export const handler = () => { console.log("tried with", process.env.FLAG); if (process.env.FLAG !== "on") throw new Error("off"); };',
  );
  await invokeEvent(world, 'flag', {});
  await world.clock.idle();
  await world.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'flag', Environment: { Variables: { FLAG: 'on' } } }),
  );
  await world.clock.advanceTo(world.clock.now() + 10 * minute);
  const tried = (await world.lines('flag')).filter((line) => line.startsWith('tried'));
  assert.deepEqual(tried, ['tried with undefined', 'tried with on']);
});

test('what cannot be dead-lettered is told in the log of the function', async (t) => {
  const world = await lambdaWorld(t);
  await world.create('fails', failing, { DeadLetterConfig: { TargetArn: queue('gone') } });
  await invokeEvent(world, 'fails', { id: 1 });
  await world.clock.advanceTo(world.clock.now() + 10 * minute);
  assert.match(
    (await world.lines('fails')).at(-1) ?? '',
    /could not be delivered to .*:gone: AWS.SimpleQueueService.NonExistentQueue/,
  );
});

test('a service may invoke a function only for a source that its policy names', async (t) => {
  const { world, lambda, create, clock, lines } = await lambdaWorld(t);
  const arn = await create('works', 'export const handler = ({ n }) => { console.log("got", n); };');
  const invoke = (service: string, source: string) =>
    world.ports.functions.invokeAsync(arn, '{"n":1}', { service, arn: `arn:aws:${source}` });
  const rule = 'events:eu-central-1:123456789012:rule/baton-daily';
  assert.throws(() => invoke('events.amazonaws.com', rule), { code: 'AccessDeniedException' });
  const SourceArn = 'arn:aws:events:eu-central-1:123456789012:rule/baton-*';
  const by = { StatementId: 'rules', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn };
  await lambda.send(new AddPermissionCommand({ FunctionName: 'works', ...by, SourceAccount: '123456789012' }));
  invoke('events.amazonaws.com', rule);
  await clock.idle();
  assert.ok((await lines('works')).includes('got 1'));
  assert.throws(() => invoke('events.amazonaws.com', 'events:eu-central-1:123456789012:rule/other'), {
    code: 'AccessDeniedException',
  });
  assert.throws(() => invoke('sns.amazonaws.com', rule), { code: 'AccessDeniedException' });
});
