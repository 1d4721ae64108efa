import assert from 'node:assert/strict';
import test from 'node:test';
import { taggedResources } from '../../../support/tagged-resources.ts';
import { arn, startSns } from './sns-world.ts';

const submitter = arn('lambda', 'function:topic-to-batch');

test('creating a topic again is accepted with the same attributes and tags only', async (context) => {
  const { sns } = await startSns(context);
  const Tags = [{ Key: 'baton:owner', Value: 'x' }];
  const topic = { Name: 'start', Attributes: { DisplayName: 'Start' }, Tags };
  const { TopicArn } = await sns.createTopic(topic);
  assert.equal(TopicArn, arn('sns', 'start'));
  assert.equal((await sns.createTopic(topic)).TopicArn, TopicArn);
  assert.equal((await sns.createTopic({ Name: 'start' })).TopicArn, TopicArn);
  await assert.rejects(sns.createTopic({ ...topic, Attributes: { DisplayName: 'Stop' } }), {
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
  });
  await assert.rejects(sns.createTopic({ ...topic, Tags: [{ Key: 'baton:owner', Value: 'y' }] }), /different tags/);
  await assert.rejects(sns.createTopic({ Name: 'no spaces' }), { message: 'Invalid parameter: Topic Name' });
  await assert.rejects(sns.createTopic({ Name: 'a.fifo', Attributes: { FifoTopic: 'true' } }), Error);
});

test('topic attributes have defaults, can be set, and count the subscriptions', async (context) => {
  const { sns } = await startSns(context);
  const { TopicArn = '' } = await sns.createTopic({ Name: 'start' });
  const { SubscriptionArn = '' } = await sns.subscribe({ TopicArn, Protocol: 'lambda', Endpoint: submitter });
  await sns.subscribe({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' });
  await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: arn('sqs', 'q') });
  await sns.unsubscribe({ SubscriptionArn });
  const read = async () => (await sns.getTopicAttributes({ TopicArn })).Attributes ?? {};
  const { Policy, EffectiveDeliveryPolicy, ...rest } = await read();
  assert.deepEqual(rest, {
    TopicArn,
    Owner: '123456789012',
    DisplayName: '',
    SubscriptionsConfirmed: '1',
    SubscriptionsPending: '1',
    SubscriptionsDeleted: '1',
  });
  assert.equal(JSON.parse(Policy ?? '').Statement[0].Resource, TopicArn);
  assert.equal(JSON.parse(EffectiveDeliveryPolicy ?? '').http.defaultHealthyRetryPolicy.numRetries, 3);
  await sns.setTopicAttributes({ TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue: 'alias/key' });
  assert.equal((await read())['KmsMasterKeyId'], 'alias/key');
  await sns.setTopicAttributes({ TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue: '' });
  assert.equal((await read())['KmsMasterKeyId'], undefined);
  const set = (AttributeName: string, AttributeValue: string) =>
    sns.setTopicAttributes({ TopicArn, AttributeName, AttributeValue });
  const chosen = { DisplayName: 'Start', TracingConfig: 'Active', SignatureVersion: '2' };
  for (const [name, value] of Object.entries(chosen)) await set(name, value);
  await set('DeliveryPolicy', '{"http":{"disableSubscriptionOverrides":true}}');
  const { EffectiveDeliveryPolicy: effective = '', ...attributes } = await read();
  for (const [name, value] of Object.entries(chosen)) assert.equal(attributes[name], value);
  const { disableSubscriptionOverrides, defaultHealthyRetryPolicy } = JSON.parse(effective).http;
  assert.deepEqual([disableSubscriptionOverrides, defaultHealthyRetryPolicy.numRetries], [true, 3]);
  for (const [name, value, message] of [
    ['Owner', 'x', /^Invalid parameter: AttributeName$/],
    ['TracingConfig', 'on', /TracingConfig/],
    ['SignatureVersion', '3', /SignatureVersion/],
    ['DeliveryPolicy', 'often', /DeliveryPolicy/],
    ['DisplayName', 'x'.repeat(101), /DisplayName/],
  ] as const)
    await assert.rejects(set(name, value), { name: 'InvalidParameterException', message });
});

test('a topic that does not exist is reported, and deleting it is not an error', async (context) => {
  const { sns, topics } = await startSns(context);
  const { TopicArn = '' } = await sns.createTopic({ Name: 'start' });
  await sns.subscribe({ TopicArn, Protocol: 'lambda', Endpoint: submitter });
  await sns.deleteTopic({ TopicArn });
  await sns.deleteTopic({ TopicArn });
  const gone = { name: 'NotFoundException', message: 'Topic does not exist' };
  await assert.rejects(sns.publish({ TopicArn, Message: 'x' }), gone);
  await assert.rejects(sns.getTopicAttributes({ TopicArn }), gone);
  assert.throws(() => topics.publish(TopicArn, 'x', { type: 'account' }), { code: 'NotFoundException' });
  assert.deepEqual((await sns.listSubscriptions({})).Subscriptions ?? [], []);
  await assert.rejects(sns.publish({ TopicArn: 'start', Message: 'x' }), { message: 'Invalid parameter: TopicArn' });
});

