import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { delayBefore } from '../../../../scripts/local-aws/services/sns/delivery.ts';
import { AwsError } from '../../../../scripts/local-aws/wire/errors.ts';
import { serviceFor } from '../../../support/open-authority.ts';
import { arn, startSns } from './sns-world.ts';

const submitter = arn('lambda', 'function:topic-to-batch');
const queue = arn('sqs', 'letters');
const grave = arn('sqs', 'grave');

async function startTopic(context: TestContext) {
  const started = await startSns(context);
  const { TopicArn = '' } = await started.sns.createTopic({ Name: 'start' });
  const subscribe = async (Endpoint: string, Attributes: Record<string, string> = {}) => {
    const Protocol = Endpoint.split(':')[2] ?? '';
    return (await started.sns.subscribe({ TopicArn, Protocol, Endpoint, Attributes })).SubscriptionArn ?? '';
  };
  return { ...started, TopicArn, subscribe };
}

const MessageAttributes = {
  kind: { DataType: 'String', StringValue: 'feed' },
  bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) },
};

test('a function gets the event that AWS documents', async (context) => {
  const { world, sns, delivered, TopicArn, subscribe } = await startTopic(context);
  const EventSubscriptionArn = await subscribe(submitter);
  const text = '{"type":"lovelive","jobXmlTag":"job","gzipped":true,"emptyCDATA":false}';
  const { MessageId } = await sns.publish({ TopicArn, Message: text, MessageAttributes });
  await world.clock.idle();
  const { Sns, ...record } = JSON.parse(delivered[0]?.body ?? '').Records[0];
  assert.deepEqual(delivered[0]?.attributes, { service: 'sns.amazonaws.com', arn: TopicArn });
  assert.deepEqual(record, { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn });
  const { Signature, SigningCertUrl, UnsubscribeUrl, ...notification } = Sns;
  assert.ok(Signature && SigningCertUrl && UnsubscribeUrl.includes(EventSubscriptionArn));
  assert.deepEqual(notification, {
    Type: 'Notification',
    MessageId,
    TopicArn,
    Subject: null,
    Message: text,
    Timestamp: '2026-11-23T03:00:00.000Z',
    SignatureVersion: '1',
    MessageAttributes: {
      kind: { Type: 'String', Value: 'feed' },
      bytes: { Type: 'Binary', Value: 'AQI=' },
    },
  });
});

test('a queue gets an envelope, and with raw delivery the message alone with its attributes', async (context) => {
  const { world, sns, delivered, TopicArn, subscribe } = await startTopic(context);
  await subscribe(queue);
  await subscribe(grave, { RawMessageDelivery: 'true' });
  await sns.publish({ TopicArn, Message: 'text', Subject: 'about', MessageAttributes });
  await world.clock.idle();
  const [envelope, raw] = delivered;
  const { Subject, Message, SigningCertURL, UnsubscribeURL, ...rest } = JSON.parse(envelope?.body ?? '');
  assert.deepEqual([Subject, Message, rest.MessageAttributes.kind.Value], ['about', 'text', 'feed']);
  assert.ok(SigningCertURL && UnsubscribeURL);
  assert.deepEqual(envelope?.attributes, {});
  assert.deepEqual([raw?.to, raw?.body], [grave, 'text']);
  assert.deepEqual(raw?.attributes['kind'], { dataType: 'String', value: 'feed' });
  assert.deepEqual(raw?.attributes['bytes'], { dataType: 'Binary', value: Uint8Array.of(1, 2) });
});

test('another service publishes to all subscribers of a topic', async (context) => {
  const { world, topics, delivered, TopicArn, subscribe } = await startTopic(context);
  await subscribe(submitter);
  await subscribe(queue);
  topics.publish(
    TopicArn,
    'text',
    serviceFor('events.amazonaws.com', 'arn:aws:events:eu-central-1:123456789012:rule/r'),
    'about',
  );
  await world.clock.idle();
  assert.deepEqual(
    delivered.map(({ to }) => to),
    [submitter, queue],
  );
});

