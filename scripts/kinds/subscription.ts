import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptions,
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  type Subscription,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { z } from 'zod';
import type { Aws } from '../aws/clients.ts';
import { atOnce, mapConcurrently } from '../aws/concurrency.ts';
import { found, isNotFound } from '../aws/errors.ts';
import { oursOrNamed } from '../aws/ownership.ts';
import { changedFields } from '../reconcile/diff.ts';
import type { FieldDiff, Listing, ResourceKind, Value } from '../reconcile/kind.ts';
import { nameInArn, refsTo } from './arn.ts';
import { parsedJson } from './target-input.ts';
import { taggedTopics } from './topic.ts';

export interface SubscriptionSpec {
  /** `TOPIC/FUNCTION` or `TOPIC/ADDRESS`, see {@link subscriptionName}. */
  readonly name: string;
  readonly topicArn: string;
  readonly protocol: 'lambda' | 'email';
  /** A function's ARN or an address. */
  readonly endpoint: string;
  /** The queue for messages that could not be delivered; `null` loses them. */
  readonly deadLetterArn: string | null;
  /** Which messages are let through; `null` for all. One set by hand silently swallows messages. */
  readonly filter: Value;
  /** What of a message the filter looks at. */
  readonly filterScope: 'MessageAttributes' | 'MessageBody';
}

type Protocol = SubscriptionSpec['protocol'];

interface LiveSubscription {
  /** `undefined` while its reader has not confirmed it: SNS tells nobody the ARN until then. */
  readonly arn: string | undefined;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const RedrivePolicy = z.object({ deadLetterTargetArn: z.string() });

/** A subscription has no name in SNS: at most one leads from a topic to a function or an address. */
export const subscriptionName = (topicArn: string, endpoint: string): string =>
  `${nameInArn(topicArn)}/${endpoint.startsWith('arn:') ? nameInArn(endpoint) : endpoint}`;

const toSpec = ({ topicArn, protocol, endpoint, attributes }: LiveSubscription): SubscriptionSpec => {
  const { RedrivePolicy: redrive, FilterPolicy: filter, FilterPolicyScope: scope } = attributes;
  // An empty filter is what is left of one that was taken away.
  const filters = filter !== undefined && filter !== '{}';
  return {
    name: subscriptionName(topicArn, endpoint),
    topicArn,
    protocol,
    endpoint,
    deadLetterArn: redrive === undefined ? null : RedrivePolicy.parse(JSON.parse(redrive)).deadLetterTargetArn,
    filter: filters ? parsedJson(filter) : null,
    // Without a filter a scope says nothing.
    filterScope: filters && scope === 'MessageBody' ? scope : 'MessageAttributes',
  };
};

/** Subscriptions to functions and addresses only; queues and web hooks are no business of ours. */
function liveOf({ Protocol, SubscriptionArn, Endpoint, TopicArn }: Subscription): LiveSubscription[] {
  if ((Protocol !== 'lambda' && Protocol !== 'email') || Endpoint === undefined || TopicArn === undefined) return [];
  // What somebody has ended stays in the list for a while.
  if (SubscriptionArn === undefined || SubscriptionArn === 'Deleted') return [];
  const arn = SubscriptionArn.startsWith('arn:') ? SubscriptionArn : undefined;
  return [{ arn, topicArn: TopicArn, protocol: Protocol, endpoint: Endpoint, attributes: {} }];
}

async function readPages(
  aws: Aws,
  pages: AsyncIterable<{ readonly Subscriptions?: Subscription[] | undefined }>,
): Promise<LiveSubscription[]> {
  const subscriptions: LiveSubscription[] = [];
  for await (const page of pages) {
    aws.signal.throwIfAborted();
    subscriptions.push(...(page.Subscriptions ?? []).flatMap(liveOf));
  }
  return subscriptions;
}

/** As many topics as are asked at once are asked one by one: an account may have pages of other subscriptions. */
async function subscriptionsTo(aws: Aws, topicArns: readonly string[]): Promise<LiveSubscription[]> {
  if (topicArns.length > atOnce) return readPages(aws, paginateListSubscriptions({ client: aws.sns }, {}));
  const all = await mapConcurrently(topicArns, atOnce, (TopicArn) =>
    found(readPages(aws, paginateListSubscriptionsByTopic({ client: aws.sns }, { TopicArn }))),
  );
  return all.flatMap((subscriptions) => subscriptions ?? []);
}

async function withAttributes(aws: Aws, live: LiveSubscription): Promise<LiveSubscription[]> {
  if (live.arn === undefined) return [live];
  const answer = await found(aws.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: live.arn })));
  return answer?.Attributes === undefined ? [] : [{ ...live, attributes: answer.Attributes }];
}

/** Which subscriptions on topics of ours are ours, whether config names them or not. */
export interface OurSubscriptions {
  /** Topics whose addresses are all in config: on any other, people subscribe themselves. */
  readonly listedTopics: ReadonlySet<string>;
  /** The ARN of our function: another one, that somebody subscribed, is theirs. */
  readonly submitter: string;
}

