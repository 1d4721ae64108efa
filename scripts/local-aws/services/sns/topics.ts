import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { pageOf } from '../events/page.ts';
import { checkResourcePolicy } from '../iam/policy.ts';
import { isObject, parseJson } from '../json.ts';
import { invalid, type SnsHandlers } from './handlers.ts';
import type { Topic, TopicDirectory } from './topic-directory.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html */
const settable =
  /^(Policy|DisplayName|DeliveryPolicy|TracingConfig|KmsMasterKeyId|SignatureVersion|(HTTP|Firehose|Lambda|Application|SQS)(SuccessFeedbackRoleArn|FailureFeedbackRoleArn|SuccessFeedbackSampleRate))$/;

/** Operations on topics as a whole. */
export const topicHandlers = (world: World, directory: TopicDirectory) =>
  ({
    CreateTopic: ({ Name, Attributes = {}, Tags = [] }) => {
      if (Name.endsWith('.fifo') || Attributes['FifoTopic'] === 'true') {
        throw new AwsError('NotImplemented', 'FIFO topics are not implemented by this local server', 501);
      }
      if (!/^[\w-]{1,256}$/.test(Name)) throw invalid('Topic Name');
      checkAttributes(Attributes);
      const tags = new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
      const existing = directory.find(directory.arnOf(Name));
      if (existing !== undefined) return { TopicArn: requireSame(existing, Attributes, tags).arn };
      const topic = directory.add(Name);
      for (const [name, value] of Object.entries(Attributes)) topic.attributes.set(name, value);
      for (const [key, value] of tags) topic.tags.set(key, value);
      return { TopicArn: topic.arn };
    },

    // Deleting a topic that is not there succeeds.
    DeleteTopic: ({ TopicArn }) => {
      directory.delete(TopicArn);
      return {};
    },

    ListTopics: ({ NextToken }) => {
      const { page, next } = pageOf(directory.all(), 100, NextToken, invalid('NextToken'));
      return { Topics: page.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
    },

    GetTopicAttributes: ({ TopicArn }) => {
      const topic = directory.require(TopicArn);
      const subscriptions = directory.subscriptionsOf(topic);
      const pending = subscriptions.filter((each) => each.pending).length;
      return {
        Attributes: {
          TopicArn: topic.arn,
          Owner: world.account,
          DisplayName: '',
          Policy: defaultPolicy(topic, world.account),
          EffectiveDeliveryPolicy: effectiveDeliveryPolicy(topic.attributes.get('DeliveryPolicy')),
          SubscriptionsConfirmed: String(subscriptions.length - pending),
          SubscriptionsPending: String(pending),
          SubscriptionsDeleted: String(topic.deletedSubscriptions),
          ...Object.fromEntries(topic.attributes),
        },
      };
    },

    SetTopicAttributes: ({ TopicArn, AttributeName, AttributeValue = '' }) => {
      const { attributes } = directory.require(TopicArn);
      checkAttributes({ [AttributeName]: AttributeValue });
      // An empty value brings back the default, an empty key takes encryption away.
      if (AttributeValue === '') attributes.delete(AttributeName);
      else attributes.set(AttributeName, AttributeValue);
      return {};
    },

    TagResource: ({ ResourceArn, Tags }) => {
      const { tags } = taggable(directory, ResourceArn);
      for (const { Key = '', Value = '' } of Tags) tags.set(Key, Value);
      return {};
    },

    UntagResource: ({ ResourceArn, TagKeys }) => {
      const { tags } = taggable(directory, ResourceArn);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForResource: ({ ResourceArn }) => ({
      Tags: [...taggable(directory, ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  }) satisfies SnsHandlers;

function taggable(directory: TopicDirectory, arn: string): Topic {
  const topic = directory.find(arn);
  if (topic === undefined) throw new AwsError('ResourceNotFoundException', 'Resource does not exist', 404);
  return topic;
}

const choices: Readonly<Record<string, readonly string[]>> = {
  TracingConfig: ['PassThrough', 'Active'],
  SignatureVersion: ['1', '2'],
};

function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  if (Object.keys(attributes).some((name) => !settable.test(name))) throw invalid('AttributeName');
  const { Policy: policy, DeliveryPolicy: delivery, DisplayName: displayName = '' } = attributes;
  if (displayName.length > 100) throw invalid('DisplayName');
  if (delivery && !isObject(parseJson(delivery))) throw invalid('DeliveryPolicy: failed to parse JSON');
  for (const [name, values] of Object.entries(choices)) {
    const value = attributes[name];
    if (value && !values.includes(value)) throw invalid(`${name} Reason: must be one of ${values.join(', ')}`);
  }
  if (policy) checkResourcePolicy(policy, () => invalid('Policy Error: null'));
}

/** CreateTopic is idempotent: it compares the attributes that it is given, and tags if it is given any. */
function requireSame(
  topic: Topic,
  attributes: Readonly<Record<string, string>>,
  tags: ReadonlyMap<string, string>,
): Topic {
  if (Object.keys(attributes).some((name) => topic.attributes.get(name) !== attributes[name])) {
    throw invalid('Attributes Reason: Topic already exists with different attributes');
  }
  const sameTags = tags.size === topic.tags.size && [...tags].every(([key, value]) => topic.tags.get(key) === value);
  if (tags.size > 0 && !sameTags) throw invalid('Tags Reason: Topic already exists with different tags');
  return topic;
}

const actions = ['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic'];

/** Whoever belongs to the account that owns the topic may use it. */
export const defaultPolicy = ({ arn }: Topic, account: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [...actions, 'Subscribe', 'ListSubscriptionsByTopic', 'Publish'].map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  });

/** What is set takes the place of the defaults, part by part. */
function effectiveDeliveryPolicy(set: string | undefined): string {
  const given = set === undefined ? undefined : parseJson(set);
  const http = isObject(given) && isObject(given['http']) ? given['http'] : {};
  return JSON.stringify({ http: { ...defaultDeliveryPolicy.http, ...http } });
}

const defaultDeliveryPolicy = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
};
