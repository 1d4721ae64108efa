import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import * as sdk from '@aws-sdk/client-sqs';
import { sqsLimits } from '../../../scripts/local-aws/limits/sqs.ts';
import { createSqs } from '../../../scripts/local-aws/services/sqs/sqs.ts';
import { defineService } from '../../../scripts/local-aws/wire/service.ts';
import { localWorld } from '../../support/local-world.ts';
import { serviceFor } from '../../support/open-authority.ts';
import { taggedResources } from '../../support/tagged-resources.ts';

const { SQS } = sdk;

async function startSqs(context: TestContext) {
  const world = localWorld(context);
  const { handlers, queues } = createSqs(world);
  const settings = await world.serve({ sqs: async () => defineService(sdk, sdk.SQSClient)(handlers, sqsLimits) });
  const sqs = new SQS(settings);
  context.after(() => sqs.destroy());
  const create = async (name: string, Attributes: Partial<Record<sdk.QueueAttributeName, string>> = {}) =>
    (await sqs.createQueue({ QueueName: name, Attributes })).QueueUrl ?? '';
  return { world, sqs, queues, create };
}

const arnOf = (name: string): string => `arn:aws:sqs:eu-central-1:123456789012:${name}`;

test('a message that is sent can be received with its attributes, and is gone once deleted', async (context) => {
  const { sqs, create, world } = await startSqs(context);
  const QueueUrl = await create('letters');
  assert.equal(QueueUrl, `${world.endpoint()}/123456789012/letters`);

  // The SDK itself compares the MD5s that come back with those of what it sent.
  const sent = await sqs.sendMessage({
    QueueUrl,
    MessageBody: 'grüße 東京',
    MessageAttributes: {
      ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' },
      bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 255) },
    },
  });
  const { Messages: [message] = [] } = await sqs.receiveMessage({
    QueueUrl,
    MessageAttributeNames: ['ERROR_*', 'ERROR_CODE', 'bytes'],
    MessageSystemAttributeNames: ['All'],
  });
  assert.equal(message?.MessageId, sent.MessageId);
  assert.equal(message?.Body, 'grüße 東京');
  assert.deepEqual(message?.MessageAttributes?.['bytes']?.BinaryValue, Uint8Array.of(1, 2, 255));
  assert.equal(message?.MessageAttributes?.['ERROR_CODE']?.StringValue, 'NO_PERMISSIONS');
  assert.deepEqual(message?.Attributes, {
    SenderId: '123456789012',
    SentTimestamp: String(world.clock.now()),
    ApproximateReceiveCount: '1',
    ApproximateFirstReceiveTimestamp: String(world.clock.now()),
  });

  await sqs.deleteMessage({ QueueUrl, ReceiptHandle: message?.ReceiptHandle ?? '' });
  world.clock.skip(60_000);
  assert.equal((await sqs.receiveMessage({ QueueUrl })).Messages, undefined);
});

test('a received message is hidden for its visibility timeout, then comes again with a new receipt handle', async (context) => {
  const { sqs, create, world } = await startSqs(context);
  const QueueUrl = await create('letters', { VisibilityTimeout: '60' });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'one' });
  const first = (await sqs.receiveMessage({ QueueUrl })).Messages?.[0]?.ReceiptHandle ?? '';
  world.clock.skip(59_999);
  assert.equal((await sqs.receiveMessage({ QueueUrl })).Messages, undefined);
  world.clock.skip(1);
  const again = (await sqs.receiveMessage({ QueueUrl, VisibilityTimeout: 5 })).Messages?.[0];
  assert.notEqual(again?.ReceiptHandle, first);

  await sqs.deleteMessage({ QueueUrl, ReceiptHandle: first });
  world.clock.skip(5_000);
  const third = (await sqs.receiveMessage({ QueueUrl })).Messages?.[0]?.ReceiptHandle ?? '';
  assert.notEqual(third, '', 'an outdated receipt handle deletes nothing');
  await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle: third, VisibilityTimeout: 0 });
  assert.equal((await sqs.receiveMessage({ QueueUrl })).Messages?.length, 1);
  await assert.rejects(
    sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle: third, VisibilityTimeout: 0 }),
    /not available for visibility timeout change/,
  );
  await assert.rejects(sqs.deleteMessage({ QueueUrl, ReceiptHandle: 'bm9uZQ==' }), { name: 'ReceiptHandleIsInvalid' });
});