interface Wanted extends OurSubscriptions {
  readonly names: readonly string[];
}

/** One that waits to be confirmed cannot be ended; it expires by itself, so nobody has to see it go. */
function concerns({ arn, topicArn, protocol, endpoint }: LiveSubscription, wanted: Wanted): boolean {
  if (wanted.names.includes(subscriptionName(topicArn, endpoint))) return true;
  return protocol === 'lambda'
    ? endpoint === wanted.submitter
    : arn !== undefined && wanted.listedTopics.has(nameInArn(topicArn));
}

/** A subscription belongs to its topic and carries no tags: one of ours on a topic of ours is ours. */
async function list(aws: Aws, wanted: Wanted): Promise<Listing<LiveSubscription>> {
  const topicNames = [...new Set(wanted.names.map((name) => name.split('/')[0] ?? ''))];
  const { observed: topics, unseen } = await taggedTopics(aws, topicNames);
  const owners = new Map(topics.map(({ live, owner }) => [live.arn, owner]));
  const subscriptions = (await subscriptionsTo(aws, [...owners.keys()])).filter(
    (each) => owners.has(each.topicArn) && concerns(each, wanted),
  );
  const all = await mapConcurrently(subscriptions, atOnce, async (subscription) => {
    aws.signal.throwIfAborted();
    const { topicArn, endpoint } = subscription;
    const live = await withAttributes(aws, subscription);
    return live.map((each) => ({
      name: subscriptionName(topicArn, endpoint),
      live: each,
      owner: owners.get(topicArn),
    }));
  });
  const { observed } = oursOrNamed(aws, wanted.names, all.flat());
  return { observed, unseen };
}

const redriveTo = (deadLetterTargetArn: string): string => JSON.stringify({ deadLetterTargetArn });

const attributesFor = ({ deadLetterArn, filter, filterScope }: SubscriptionSpec): Record<string, string> => ({
  ...(deadLetterArn === null ? {} : { RedrivePolicy: redriveTo(deadLetterArn) }),
  ...(filter === null ? {} : { FilterPolicyScope: filterScope, FilterPolicy: JSON.stringify(filter) }),
});

async function setAttribute(aws: Aws, arn: string, AttributeName: string, value: string | undefined): Promise<void> {
  const attribute = { AttributeName, ...(value === undefined ? {} : { AttributeValue: value }) };
  await aws.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: arn, ...attribute }));
}

/** A dead-letter queue is taken away by naming none, and not by an empty text; a filter by an empty object. */
async function update(aws: Aws, arn: string, desired: SubscriptionSpec, fields: readonly FieldDiff[]): Promise<void> {
  const { deadLetterArn, filter, filterScope } = desired;
  const changed = changedFields(fields);
  if (changed.has('deadLetterArn')) {
    await setAttribute(aws, arn, 'RedrivePolicy', deadLetterArn === null ? undefined : redriveTo(deadLetterArn));
  }
  if (!changed.has('filter') && !changed.has('filterScope')) return;
  // A filter for bodies is refused while attributes are filtered, and the other way round: it makes way first.
  if (changed.has('filterScope')) {
    await setAttribute(aws, arn, 'FilterPolicy', '{}');
    await setAttribute(aws, arn, 'FilterPolicyScope', filterScope);
  }
  await setAttribute(aws, arn, 'FilterPolicy', filter === null ? '{}' : JSON.stringify(filter));
}

/** What a topic delivers to: our function, or the address of somebody who is told. */
export const subscriptionKind = (
  aws: Aws,
  ours: OurSubscriptions,
): ResourceKind<SubscriptionSpec, LiveSubscription> => ({
  kind: 'subscription',
  immutable: ['topicArn', 'protocol', 'endpoint'],
  references: ({ topicArn, endpoint, deadLetterArn }) => [
    { kind: 'topic', name: nameInArn(topicArn) },
    ...refsTo(endpoint),
    ...(deadLetterArn === null ? [] : [{ kind: 'dead-letter-queue', name: nameInArn(deadLetterArn) }]),
  ],
  list: (names) => list(aws, { names, ...ours }),
  toSpec,
  remark: ({ arn, endpoint }) =>
    arn === undefined
      ? `is told nothing yet: ${endpoint} must confirm it, with the link in the e-mail that SNS sent`
      : undefined,
  create: async (desired) => {
    await aws.sns.send(
      new SubscribeCommand({
        TopicArn: desired.topicArn,
        Protocol: desired.protocol,
        Endpoint: desired.endpoint,
        Attributes: attributesFor(desired),
        ReturnSubscriptionArn: true,
      }),
    );
  },
  update: async ({ arn }, desired, fields) => {
    // Nothing of ours is set on an address, so one that waits cannot differ.
    if (arn !== undefined) await update(aws, arn, desired, fields);
  },
  delete: async ({ arn }) => {
    // One that waits to be confirmed goes with its topic, or by itself after two days.
    if (arn !== undefined) await found(aws.sns.send(new UnsubscribeCommand({ SubscriptionArn: arn })), isNotFound);
  },
});