test('subscribing again gives the same subscription, and other attributes are a conflict', async (context) => {
  const { sns } = await startSns(context);
  const { TopicArn = '' } = await sns.createTopic({ Name: 'start' });
  const subscription = {
    TopicArn,
    Protocol: 'lambda',
    Endpoint: submitter,
    Attributes: { FilterPolicy: '{"a":["b"]}' },
  };
  const first = await sns.subscribe(subscription);
  assert.match(first.SubscriptionArn ?? '', new RegExp(`^${TopicArn}:[\\da-f-]{36}$`));
  assert.equal((await sns.subscribe(subscription)).SubscriptionArn, first.SubscriptionArn);
  await assert.rejects(sns.subscribe({ ...subscription, Attributes: { FilterPolicy: '{"a":["c"]}' } }), {
    message: 'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
  });
  const refused = (Protocol: string, Endpoint: string, message: string | RegExp) =>
    assert.rejects(sns.subscribe({ TopicArn, Protocol, Endpoint }), { message });
  await refused('lambda', 'topic-to-batch', 'Invalid parameter: Lambda endpoint ARN');
  await refused('sqs', 'queue', 'Invalid parameter: SQS endpoint ARN');
  await refused('pigeon', 'x', 'Invalid parameter: Amazon SNS does not support this protocol string: pigeon');
  await refused('https', 'https://example.com', /not implemented/);
});