test('a long poll is answered as soon as a message comes', async (context) => {
  const { sqs, create } = await startSqs(context);
  const QueueUrl = await create('letters');
  const waiting = sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 20 });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'here' });
  assert.equal((await waiting).Messages?.[0]?.Body, 'here');
});

test('a long poll ends empty when its time is over, when the queue is deleted, and when a hidden message shows again', async (context) => {
  const { sqs, create, world } = await startSqs(context);
  const QueueUrl = await create('letters', { ReceiveMessageWaitTimeSeconds: '20', VisibilityTimeout: '10' });
  const busy = context.mock.method(world.clock, 'busy');
  const poll = async () => {
    const before = busy.mock.callCount();
    const answer = sqs.receiveMessage({ QueueUrl });
    while (busy.mock.callCount() === before) await setImmediate();
    return { answer };
  };
  const skipped = await poll();
  world.clock.skip(20_000);
  assert.equal((await skipped.answer).Messages, undefined);

  await sqs.sendMessage({ QueueUrl, MessageBody: 'hidden' });
  await sqs.receiveMessage({ QueueUrl });
  const hidden = await poll();
  world.clock.skip(10_000);
  assert.equal((await hidden.answer).Messages?.[0]?.Body, 'hidden');

  const deleted = await poll();
  await sqs.deleteQueue({ QueueUrl });
  assert.equal((await deleted.answer).Messages, undefined);
});

test('a message received too often moves to the dead-letter queue', async (context) => {
  const { sqs, create, world } = await startSqs(context);
  const dead = await create('dead');
  const policy = (maxReceiveCount: number, name = 'dead') =>
    JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount });
  const QueueUrl = await create('letters', { RedrivePolicy: policy(2), VisibilityTimeout: '1' });
  const { MessageId } = await sqs.sendMessage({ QueueUrl, MessageBody: 'poison' });
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    assert.equal((await sqs.receiveMessage({ QueueUrl })).Messages?.length, 1);
    world.clock.skip(1_000);
  }
  assert.equal((await sqs.receiveMessage({ QueueUrl })).Messages, undefined);
  const buried = await sqs.receiveMessage({ QueueUrl: dead, MessageSystemAttributeNames: ['All'] });
  assert.equal(buried.Messages?.[0]?.MessageId, MessageId);
  assert.equal(buried.Messages?.[0]?.Attributes?.DeadLetterQueueSourceArn, arnOf('letters'));
  assert.deepEqual((await sqs.listDeadLetterSourceQueues({ QueueUrl: dead })).queueUrls, [QueueUrl]);

  await assert.rejects(create('other', { RedrivePolicy: policy(3, 'nowhere') }), {
    name: 'InvalidParameterValue',
    message: /Reason: Dead letter target does not exist\.$/,
  });
  await assert.rejects(create('other', { RedrivePolicy: policy(0) }), /valid values are from 1 to 1000/);
  await assert.rejects(create('other', { RedrivePolicy: '[]' }), /Redrive policy is not a valid JSON map/);
});

test('delays and retention follow the clock, and the counts say what is where', async (context) => {
  const { sqs, create, world } = await startSqs(context);
  const QueueUrl = await create('letters', { MessageRetentionPeriod: '3600' });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'later', DelaySeconds: 900 });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'taken' });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'waiting' });
  await sqs.receiveMessage({ QueueUrl });
  const counts = async () => {
    const names = ['', 'Delayed', 'NotVisible'].map((state) => `ApproximateNumberOfMessages${state}`);
    const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
    return Object.entries(Attributes)
      .filter(([name]) => names.includes(name))
      .map(([, count]) => Number(count));
  };
  assert.deepEqual(await counts(), [1, 1, 1]);
  world.clock.skip(900_000);
  assert.deepEqual(await counts(), [3, 0, 0]);
  world.clock.skip(3_600_000);
  assert.deepEqual(await counts(), [0, 0, 0]);
});

