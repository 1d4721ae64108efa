import type * as Sns from '@aws-sdk/client-sns';
import { arnIn, creating, type Need, type Needs, type Site, tagging } from '../need.ts';

const onTopic =
  (action: string) =>
  ({ TopicArn }: { readonly TopicArn: string }): readonly Need[] => [{ action: `sns:${action}`, resource: TopicArn }];

/** A subscription is an affair of its topic, whose ARN its own begins with. */
const onSubscription =
  (action: string) =>
  ({ SubscriptionArn }: { readonly SubscriptionArn: string }): readonly Need[] => [
    { action: `sns:${action}`, resource: SubscriptionArn.split(':').slice(0, 6).join(':') },
  ];

const onAll =
  (action: string) =>
  (_input: unknown, site: Site): readonly Need[] => [{ action: `sns:${action}`, resource: arnIn(site, 'sns', '*') }];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const snsNeeds: Needs<typeof Sns> = {
  ConfirmSubscription: onTopic('ConfirmSubscription'),
  CreateTopic: ({ Name, Tags }, site) => creating('sns:CreateTopic', 'sns:TagResource', arnIn(site, 'sns', Name), Tags),
  DeleteTopic: onTopic('DeleteTopic'),
  GetSubscriptionAttributes: onSubscription('GetSubscriptionAttributes'),
  GetTopicAttributes: onTopic('GetTopicAttributes'),
  ListSubscriptions: onAll('ListSubscriptions'),
  ListSubscriptionsByTopic: onTopic('ListSubscriptionsByTopic'),
  ListTagsForResource: ({ ResourceArn }) => [{ action: 'sns:ListTagsForResource', resource: ResourceArn }],
  ListTopics: onAll('ListTopics'),
  // A message to a phone has its number for a resource.
  Publish: ({ TopicArn, TargetArn, PhoneNumber }) => [
    { action: 'sns:Publish', resource: TopicArn ?? TargetArn ?? PhoneNumber ?? '*' },
  ],
  PublishBatch: onTopic('Publish'),
  SetSubscriptionAttributes: onSubscription('SetSubscriptionAttributes'),
  SetTopicAttributes: onTopic('SetTopicAttributes'),
  Subscribe: ({ TopicArn, Protocol, Endpoint }) => [
    {
      action: 'sns:Subscribe',
      resource: TopicArn,
      context: { 'sns:Protocol': Protocol, ...(Endpoint !== undefined && { 'sns:Endpoint': Endpoint }) },
    },
  ],
  TagResource: ({ ResourceArn, Tags }) => tagging('sns:TagResource', ResourceArn, Tags),
  Unsubscribe: onSubscription('Unsubscribe'),
  UntagResource: ({ ResourceArn }) => [{ action: 'sns:UntagResource', resource: ResourceArn }],
};