test('an e-mail subscription that nobody confirms stays pending, cannot be ended, and expires by itself', async (context) => {
  const { world, sns } = await startSns(context);
  const { TopicArn = '' } = await sns.createTopic({ Name: 'alerts' });
  const email = { TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' };
  assert.equal((await sns.subscribe(email)).SubscriptionArn, 'pending confirmation');
  const { SubscriptionArn = '' } = await sns.subscribe({ ...email, ReturnSubscriptionArn: true });
  const listed = async () => (await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions ?? [];
  assert.deepEqual(await listed(), [
    {
      SubscriptionArn: 'PendingConfirmation',
      Owner: '123456789012',
      Protocol: 'email',
      Endpoint: 'ops@example.com',
      TopicArn,
    },
  ]);
  await assert.rejects(sns.unsubscribe({ SubscriptionArn: 'PendingConfirmation' }), /at least 6 elements, not 1/);
  await assert.rejects(sns.unsubscribe({ SubscriptionArn }), /pending confirmation/);
  await sns.publish({ TopicArn, Message: 'x' });
  world.clock.skip(48 * 3_600_000);
  assert.deepEqual(await listed(), []);
});

test('an e-mail subscription is confirmed with the token of its letter, and only then gets what is published', async (context) => {
  const { world, sns, letters } = await startSns(context);
  const { TopicArn = '' } = await sns.createTopic({ Name: 'alerts' });
  const to = 'ops@example.com';
  await sns.subscribe({ TopicArn, Protocol: 'email', Endpoint: to });
  await sns.subscribe({ TopicArn, Protocol: 'email-json', Endpoint: to });
  await sns.publish({ TopicArn, Message: 'too early' });
  const asked = await letters();
  assert.deepEqual(
    asked.map(({ subject }) => subject),
    Array(2).fill('AWS Notification - Subscription Confirmation'),
  );
  await assert.rejects(sns.confirmSubscription({ TopicArn, Token: 'guessed' }), {
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Token',
  });
  const arns: string[] = [];
  for (const { text } of asked) {
    const [, Token = ''] = /--token (\S+)/.exec(text) ?? [];
    const { SubscriptionArn = '' } = await sns.confirmSubscription({ TopicArn, Token });
    assert.equal((await sns.confirmSubscription({ TopicArn, Token })).SubscriptionArn, SubscriptionArn);
    arns.push(SubscriptionArn);
  }
  const { Subscriptions = [] } = await sns.listSubscriptionsByTopic({ TopicArn });
  assert.deepEqual(
    Subscriptions.map((each) => each.SubscriptionArn),
    arns,
  );
  assert.equal((await sns.subscribe({ TopicArn, Protocol: 'email', Endpoint: to })).SubscriptionArn, arns[0]);
  const { Attributes } = await sns.getSubscriptionAttributes({ SubscriptionArn: arns[0] });
  assert.deepEqual(
    [Attributes?.['PendingConfirmation'], Attributes?.['ConfirmationWasAuthenticated']],
    ['false', 'false'],
  );
  await sns.publish({ TopicArn, Message: 'a job failed', Subject: 'feeds' });
  world.clock.skip(49 * 3_600_000);
  await sns.publish({ TopicArn, Message: 'another' });
  const [plain, json, last] = (await letters()).slice(2);
  assert.deepEqual(plain, { to, subject: 'feeds', text: 'a job failed', sentAt: '2026-11-23T03:00:00.000Z' });
  assert.equal(JSON.parse(json?.text ?? '').Message, 'a job failed');
  assert.equal(last?.subject, 'AWS Notification Message');
  for (const SubscriptionArn of arns) await sns.unsubscribe({ SubscriptionArn });
  assert.deepEqual((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions ?? [], []);
});

test('subscription attributes are read, set and checked', async (context) => {
  const { sns } = await startSns(context);
  const { TopicArn = '' } = await sns.createTopic({ Name: 'start' });
  const Endpoint = arn('sqs', 'q');
  const { SubscriptionArn = '' } = await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint });
  const set = (AttributeName: string, AttributeValue: string) =>
    sns.setSubscriptionAttributes({ SubscriptionArn, AttributeName, AttributeValue });
  await set('FilterPolicy', '{"kind":["x"]}');
  await set('RawMessageDelivery', 'true');
  const { SubscriptionPrincipal, ...attributes } =
    (await sns.getSubscriptionAttributes({ SubscriptionArn })).Attributes ?? {};
  assert.deepEqual(attributes, {
    ...{ SubscriptionArn, TopicArn, Endpoint, Owner: '123456789012', Protocol: 'sqs' },
    ...{ ConfirmationWasAuthenticated: 'true', PendingConfirmation: 'false', RawMessageDelivery: 'true' },
    ...{ FilterPolicy: '{"kind":["x"]}', FilterPolicyScope: 'MessageAttributes' },
  });
  await set('FilterPolicy', '{}');
  const refusals: readonly (readonly [string, string, RegExp])[] = [
    ['Endpoint', 'x', /^Invalid parameter: AttributeName$/],
    ['FilterPolicy', 'none', /FilterPolicy: failed to parse JSON/],
    ['FilterPolicy', '{"a":"b"}', /FilterPolicy: "a" must be an object or an array/],
    ['FilterPolicy', '{"a":{"b":["c"]}}', /does not support nested filter policy/],
    ['FilterPolicyScope', 'Body', /Please use either MessageBody or MessageAttributes/],
    ['RedrivePolicy', '{"deadLetterTargetArn":"q"}', /deadLetterTargetArn is an invalid arn/],
    ['RawMessageDelivery', 'yes', /Must be true or false/],
  ];
  for (const [name, value, message] of refusals) {
    await assert.rejects(set(name, value), { name: 'InvalidParameterException', message });
  }
  await assert.rejects(
    sns.subscribe({ TopicArn, Protocol: 'lambda', Endpoint: submitter, Attributes: { RawMessageDelivery: 'true' } }),
    /Delivery protocol \[lambda\] does not support raw message delivery/,
  );
  await sns.unsubscribe({ SubscriptionArn });
  await sns.unsubscribe({ SubscriptionArn });
  await assert.rejects(sns.getSubscriptionAttributes({ SubscriptionArn }), { message: 'Subscription does not exist' });
});

test('more than a hundred topics and subscriptions come in pages', async (context) => {
  const { sns } = await startSns(context);
  const names = Array.from({ length: 101 }, (_, index) => `n${String(index).padStart(3, '0')}`);
  await Promise.all(names.map((Name) => sns.createTopic({ Name })));
  const TopicArn = arn('sns', 'n000');
  await Promise.all(names.map((name) => sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: arn('sqs', name) })));
  const first = await sns.listTopics({});
  const second = await sns.listTopics({ NextToken: first.NextToken });
  assert.deepEqual([first.Topics?.length, second.Topics?.length, second.NextToken], [100, 1, undefined]);
  const page = await sns.listSubscriptionsByTopic({ TopicArn });
  const rest = await sns.listSubscriptionsByTopic({ TopicArn, NextToken: page.NextToken });
  assert.deepEqual([page.Subscriptions?.length, rest.Subscriptions?.length], [100, 1]);
  await assert.rejects(sns.listTopics({ NextToken: 'x' }), { message: 'Invalid parameter: NextToken' });
});

test('tags can be set and removed, and the tagging API sees them', async (context) => {
  const { world, sns } = await startSns(context);
  const { TopicArn: ResourceArn = '' } = await sns.createTopic({ Name: 'start', Tags: [{ Key: 'a', Value: '1' }] });
  await sns.tagResource({ ResourceArn, Tags: [{ Key: 'b', Value: '2' }] });
  await sns.untagResource({ ResourceArn, TagKeys: ['a'] });
  assert.deepEqual((await sns.listTagsForResource({ ResourceArn })).Tags, [{ Key: 'b', Value: '2' }]);
  assert.deepEqual(taggedResources(world), [{ arn: ResourceArn, tags: { b: '2' } }]);
  await assert.rejects(sns.tagResource({ ResourceArn: `${ResourceArn}x`, Tags: [] }), {
    name: 'ResourceNotFoundException',
  });
});