test('a message per protocol reaches each in its own words', async (context) => {
  const { world, sns, delivered, TopicArn, subscribe } = await startTopic(context);
  await subscribe(submitter);
  await subscribe(queue, { RawMessageDelivery: 'true' });
  const Message = JSON.stringify({ default: 'for all', sqs: 'for queues' });
  await sns.publish({ TopicArn, Message, MessageStructure: 'json' });
  await world.clock.idle();
  assert.equal(JSON.parse(delivered[0]?.body ?? '').Records[0].Sns.Message, 'for all');
  assert.equal(delivered[1]?.body, 'for queues');
  const bad = (text: string) => sns.publish({ TopicArn, Message: text, MessageStructure: 'json' });
  await assert.rejects(bad('{"sqs":"x"}'), /No default entry in JSON message body/);
  await assert.rejects(bad('x'), /JSON message body failed to parse/);
});

test('a filter policy lets through what matches the attributes', async (context) => {
  const { world, sns, delivered, TopicArn, subscribe } = await startTopic(context);
  await subscribe(queue, {
    FilterPolicy: JSON.stringify({ kind: ['feed', { prefix: 'x-' }], count: [{ numeric: ['>', 2] }], tags: ['b'] }),
    RawMessageDelivery: 'true',
  });
  const publish = (Message: string, kind: string, count: number, tags: readonly string[]) =>
    sns.publish({
      TopicArn,
      Message,
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: kind },
        count: { DataType: 'Number', StringValue: String(count) },
        tags: { DataType: 'String.Array', StringValue: JSON.stringify(tags) },
      },
    });
  await publish('yes', 'feed', 3, ['a', 'b']);
  await publish('prefix', 'x-ray', 3.5, ['b']);
  await publish('wrong kind', 'other', 3, ['b']);
  await publish('too few', 'feed', 2, ['b']);
  await publish('no tag', 'feed', 3, ['a']);
  await sns.publish({ TopicArn, Message: 'no attributes' });
  await world.clock.idle();
  assert.deepEqual(
    delivered.map(({ body }) => body),
    ['yes', 'prefix'],
  );
});

test('a filter policy on the body looks into its JSON', async (context) => {
  const { world, sns, delivered, TopicArn, subscribe } = await startTopic(context);
  await subscribe(queue, {
    FilterPolicyScope: 'MessageBody',
    FilterPolicy: '{"feed":{"type":["broadbean"]}}',
    RawMessageDelivery: 'true',
  });
  const wanted = '{"feed":{"type":"broadbean"}}';
  for (const Message of ['{"feed":{"type":"other"}}', 'no JSON', '[]', wanted])
    await sns.publish({ TopicArn, Message });
  await world.clock.idle();
  assert.deepEqual(
    delivered.map(({ body }) => body),
    [wanted],
  );
});

test('a failing endpoint is tried at once three times, then ever slower, until it takes the message', async (context) => {
  const { world, sns, delivered, attempts, failing, TopicArn, subscribe } = await startTopic(context);
  await subscribe(submitter);
  failing.set(submitter, new AwsError('ServiceException', 'down', 500));
  await sns.publish({ TopicArn, Message: 'x' });
  const start = world.clock.now();
  await world.clock.advanceTo(start + 2_500);
  const waits = attempts.map((at) => (at - start) / 1_000);
  assert.deepEqual(waits, [0, 0, 0, 0, 1, 2]);
  failing.clear();
  await world.clock.advanceTo(start + 60_000);
  assert.equal(delivered.length, 1);
});

test('the retries are those of the documentation: 3, 2, 10 and 100,000 of them over 23 days', () => {
  const delays = Array.from({ length: 100_015 }, (_, index) => delayBefore(index + 1) ?? Number.NaN);
  assert.deepEqual(delays.slice(0, 6), [0, 0, 0, 1_000, 1_000, 1_000]);
  assert.deepEqual([delays[14], delays[15], delays.at(-1), delayBefore(100_016)], [20_000, 20_000, 20_000, undefined]);
  assert.equal(Math.floor(delays.reduce((sum, delay) => sum + delay, 0) / 86_400_000), 23);
});

