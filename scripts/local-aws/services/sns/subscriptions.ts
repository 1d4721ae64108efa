import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { pageOf } from '../events/page.ts';
import { invalid, type SnsHandlers } from './handlers.ts';
import type { Mailbox } from './mailbox.ts';
import { type Protocol, protocols, type Subscription } from './subscription.ts';
import { setAttributes } from './subscription-attributes.ts';
import type { TopicDirectory } from './topic-directory.ts';

/** Operations on subscriptions. */
export const subscriptionHandlers = (world: World, directory: TopicDirectory, mailbox: Mailbox) =>
  ({
    Subscribe: ({ TopicArn, Protocol, Endpoint = '', Attributes = {}, ReturnSubscriptionArn = false }) => {
      const topic = directory.require(TopicArn);
      const protocol = checkEndpoint(Protocol, Endpoint);
      const wanted = directory.newSubscription(topic, protocol, Endpoint);
      setAttributes(wanted, Attributes);
      const existing = directory
        .subscriptionsOf(topic)
        .find((each) => each.protocol === protocol && each.endpoint === Endpoint);
      if (existing === undefined) directory.subscribe(wanted);
      else if (Object.keys(Attributes).some((name) => existing.attributes.get(name) !== Attributes[name])) {
        throw invalid('Attributes Reason: Subscription already exists with different attributes');
      }
      const { arn, pending } = existing ?? wanted;
      if (pending) askForConfirmation(mailbox, existing ?? wanted);
      return { SubscriptionArn: pending && !ReturnSubscriptionArn ? 'pending confirmation' : arn };
    },

    ConfirmSubscription: ({ TopicArn, Token, AuthenticateOnUnsubscribe }) => {
      const subscriptions = directory.subscriptionsOf(directory.require(TopicArn));
      const subscription = subscriptions.find(({ token }) => token === Token);
      if (subscription === undefined) throw invalid('Token');
      // A letter may be answered twice.
      if (subscription.pending) subscription.authenticated = AuthenticateOnUnsubscribe === 'true';
      subscription.pending = false;
      return { SubscriptionArn: subscription.arn };
    },

    Unsubscribe: ({ SubscriptionArn }) => {
      const subscription = directory.subscriptions().find(({ arn }) => arn === SubscriptionArn);
      if (subscription === undefined && SubscriptionArn.split(':').length < 6) {
        directory.requireSubscription(SubscriptionArn);
      }
      if (subscription?.pending)
        throw invalid('SubscriptionArn Reason: Cannot unsubscribe a subscription that is pending confirmation');
      // Ending a subscription that is not there succeeds.
      if (subscription !== undefined) directory.unsubscribe(subscription);
      return {};
    },

    ListSubscriptions: ({ NextToken }) => listed(directory.subscriptions(), world.account, NextToken),

    ListSubscriptionsByTopic: ({ TopicArn, NextToken }) =>
      listed(directory.subscriptionsOf(directory.require(TopicArn)), world.account, NextToken),

    GetSubscriptionAttributes: ({ SubscriptionArn }) => {
      const subscription = directory.requireSubscription(SubscriptionArn);
      return {
        Attributes: {
          SubscriptionArn: subscription.arn,
          TopicArn: subscription.topicArn,
          Owner: world.account,
          Protocol: subscription.protocol,
          Endpoint: subscription.endpoint,
          SubscriptionPrincipal: `arn:${world.partition}:iam::${world.account}:root`,
          ConfirmationWasAuthenticated: String(subscription.authenticated),
          PendingConfirmation: String(subscription.pending),
          RawMessageDelivery: 'false',
          ...Object.fromEntries(subscription.attributes),
        },
      };
    },

    SetSubscriptionAttributes: ({ SubscriptionArn, AttributeName, AttributeValue = '' }) => {
      setAttributes(directory.requireSubscription(SubscriptionArn), { [AttributeName]: AttributeValue });
      return {};
    },
  }) satisfies SnsHandlers;

/** Every Subscribe sends another letter while the subscription is pending. */
function askForConfirmation(mailbox: Mailbox, { topicArn, token, endpoint }: Subscription): void {
  const text = [
    'You have chosen to subscribe to the topic:',
    topicArn,
    'To confirm this subscription:',
    `aws sns confirm-subscription --topic-arn ${topicArn} --token ${token}`,
  ];
  mailbox.put(endpoint, 'AWS Notification - Subscription Confirmation', text.join('\n'));
}

function listed(subscriptions: readonly Subscription[], owner: string, token: string | undefined) {
  const { page, next } = pageOf(subscriptions, 100, token, invalid('NextToken'));
  return {
    Subscriptions: page.map(({ arn, topicArn, protocol, endpoint, pending }) => ({
      SubscriptionArn: pending ? 'PendingConfirmation' : arn,
      Owner: owner,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topicArn,
    })),
    NextToken: next,
  };
}

function checkEndpoint(name: string, endpoint: string): Protocol {
  const protocol = protocols.find((each) => each === name);
  if (protocol === undefined && ['application', 'firehose', 'http', 'https', 'sms'].includes(name)) {
    throw new AwsError('NotImplemented', `sns subscriptions by ${name} are not implemented by this local server`, 501);
  }
  if (protocol === undefined) throw invalid(`Amazon SNS does not support this protocol string: ${name}`);
  if (protocol === 'lambda' && !/^arn:[^:]+:lambda:[^:]+:\d{12}:function:.+/.test(endpoint)) {
    throw invalid('Lambda endpoint ARN');
  }
  if (protocol === 'sqs' && !/^arn:[^:]+:sqs:[^:]+:\d{12}:.+/.test(endpoint)) throw invalid('SQS endpoint ARN');
  if (protocol.startsWith('email') && !endpoint.includes('@')) throw invalid('Email address');
  return protocol;
}