test('creating a queue again is accepted with the same attributes only', async (context) => {
  const { sqs, create } = await startSqs(context);
  const url = await create('letters', { VisibilityTimeout: '60' });
  assert.equal(await create('letters', { VisibilityTimeout: '60' }), url);
  assert.equal(await create('letters'), url);
  await assert.rejects(create('letters', { VisibilityTimeout: '61' }), {
    name: 'QueueNameExists',
    message: 'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
  });
  await assert.rejects(create('no/slash'), { name: 'InvalidParameterValue' });
  await assert.rejects(create('letters', { VisibilityTimeout: '43201' }), {
    name: 'InvalidAttributeValue',
    message: 'Invalid value for the parameter VisibilityTimeout.',
  });
  await assert.rejects(create('letters', { Policy: 'none' }), { name: 'InvalidAttributeValue' });
  await assert.rejects(sqs.createQueue({ QueueName: 'a.fifo', Attributes: { FifoQueue: 'true' } }), Error);
});

test('a queue that does not exist, or no longer, is reported as such', async (context) => {
  const { sqs, create, queues } = await startSqs(context);
  const QueueUrl = await create('letters');
  assert.equal((await sqs.getQueueUrl({ QueueName: 'letters' })).QueueUrl, QueueUrl);
  await sqs.deleteQueue({ QueueUrl });
  const gone = { name: 'QueueDoesNotExist', message: 'The specified queue does not exist.' };
  await assert.rejects(sqs.sendMessage({ QueueUrl, MessageBody: 'x' }), gone);
  await assert.rejects(sqs.deleteQueue({ QueueUrl }), gone);
  await assert.rejects(sqs.getQueueUrl({ QueueName: 'letters' }), gone);
  assert.throws(() => queues.send(arnOf('letters'), 'x', { type: 'account' }), { code: 'QueueDoesNotExist' });
});

test('attributes can be read by name, set, and taken away', async (context) => {
  const { sqs, create } = await startSqs(context);
  const QueueUrl = await create('letters');
  const read = async (...AttributeNames: sdk.QueueAttributeName[]) =>
    (await sqs.getQueueAttributes({ QueueUrl, AttributeNames })).Attributes;
  assert.equal(await read(), undefined);
  assert.deepEqual(await read('QueueArn', 'SqsManagedSseEnabled', 'Policy'), {
    SqsManagedSseEnabled: 'true',
    QueueArn: arnOf('letters'),
  });
  const policyOf = (Effect: string) =>
    JSON.stringify({ Statement: { Effect, Principal: '*', Action: 'sqs:*', Resource: arnOf('letters') } });
  const policy = policyOf('Deny');
  await assert.rejects(sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy: policyOf('Maybe') } }), {
    name: 'InvalidAttributeValue',
  });
  await sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy: policy, DelaySeconds: '5' } });
  assert.deepEqual(await read('Policy', 'DelaySeconds'), { DelaySeconds: '5', Policy: policy });
  await sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy: '' } });
  assert.equal((await read('All'))?.Policy, undefined);
  const misspelt = sqs.setQueueAttributes({ QueueUrl, Attributes: Object.fromEntries([['Delay', '5']]) });
  await assert.rejects(misspelt, { name: 'InvalidAttributeName', message: 'Unknown Attribute Delay.' });
});

