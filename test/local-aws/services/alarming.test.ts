/** What services report, alarms on it, and schedules that invoke functions, together as one account has them. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { morning, openAccount } from './account.ts';

const minute = 60_000;
const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:123456789012:${rest}`;

const policy = (statement: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } });

async function startAccount(context: TestContext) {
  const account = await openAccount();
  const clients = {
    cloudwatch: new CloudWatch(account.client),
    events: new EventBridge(account.client),
    iam: new IAM(account.client),
    lambda: new Lambda(account.client),
    scheduler: new Scheduler(account.client),
    sns: new SNS(account.client),
    sqs: new SQS(account.client),
  };
  context.after(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await account.close();
  });
  /** The sums of a metric over the first day, hour by hour, with the hours that have none left out. */
  const sums = async (Namespace: string, MetricName: string, Name: string, Value: string) => {
    const { Datapoints = [] } = await clients.cloudwatch.getMetricStatistics({
      ...{ Namespace, MetricName, Dimensions: [{ Name, Value }], Period: 3_600, Statistics: ['Sum'] },
      ...{ StartTime: new Date(morning), EndTime: new Date(morning + 1_440 * minute) },
    });
    return Datapoints.map(({ Sum }) => Sum);
  };
  const createQueue = async (name: string, service: string) => {
    const Policy = policy({ Principal: { Service: service }, Action: 'sqs:SendMessage', Resource: arn('sqs', name) });
    const { QueueUrl = '' } = await clients.sqs.createQueue({ QueueName: name, Attributes: { Policy } });
    return QueueUrl;
  };
  return { ...account, ...clients, sums, createQueue };
}

test('a rule counts what matched it, what it invoked and what it could not', async (context) => {
  const { world, clock, events, sums, createQueue } = await startAccount(context);
  await createQueue('succeeded', 'events.amazonaws.com');
  const EventPattern = JSON.stringify({ source: ['aws.batch'], detail: { status: ['SUCCEEDED'] } });
  await events.putRule({ Name: 'succeeded', EventPattern });
  await events.putTargets({
    Rule: 'succeeded',
    Targets: [
      { Id: 'there', Arn: arn('sqs', 'succeeded') },
      { Id: 'gone', Arn: arn('sqs', 'gone'), DeadLetterConfig: { Arn: arn('sqs', 'gone') } },
    ],
  });
  for (const status of ['SUCCEEDED', 'FAILED', 'SUCCEEDED'])
    world.ports.events.put({
      source: 'aws.batch',
      'detail-type': 'Batch Job State Change',
      resources: [],
      detail: { status },
    });
  await clock.advanceTo(morning + minute);
  const counted = await Promise.all(
    [
      'MatchedEvents',
      'TriggeredRules',
      'Invocations',
      'FailedInvocations',
      'InvocationsSentToDlq',
      'InvocationsFailedToBeSentToDlq',
    ].map((metric) => sums('AWS/Events', metric, 'RuleName', 'succeeded')),
  );
  assert.deepEqual(counted, [[2], [2], [4], [2], [], [2]]);
});

test('dead letters raise an alarm, which reaches a queue through its topic, and their removal ends it', async (context) => {
  const { clock, cloudwatch, sns, sqs, createQueue } = await startAccount(context);
  const dead = await createQueue('dead', 'lambda.amazonaws.com');
  const mail = await createQueue('mail', 'sns.amazonaws.com');
  const { TopicArn = '' } = await sns.createTopic({ Name: 'alerts' });
  await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: arn('sqs', 'mail') });
  await cloudwatch.putMetricAlarm({
    ...{ AlarmName: 'dead letters', Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' },
    ...{ Dimensions: [{ Name: 'QueueName', Value: 'dead' }], Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1 },
    ...{ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
    ...{ AlarmActions: [TopicArn], OKActions: [TopicArn] },
  });
  await clock.advanceTo(morning + 10 * minute);
  await sqs.sendMessage({ QueueUrl: dead, MessageBody: 'lost', DelaySeconds: 90 });
  await clock.advanceTo(morning + 11 * minute);
  await clock.advanceTo(morning + 13 * minute);
  await sqs.receiveMessage({ QueueUrl: dead, VisibilityTimeout: 600 });
  await clock.advanceTo(morning + 16 * minute);
  await clock.advanceTo(morning + 25 * minute);
  await sqs.purgeQueue({ QueueUrl: dead });
  await clock.advanceTo(morning + 60 * minute);
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: mail, MaxNumberOfMessages: 10 });
  const subjects = Messages.map(({ Body = '' }): string => JSON.parse(Body).Subject);
  const told = ['OK', 'ALARM', 'OK', 'ALARM', 'OK'].map((state) => `${state}: "dead letters" in EU (Frankfurt)`);
  assert.deepEqual(subjects, told);
});

