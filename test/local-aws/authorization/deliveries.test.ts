/** Whom queues, topics, logs and images let in when services deliver. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { zipOf } from '../services/lambda/lambda-world.ts';
import { type Acting, acting, arn, document } from './acting.ts';

async function startDeliveries(t: TestContext) {
  const act = await acting(t);
  const { client, person, account } = act;
  const [events, sns, sqs] = [client(new EventBridge(person)), client(new SNS(person)), client(new SQS(person))];
  const queue = async (name: string, ...statements: readonly object[]) => {
    const Attributes = statements.length === 0 ? {} : { Policy: document(statements) };
    const { QueueUrl } = await sqs.createQueue({ QueueName: name, Attributes });
    const depth = async () => {
      const { Attributes: all } = await sqs.getQueueAttributes({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages'],
      });
      return Number(all?.['ApproximateNumberOfMessages']);
    };
    return { arn: arn('sqs', name), url: QueueUrl, depth };
  };
  return { ...act, events, sns, sqs, queue, clock: account.clock };
}

/** What a queue says that a service may send for one resource only. */
const sendingFor = (service: string, source: string) => ({
  Principal: { Service: service },
  Action: 'sqs:SendMessage',
  Resource: '*',
  Condition: { ArnEquals: { 'aws:SourceArn': source } },
});

test('a dead letter of EventBridge is kept by a queue that lets this rule in, and lost by any other', async (t) => {
  const { events, queue, clock } = await startDeliveries(t);
  const from = (rule: string) => sendingFor('events.amazonaws.com', arn('events', `rule/${rule}`));
  const [closed, others, own] = [
    await queue('closed'),
    await queue('others', from('other')),
    await queue('own', from('r')),
  ];
  await events.putRule({ Name: 'r', ScheduleExpression: 'rate(1 minute)' });
  const Targets = [closed, others, own].map((dead, at) => ({
    Id: String(at),
    Arn: arn('lambda', 'function:gone'),
    DeadLetterConfig: { Arn: dead.arn },
  }));
  await events.putTargets({ Rule: 'r', Targets });
  await clock.advanceTo(clock.now() + 60_000);
  assert.deepEqual([await closed.depth(), await others.depth(), await own.depth()], [0, 0, 1]);
});

test('a rule reaches a queue and a topic that let it in; a refusal is dead-lettered as one', async (t) => {
  const { events, sns, sqs, queue, clock } = await startDeliveries(t);
  const rule = arn('events', 'rule/r');
  const dead = await queue('dead', sendingFor('events.amazonaws.com', rule));
  const closed = await queue('closed');
  const open = await queue(
    'open',
    sendingFor('events.amazonaws.com', rule),
    sendingFor('sns.amazonaws.com', arn('sns', 'open')),
  );
  const Policy = document([{ Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Resource: '*' }]);
  const { TopicArn } = await sns.createTopic({ Name: 'open', Attributes: { Policy } });
  await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: open.arn });
  await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: closed.arn });
  const { TopicArn: byDefault } = await sns.createTopic({ Name: 'default' });
  await events.putRule({ Name: 'r', ScheduleExpression: 'rate(1 minute)' });
  const Targets = [open.arn, closed.arn, TopicArn, byDefault].map((Arn, at) => ({
    Id: String(at),
    Arn,
    DeadLetterConfig: { Arn: dead.arn },
  }));
  await events.putTargets({ Rule: 'r', Targets });
  await clock.advanceTo(clock.now() + 60_000);
  assert.deepEqual([await open.depth(), await closed.depth(), await dead.depth()], [2, 0, 2]);
  const { Messages } = await sqs.receiveMessage({
    QueueUrl: dead.url,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  });
  const told = Messages?.map(({ MessageAttributes: { ERROR_CODE, ERROR_MESSAGE } = {} }) => [
    ERROR_CODE?.StringValue,
    ERROR_MESSAGE?.StringValue,
  ]);
  assert.deepEqual(told?.sort(), [
    [
      'NO_PERMISSIONS',
      `User: events.amazonaws.com is not authorized to perform: SNS:Publish on resource: ${byDefault} because no resource-based policy allows the SNS:Publish action`,
    ],
    [
      'NO_PERMISSIONS',
      `User: events.amazonaws.com is not authorized to perform: sqs:sendmessage on resource: ${closed.arn} because no resource-based policy allows the sqs:sendmessage action`,
    ],
  ]);
});