test('an endpoint that is gone or closed costs no retries: its message goes to the dead-letter queue', async (context) => {
  const { world, sns, delivered, attempts, failing, TopicArn, subscribe } = await startTopic(context);
  await subscribe(submitter, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: grave }) });
  await subscribe(queue);
  failing.set(submitter, new AwsError('ResourceNotFoundException', 'Function not found', 404));
  failing.set(queue, new AwsError('AccessDenied', 'no'));
  const { MessageId } = await sns.publish({ TopicArn, Message: 'x' });
  await world.clock.advanceTo(world.clock.now() + 3_600_000);
  assert.equal(attempts.length, 3, 'one for each endpoint and one for the dead-letter queue');
  assert.deepEqual(
    delivered.map(({ to, body }) => [to, JSON.parse(body).MessageId]),
    [[grave, MessageId]],
  );
});

test('a batch reports each entry in its place', async (context) => {
  const { world, sns, delivered, TopicArn, subscribe } = await startTopic(context);
  await subscribe(queue, { RawMessageDelivery: 'true' });
  const batch = (PublishBatchRequestEntries: { Id: string; Message: string; Subject?: string }[]) =>
    sns.publishBatch({ TopicArn, PublishBatchRequestEntries });
  const { Successful, Failed } = await batch([
    { Id: 'a', Message: 'one' },
    { Id: 'b', Message: 'two', Subject: 'x'.repeat(100) },
    { Id: 'c', Message: 'three' },
  ]);
  await world.clock.idle();
  assert.deepEqual(
    [Successful?.map(({ Id }) => Id), Failed?.map(({ Id, Code }) => [Id, Code])],
    [['a', 'c'], [['b', 'InvalidParameter']]],
  );
  assert.deepEqual(
    delivered.map(({ body }) => body),
    ['one', 'three'],
  );
  await assert.rejects(batch([]), { name: 'EmptyBatchRequestException' });
  const same = { Id: 'a', Message: 'x' };
  await assert.rejects(batch([same, same]), { name: 'BatchEntryIdsNotDistinctException' });
  const eleven = Array.from({ length: 11 }, (_, index) => ({ Id: `${index}`, Message: 'x' }));
  await assert.rejects(batch(eleven), { name: 'TooManyEntriesInBatchRequestException' });
  const long = ['a', 'b'].map((Id) => ({ Id, Message: 'x'.repeat(140_000) }));
  await assert.rejects(batch(long), { name: 'BatchRequestTooLongException' });
});

test('what is no message is refused in the words of SNS', async (context) => {
  const { sns, TopicArn } = await startTopic(context);
  const refused = (input: Omit<Parameters<typeof sns.publish>[0], 'TopicArn'>, message: string | RegExp) =>
    assert.rejects(sns.publish({ TopicArn, ...input }), { name: 'InvalidParameterException', message });
  await refused({ Message: '' }, 'Invalid parameter: Empty message');
  await refused({ Message: 'é'.repeat(131_073) }, 'Invalid parameter: Message too long');
  await refused({ Message: 'x', Subject: 'a\nb' }, 'Invalid parameter: Subject');
  const attribute = (DataType: string, StringValue: string) => ({ a: { DataType, StringValue } });
  await refused({ Message: 'x', MessageAttributes: attribute('Text', 'x') }, /supported type prefixes/);
  await refused({ Message: 'x', MessageAttributes: attribute('String', '') }, /non-empty message attribute value/);
  await refused({ Message: 'x', MessageAttributes: attribute('Number', 'x') }, /Could not cast/);
  await assert.rejects(sns.publish({ Message: 'x' }), /TopicArn or TargetArn Reason: no value for required parameter/);
  await sns.publish({ TopicArn, Message: 'é'.repeat(131_072) });
});