test('a batch reports each entry in its place', async (context) => {
  const { sqs, create } = await startSqs(context);
  const QueueUrl = await create('letters', { MaximumMessageSize: '1024' });
  const sent = await sqs.sendMessageBatch({
    QueueUrl,
    Entries: [
      { Id: 'a', MessageBody: 'fine' },
      { Id: 'b', MessageBody: 'x'.repeat(1_025) },
      { Id: 'c', MessageBody: 'fine too' },
    ],
  });
  assert.deepEqual([sent.Successful?.map(({ Id }) => Id), sent.Failed?.map(({ Id }) => Id)], [['a', 'c'], ['b']]);
  assert.match(sent.Failed?.[0]?.Message ?? '', /must be shorter than 1024 bytes/);

  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
  const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const shown = await sqs.changeMessageVisibilityBatch({
    QueueUrl,
    Entries: Entries.map((entry) => ({ ...entry, VisibilityTimeout: 30 })),
  });
  assert.equal(shown.Successful?.length, 2);
  const deleted = await sqs.deleteMessageBatch({ QueueUrl, Entries: [...Entries, { Id: 'bad', ReceiptHandle: 'x' }] });
  assert.deepEqual([deleted.Successful?.length, deleted.Failed?.[0]?.Code], [2, 'ReceiptHandleIsInvalid']);

  const repeated = [
    { Id: 'a', MessageBody: '1' },
    { Id: 'a', MessageBody: '2' },
  ];
  await assert.rejects(sqs.sendMessageBatch({ QueueUrl, Entries: repeated }), { name: 'BatchEntryIdsNotDistinct' });
  await assert.rejects(sqs.sendMessageBatch({ QueueUrl, Entries: [] }), { name: 'EmptyBatchRequest' });
});

test('what is no message is refused in the words of SQS', async (context) => {
  const { sqs, create } = await startSqs(context);
  const QueueUrl = await create('letters');
  await assert.rejects(sqs.sendMessage({ QueueUrl, MessageBody: 'a\u0000b' }), { name: 'InvalidMessageContents' });
  await assert.rejects(sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 11 }), {
    name: 'InvalidParameterValue',
    message: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
  });
  await assert.rejects(sqs.sendMessage({ QueueUrl, MessageBody: 'x', DelaySeconds: 901 }), /between 0 and 900/);
  const MessageAttributes = { a: { DataType: 'Text', StringValue: 'x' } };
  await assert.rejects(sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageAttributes }), /supported type prefixes/);
});

test('queues are listed by prefix and page by page, and a purged queue is empty', async (context) => {
  const { sqs, create } = await startSqs(context);
  const urls = await Promise.all(['dlq-a', 'dlq-b', 'dlq-c', 'work'].map((name) => create(name)));
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await sqs.listQueues({ QueueNamePrefix: 'dlq-', MaxResults: 2, ...(NextToken && { NextToken }) });
    found.push(...(page.QueueUrls ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(found, urls.slice(0, 3));

  const QueueUrl = urls[3] ?? '';
  await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
  await sqs.purgeQueue({ QueueUrl });
  assert.equal((await sqs.receiveMessage({ QueueUrl })).Messages, undefined);
});

test('tags can be set, read and removed, and the tagging API sees them', async (context) => {
  const { sqs, world } = await startSqs(context);
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: 'letters', tags: { owner: 'me', stage: 'x' } });
  await sqs.tagQueue({ QueueUrl, Tags: { stage: 'y' } });
  await sqs.untagQueue({ QueueUrl, TagKeys: ['owner'] });
  assert.deepEqual((await sqs.listQueueTags({ QueueUrl })).Tags, { stage: 'y' });
  assert.deepEqual(taggedResources(world), [{ arn: arnOf('letters'), tags: { stage: 'y' } }]);
});

test('another service delivers to a queue by its ARN, with attributes', async (context) => {
  const { sqs, create, queues } = await startSqs(context);
  const QueueUrl = await create('dead');
  const rule = 'arn:aws:events:eu-central-1:123456789012:rule/r';
  queues.send(arnOf('dead'), '{"detail":{}}', serviceFor('events.amazonaws.com', rule), { RULE_ARN: rule });
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MessageAttributeNames: ['All'] });
  assert.deepEqual(
    Messages.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.['RULE_ARN']?.StringValue]),
    [['{"detail":{}}', 'arn:aws:events:eu-central-1:123456789012:rule/r']],
  );
});
