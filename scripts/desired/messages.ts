import { arns, names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import { parsePolicy } from '../kinds/policy.ts';
import { type OurSubscriptions, type SubscriptionSpec, subscriptionName } from '../kinds/subscription.ts';
import { jsonOf } from '../kinds/target-input.ts';
import { attributeValue, type TopicSpec } from '../kinds/topic.ts';
import { deadLetterArn, functionArn } from './parts.ts';
import { publishingBy, type Statement, tlsOnly } from './policies.ts';
import { expected, isAlerting } from './submissions.ts';

/** The topics that may invoke our function: all that bear our prefix, and those that submit under a name of their own. */
export function invokingTopics(site: Site, { topics }: Config): string[] {
  const given = Object.values(topics).flatMap(({ name, submit }) => (submit === undefined ? [] : (name ?? [])));
  return [`${site.prefix}-*`, ...given].map((name) => arns.topic(site, name));
}

type Topics = Config['topics'];

/** Values of attributes are texts; what config writes as a map or a list is JSON in one. */
const attributesOf = ({ override = {}, kmsKey }: Topics[string]): TopicSpec['attributes'] => {
  const { Policy: _policy, ...attributes } = override;
  const values = { ...attributes, ...(kmsKey !== undefined && { KmsMasterKeyId: kmsKey }) };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? jsonOf(value) : attributeValue(String(value)),
    ]),
  );
};

function policyOf(site: Site, name: string, { override }: Topics[string]): TopicSpec['policy'] {
  const own = override?.['Policy'];
  if (own === undefined) return tlsOnly('sns:Publish', [arns.topic(site, name)]);
  return parsePolicy(typeof own === 'string' ? own : JSON.stringify(own));
}

/**
 * CloudWatch tells SNS for which alarm it publishes, which must be ours. EventBridge tells nothing: under any condition
 * its messages would be dropped. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
function alertPublishers(site: Site, topicArn: string): Statement[] {
  const alarms = arns.alarm(site, `${site.prefix}-*`);
  return [
    publishingBy('TellOfEvents', 'events.amazonaws.com', topicArn),
    publishingBy('TellOfAlarms', 'cloudwatch.amazonaws.com', topicArn, {
      ArnLike: { 'aws:SourceArn': alarms },
      StringEquals: { 'aws:SourceAccount': site.account },
    }),
  ];
}

/** A topic that baton makes for itself. */
function ownTopic(site: Site, name: string, publishers: (topicArn: string) => Statement[]): TopicSpec {
  const topicArn = arns.topic(site, name);
  return {
    name,
    protect: false,
    policy: tlsOnly('sns:Publish', [topicArn], ...publishers(topicArn)),
    attributes: {},
  };
}

export const desiredTopics = (site: Site, config: Config): TopicSpec[] => [
  ...Object.entries(config.topics).map(([entry, topic]): TopicSpec => {
    const name = names.topic(site, entry);
    return {
      name,
      protect: topic.protect,
      policy: policyOf(site, name, topic),
      attributes: attributesOf(topic),
    };
  }),
  ...(isAlerting(config) ? [ownTopic(site, names.alertTopic(site), (arn) => alertPublishers(site, arn))] : []),
  ...(expected(config).length > 0
    ? [ownTopic(site, names.successTopic(site), (arn) => alertPublishers(site, arn).slice(0, 1))]
    : []),
];

/** A topic that submits is subscribed to by the function that does it. */
function submitting(site: Site, name: string, { filter, filterScope }: Topics[string]): SubscriptionSpec {
  const topicArn = arns.topic(site, name);
  const endpoint = functionArn(site, 'topic-to-batch');
  return {
    name: subscriptionName(topicArn, endpoint),
    topicArn,
    protocol: 'lambda',
    endpoint,
    deadLetterArn: deadLetterArn(site, 'messages'),
    filter: filter === undefined ? null : jsonOf(filter),
    filterScope: filterScope ?? 'MessageAttributes',
  };
}

const told = (site: Site, topic: string, emails: readonly string[] = []): SubscriptionSpec[] =>
  emails.map((email) => {
    const topicArn = arns.topic(site, topic);
    return {
      name: subscriptionName(topicArn, email),
      topicArn,
      protocol: 'email',
      endpoint: email,
      deadLetterArn: null,
      filter: null,
      filterScope: 'MessageAttributes',
    };
  });

export const desiredSubscriptions = (site: Site, config: Config): SubscriptionSpec[] => [
  ...Object.entries(config.topics).flatMap(([entry, topic]) => {
    const name = names.topic(site, entry);
    const submits = topic.submit === undefined ? [] : [submitting(site, name, topic)];
    return [...submits, ...told(site, name, topic.emails)];
  }),
  ...told(site, names.alertTopic(site), config.alerts.emails),
];

/** An empty list of addresses is one, too. */
export const ourSubscriptions = (site: Site, config: Config): OurSubscriptions => ({
  listedTopics: new Set([
    ...(isAlerting(config) ? [names.alertTopic(site)] : []),
    ...Object.entries(config.topics).flatMap(([entry, { emails }]) =>
      emails === undefined ? [] : [names.topic(site, entry)],
    ),
  ]),
  submitter: functionArn(site, 'topic-to-batch'),
});