test('what SNS cannot deliver is kept by a queue that lets the topic in', async (t) => {
  const { sns, queue, clock } = await startDeliveries(t);
  const { TopicArn = '' } = await sns.createTopic({ Name: 't' });
  const [closed, open] = [await queue('closed'), await queue('open', sendingFor('sns.amazonaws.com', TopicArn))];
  for (const { arn: deadLetterTargetArn } of [closed, open]) {
    const Attributes = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) };
    const Endpoint = arn('lambda', `function:${deadLetterTargetArn.split(':').at(-1)}`);
    await sns.subscribe({ TopicArn, Protocol: 'lambda', Endpoint, Attributes });
  }
  await sns.publish({ TopicArn, Message: 'x' });
  await clock.idle();
  assert.deepEqual([await closed.depth(), await open.depth()], [0, 1]);
});

const logging = {
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: arn('logs', 'log-group:/aws/lambda/f:*'),
};

async function createFunction({ client, person }: Acting, Role: string, source: string): Promise<Lambda> {
  const lambda = client(new Lambda(person));
  await lambda.createFunction({
    ...{ FunctionName: 'f', Role, Handler: 'index.handler', Runtime: 'nodejs24.x' },
    Code: { ZipFile: zipOf(source) },
  });
  return lambda;
}

test('a function logs what its role may write, and runs in silence where it may not', async (t) => {
  const act = await startDeliveries(t);
  const logs = act.client(new CloudWatchLogsClient(act.person));
  const messages = async () =>
    (await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f' }))).events?.length;
  const { roleArn } = await act.as('f', logging);
  const lambda = await createFunction(act, roleArn, 'export const handler = () => console.log("said");');
  const invoke = async () => (await lambda.invoke({ FunctionName: 'f' })).StatusCode;
  // It may not create the group.
  assert.equal(await invoke(), 200);
  assert.deepEqual((await logs.send(new DescribeLogGroupsCommand({}))).logGroups ?? [], []);
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/f' }));
  assert.equal(await invoke(), 200);
  assert.equal(await messages(), 4);
});

test('what a function could not do goes where its role may send it, and its log tells what did not', async (t) => {
  const act = await startDeliveries(t);
  const { arn: Destination, depth } = await act.queue('dead');
  const sending = { Action: 'sqs:SendMessage', Resource: Destination };
  const { roleArn } = await act.as('f', logging);
  const allow = (...statements: readonly object[]) =>
    act.iam.send(new PutRolePolicyCommand({ RoleName: 'f', PolicyName: 'own', PolicyDocument: document(statements) }));
  const lambda = await createFunction(act, roleArn, 'export const handler = () => { throw new Error("no"); };');
  const configure = () =>
    lambda.putFunctionEventInvokeConfig({
      FunctionName: 'f',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination } },
    });
  const fail = async () => {
    await lambda.invoke({ FunctionName: 'f', InvocationType: 'Event' });
    await act.clock.idle();
  };
  await assert.rejects(configure(), {
    name: 'InvalidParameterValueException',
    message: `The function's execution role does not have permissions to call SendMessage on ${Destination}`,
  });
  await allow(logging, sending);
  await configure();
  await fail();
  await allow(logging);
  await fail();
  assert.equal(await depth(), 1);
  const logs = act.client(new CloudWatchLogsClient(act.person));
  const { events } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f', logStreamNames: ['undelivered'] }),
  );
  assert.match(
    events?.[0]?.message ?? '',
    /could not be delivered to .*:dead: AccessDenied: User: .*:assumed-role\/f\/f is not authorized to perform: sqs:sendmessage/,
  );
});
