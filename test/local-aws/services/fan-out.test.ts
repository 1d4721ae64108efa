/** Rules, topics and queues together, as one account has them. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { drivenClock } from '../../../scripts/local-aws/runtime/driven-clock.ts';
import { startLocalAws } from '../../../scripts/local-aws/server.ts';

const start = Date.UTC(2026, 10, 23, 2, 59);

async function startAccount(context: TestContext) {
  const clock = drivenClock(start);
  const aws = await startLocalAws({ clock });
  const credentials = { accessKeyId: 'me', secretAccessKey: 'me' };
  const settings = { endpoint: aws.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  const clients = { events: new EventBridge(settings), sns: new SNS(settings), sqs: new SQS(settings) };
  context.after(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await aws.close();
  });
  const createQueue = async (name: string, service: string) => {
    const Policy = allowing(service, 'sqs:SendMessage');
    const { QueueUrl = '' } = await clients.sqs.createQueue({ QueueName: name, Attributes: { Policy } });
    const { Attributes } = await clients.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
    return { url: QueueUrl, arn: Attributes?.QueueArn ?? '' };
  };
  const receive = async ({ url }: { readonly url: string }) => {
    const received = await clients.sqs.receiveMessage({ QueueUrl: url, MessageAttributeNames: ['All'] });
    return received.Messages?.[0];
  };
  return { ...clients, clock, createQueue, receive };
}

const ofTheAccount = { StringEquals: { 'aws:SourceAccount': '000000000000' } };

/** A resource's policy that lets a service in: for anything of the account, if not told otherwise. */
const allowing = (service: string, action: string, Condition: object | undefined = ofTheAccount): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service: service }, Action: action, Resource: '*', Condition },
  });

test('a schedule reaches a queue through a topic', async (context) => {
  const { events, sns, clock, createQueue, receive } = await startAccount(context);
  const queue = await createQueue('letters', 'sns.amazonaws.com');
  const { TopicArn = '' } = await sns.createTopic({
    Name: 'start',
    Attributes: { Policy: allowing('events.amazonaws.com', 'sns:Publish', {}) },
  });
  // EventBridge tells SNS neither rule nor account: a topic that asks for them hears nothing of it.
  const { TopicArn: asking = '' } = await sns.createTopic({
    Name: 'asking',
    Attributes: { Policy: allowing('events.amazonaws.com', 'sns:Publish') },
  });
  await sns.subscribe({ TopicArn: asking, Protocol: 'sqs', Endpoint: queue.arn });
  await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn });
  await events.putRule({ Name: 'daily', ScheduleExpression: 'cron(0 3 * * ? *)' });
  const InputTransformer = { InputPathsMap: { time: '$.time' }, InputTemplate: '{"jobName":"daily","time":<time>}' };
  const Targets = [asking, TopicArn].map((Arn, at) => ({ Id: `${at}`, Arn, InputTransformer }));
  await events.putTargets({ Rule: 'daily', Targets });
  await clock.advanceTo(start + 60_000);
  const notification = JSON.parse((await receive(queue))?.Body ?? '');
  assert.equal(notification.TopicArn, TopicArn);
  assert.equal(notification.Message, '{"jobName":"daily","time":"2026-11-23T03:00:00Z"}');
  assert.equal(await receive(queue), undefined);
});

test('an event for a topic that is gone ends in the dead-letter queue of the target', async (context) => {
  const { events, clock, createQueue, receive } = await startAccount(context);
  const dead = await createQueue('dead', 'events.amazonaws.com');
  await events.putRule({ Name: 'daily', ScheduleExpression: 'rate(1 minute)' });
  const Arn = 'arn:aws:sns:us-east-1:000000000000:gone';
  await events.putTargets({ Rule: 'daily', Targets: [{ Id: 'topic', Arn, DeadLetterConfig: { Arn: dead.arn } }] });
  await clock.advanceTo(start + 60_000);
  const letter = await receive(dead);
  assert.equal(JSON.parse(letter?.Body ?? '')['detail-type'], 'Scheduled Event');
  const attributes = Object.entries(letter?.MessageAttributes ?? {}).map(([name, value]) => [name, value.StringValue]);
  assert.deepEqual(Object.fromEntries(attributes), {
    RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/daily',
    TARGET_ARN: Arn,
    ERROR_CODE: 'NO_RESOURCE',
    ERROR_MESSAGE: 'Topic does not exist',
    RETRY_ATTEMPTS: '0',
  });
});
