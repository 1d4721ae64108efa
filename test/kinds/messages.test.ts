import assert from 'node:assert/strict';
import test from 'node:test';
import {
  ConfirmSubscriptionCommand,
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { setProtection } from '../../scripts/aws/ownership.ts';
import { policy } from '../../scripts/kinds/policy.ts';
import { type SubscriptionSpec, subscriptionKind } from '../../scripts/kinds/subscription.ts';
import { type TopicSpec, topicKind } from '../../scripts/kinds/topic.ts';
import { contract, inRegion, step, withAws } from './contract.ts';
import { deadLetterArn, functionArn, withFunction } from './submitter.ts';

const topic: TopicSpec = {
  name: 'unit-changed',
  protect: true,
  policy: policy({
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sns:Publish',
    Resource: inRegion('sns', 'unit-changed'),
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }),
  attributes: {
    DisplayName: 'changes',
    DeliveryPolicy: { http: { defaultThrottlePolicy: { maxReceivesPerSecond: 3 } } },
  },
};

const set =
  (AttributeName: string, AttributeValue: string) =>
  (aws: Parameters<typeof topicKind>[0], { arn }: { readonly arn: string }) =>
    aws.sns.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName, AttributeValue }));

contract('a topic', {
  kind: (aws) => topicKind(aws, [topic]),
  desired: topic,
  drifts: {
    protect: (aws, { arn }) => setProtection(aws, arn, false),
    'policy.Statement[TlsOnly].Effect': set('Policy', JSON.stringify(topic.policy).replace('Deny', 'Allow')),
    'attributes.DisplayName': set('DisplayName', 'by hand'),
    'attributes.DeliveryPolicy.http.defaultThrottlePolicy.maxReceivesPerSecond': set(
      'DeliveryPolicy',
      '{"http": {"defaultThrottlePolicy": {"maxReceivesPerSecond": 9}}}',
    ),
  },
});

test('what config does not say of a topic is left as it is', () =>
  withAws(async (ours) => {
    const plain = { ...topic, attributes: {} };
    const kind = topicKind(ours, [plain]);
    await kind.create(plain, step);
    await set('DisplayName', 'by hand')(ours, { arn: inRegion('sns', topic.name) });
    const [observed] = (await kind.list([])).observed;
    assert.ok(observed);
    assert.deepEqual(kind.toSpec(observed.live), plain);
    assert.equal(observed.live.attributes['DisplayName'], 'by hand');
  }));

const subscription: SubscriptionSpec = {
  name: 'unit-changed/unit-submitter',
  topicArn: inRegion('sns', topic.name),
  protocol: 'lambda',
  endpoint: functionArn,
  deadLetterArn,
  filter: { store: ['berlin'] },
  filterScope: 'MessageBody',
};

const prepare = async (aws: Parameters<typeof topicKind>[0]): Promise<void> => {
  await withFunction(aws);
  await topicKind(aws, [topic]).create(topic, step);
};

const change =
  (AttributeName: string, AttributeValue?: string) =>
  (aws: Parameters<typeof topicKind>[0], { arn }: { readonly arn: string | undefined }) =>
    aws.sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: arn,
        AttributeName,
        ...(AttributeValue === undefined ? {} : { AttributeValue }),
      }),
    );

/** Our function, and no topic whose addresses are listed. */
const none = { listedTopics: new Set<string>(), submitter: functionArn };

contract('a subscription', {
  untagged: true,
  kind: (aws) => subscriptionKind(aws, none),
  desired: subscription,
  prepare,
  drifts: {
    deadLetterArn: change('RedrivePolicy'),
    'filter.store': change('FilterPolicy', '{"store":["hamburg"]}'),
    filterScope: change('FilterPolicyScope', 'MessageAttributes'),
  },
});

contract('a subscription without a filter', {
  untagged: true,
  kind: (aws) => subscriptionKind(aws, none),
  desired: { ...subscription, filter: null, filterScope: 'MessageAttributes' },
  prepare,
  drifts: { filter: change('FilterPolicy', '{"store":["example"]}') },
});

const address = (email: string): SubscriptionSpec => ({
  name: `unit-changed/${email}`,
  topicArn: inRegion('sns', topic.name),
  protocol: 'email',
  endpoint: email,
  deadLetterArn: null,
  filter: null,
  filterScope: 'MessageAttributes',
});

test('an address that has not confirmed counts as there, and its removal is no change', () =>
  withAws(async (ours) => {
    await prepare(ours);
    const kind = subscriptionKind(ours, { ...none, listedTopics: new Set([topic.name]) });
    const ops = address('ops@example.com');
    await kind.create(ops, step);
    const [observed] = (await kind.list([ops.name])).observed;
    assert.ok(observed);
    assert.deepEqual(kind.toSpec(observed.live), ops);
    assert.equal(
      kind.remark?.(observed.live),
      'is told nothing yet: ops@example.com must confirm it, with the link in the e-mail that SNS sent',
    );
    assert.deepEqual((await kind.list([])).observed, []);
    await kind.delete(observed.live, step);
    await kind.create(ops, step);
    const { Subscriptions } = await ours.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: ops.topicArn }));
    assert.equal(Subscriptions?.length, 1);
  }));

test('people who subscribe their own mailbox, queues and functions are left alone', () =>
  withAws(async (ours) => {
    await prepare(ours);
    const TopicArn = inRegion('sns', topic.name);
    await ours.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'me@example.com' }));
    await ours.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: deadLetterArn }));
    const Endpoint = inRegion('lambda', 'function:theirs');
    await ours.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint }));
    assert.deepEqual((await subscriptionKind(ours, none).list([])).observed, []);
  }));

test('an address that confirmed stays while config lists it, and is taken off when it is listed no more', () =>
  withAws(async (ours, _theirs, endpoint) => {
    await prepare(ours);
    const kind = subscriptionKind(ours, { ...none, listedTopics: new Set([topic.name]) });
    const ops = address('ops@example.com');
    await kind.create(ops, step);
    const letters: unknown = await (await fetch(`${endpoint}/_mailbox`)).json();
    const [, Token = ''] = /--token (\w+)/.exec(JSON.stringify(letters)) ?? [];
    await ours.sns.send(new ConfirmSubscriptionCommand({ TopicArn: ops.topicArn, Token }));
    const [observed, ...others] = (await kind.list([])).observed;
    assert.ok(observed);
    assert.deepEqual([kind.toSpec(observed.live), kind.remark?.(observed.live), others], [ops, undefined, []]);
    assert.deepEqual((await subscriptionKind(ours, none).list([])).observed, []);
    await kind.delete(observed.live, step);
    assert.deepEqual((await kind.list([])).observed, []);
  }));