test('a schedule invokes a function as its role, which must be allowed to, and Lambda counts what failed', async (context) => {
  const { clock, iam, lambda, scheduler, sums, createQueue, sqs } = await startAccount(context);
  const dead = await createQueue('dead', 'lambda.amazonaws.com');
  const AssumeRolePolicyDocument = policy({
    Principal: { Service: ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] },
    Action: 'sts:AssumeRole',
  });
  const { Role } = await iam.createRole({ RoleName: 'feeds', AssumeRolePolicyDocument });
  const allow = (Action: string, Resource: string) =>
    iam.putRolePolicy({
      RoleName: 'feeds',
      PolicyName: Action.replace(':', '-'),
      PolicyDocument: policy({ Action, Resource }),
    });
  await allow('sqs:SendMessage', arn('sqs', 'dead'));
  const source =
    'export const handler = async ({ hour }) => { if (hour.startsWith("2026-11-23T05")) throw new Error("late"); }';
  const { FunctionArn } = await lambda.createFunction({
    ...{ FunctionName: 'submit', Role: Role?.Arn, Handler: 'index.handler', Runtime: 'nodejs24.x' },
    Code: { ZipFile: zipSync({ 'index.mjs': strToU8(source) }) },
  });
  await lambda.putFunctionEventInvokeConfig({ FunctionName: 'submit', MaximumRetryAttempts: 0 });
  await scheduler.createSchedule({
    ...{ Name: 'hourly', ScheduleExpression: 'cron(0 * * * ? *)', FlexibleTimeWindow: { Mode: 'OFF' } },
    Target: {
      ...{ Arn: FunctionArn, RoleArn: Role?.Arn, Input: '{"hour":"<aws.scheduler.scheduled-time>"}' },
      DeadLetterConfig: { Arn: arn('sqs', 'dead') },
    },
  });
  await clock.advanceTo(morning + 61 * minute);
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: dead, MessageAttributeNames: ['All'] });
  assert.equal(Messages[0]?.MessageAttributes?.['ERROR_CODE']?.StringValue, 'AccessDeniedException');
  await allow('lambda:InvokeFunction', FunctionArn ?? '');
  await clock.advanceTo(morning + 200 * minute);
  assert.deepEqual(await sums('AWS/Lambda', 'Invocations', 'FunctionName', 'submit'), [1, 1]);
  assert.deepEqual(await sums('AWS/Lambda', 'Errors', 'FunctionName', 'submit'), [1, 0]);
  assert.deepEqual(await sums('AWS/Lambda', 'Throttles', 'FunctionName', 'submit'), [0, 0]);
  for (const metric of ['TargetErrorCount', 'InvocationDroppedCount'])
    assert.deepEqual(await sums('AWS/Scheduler', metric, 'ScheduleGroup', 'default'), [1]);
});

test('a queue is reported while it holds messages and for six hours after its use', async (context) => {
  const { clock, cloudwatch, sqs, createQueue } = await startAccount(context);
  const QueueUrl = await createQueue('feeds', 'sns.amazonaws.com');
  await sqs.sendMessage({ QueueUrl, MessageBody: 'one' });
  await clock.advanceTo(morning + 600 * minute);
  await sqs.purgeQueue({ QueueUrl });
  await clock.advanceTo(morning + 1_440 * minute);
  const { Datapoints = [] } = await cloudwatch.getMetricStatistics({
    ...{ Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Period: 3_600 },
    ...{ Dimensions: [{ Name: 'QueueName', Value: 'feeds' }], Statistics: ['Maximum'] },
    ...{ StartTime: new Date(morning), EndTime: new Date(morning + 1_440 * minute) },
  });
  const expected = [...Array.from({ length: 10 }, () => 1), ...Array.from({ length: 6 }, () => 0)];
  assert.deepEqual(
    Datapoints.map(({ Maximum }) => Maximum),
    expected,
  );
});
