import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { z } from 'zod';
import type { Aws } from '../aws/clients.ts';
import { mapConcurrently } from '../aws/concurrency.ts';
import { found, isNotFound } from '../aws/errors.ts';
import { oursOrNamed } from '../aws/ownership.ts';
import { changedFields } from '../reconcile/diff.ts';
import type { FieldDiff, Listing, Observed, ResourceKind } from '../reconcile/kind.ts';
import { nameInArn } from './arn.ts';
import { listTopics } from './topic.ts';

export interface SubscriptionSpec {
  /** `TOPIC/FUNCTION`, see {@link subscriptionName}. */
  readonly name: string;
  readonly topicArn: string;
  readonly functionArn: string;
  /** The queue for messages that could not be delivered; `null` loses them. */
  readonly deadLetterArn: string | null;
  /** A filter policy as JSON; ours have none, and one set by hand silently swallows messages. */
  readonly filter: string | null;
}

interface LiveSubscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly functionArn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const RedrivePolicy = z.object({ deadLetterTargetArn: z.string() });

/** A subscription has no name in SNS: at most one leads from a topic to a function. */
export const subscriptionName = (topicArn: string, functionArn: string): string =>
  `${nameInArn(topicArn)}/${nameInArn(functionArn)}`;

const toSpec = ({ topicArn, functionArn, attributes }: LiveSubscription): SubscriptionSpec => {
  const redrive = attributes['RedrivePolicy'];
  return {
    name: subscriptionName(topicArn, functionArn),
    topicArn,
    functionArn,
    deadLetterArn: redrive === undefined ? null : RedrivePolicy.parse(JSON.parse(redrive)).deadLetterTargetArn,
    // An empty one is what is left of a filter that was taken away.
    filter: attributes['FilterPolicy'] === '{}' ? null : (attributes['FilterPolicy'] ?? null),
  };
};

const redriveTo = (deadLetterTargetArn: string): string => JSON.stringify({ deadLetterTargetArn });

/** Subscriptions to functions only: people who subscribe their mailbox to a topic are no business of ours. */
async function functionsOf(aws: Aws, topicArn: string): Promise<{ arn: string; functionArn: string }[]> {
  const subscriptions: { arn: string; functionArn: string }[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client: aws.sns }, { TopicArn: topicArn })) {
    aws.signal.throwIfAborted();
    for (const { Protocol, SubscriptionArn: arn, Endpoint: functionArn } of page.Subscriptions ?? []) {
      if (Protocol === 'lambda' && arn !== undefined && functionArn !== undefined) {
        subscriptions.push({ arn, functionArn });
      }
    }
  }
  return subscriptions;
}

async function read(aws: Aws, topicArn: string, owner: string | undefined): Promise<Observed<LiveSubscription>[]> {
  const subscriptions = await found(functionsOf(aws, topicArn));
  const observed: Observed<LiveSubscription>[] = [];
  for (const { arn, functionArn } of subscriptions ?? []) {
    const answer = await found(aws.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn })));
    if (answer?.Attributes === undefined) continue;
    const live = { arn, topicArn, functionArn, attributes: answer.Attributes };
    observed.push({ name: subscriptionName(topicArn, functionArn), live, owner });
  }
  return observed;
}

/** A subscription belongs to its topic and carries no tags: every one on a topic of ours is ours. */
async function list(aws: Aws, names: readonly string[]): Promise<Listing<LiveSubscription>> {
  const topicNames = [...new Set(names.map((name) => name.split('/')[0] ?? ''))];
  const { observed: topics, unseen } = await listTopics(aws, topicNames);
  const all = await mapConcurrently(topics, 8, ({ live, owner }) => read(aws, live.arn, owner));
  const { observed } = oursOrNamed(aws, names, all.flat());
  return { observed, unseen };
}

async function setAttribute(aws: Aws, arn: string, AttributeName: string, value: string | undefined): Promise<void> {
  const attribute = { AttributeName, ...(value === undefined ? {} : { AttributeValue: value }) };
  await aws.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: arn, ...attribute }));
}

/** A dead-letter queue is taken away by naming none, and not by an empty text; a filter by an empty object. */
async function update(aws: Aws, arn: string, desired: SubscriptionSpec, fields: readonly FieldDiff[]): Promise<void> {
  const { deadLetterArn, filter } = desired;
  const changed = changedFields(fields);
  if (changed.has('deadLetterArn')) {
    await setAttribute(aws, arn, 'RedrivePolicy', deadLetterArn === null ? undefined : redriveTo(deadLetterArn));
  }
  if (changed.has('filter')) await setAttribute(aws, arn, 'FilterPolicy', filter ?? '{}');
}

export const subscriptionKind = (aws: Aws): ResourceKind<SubscriptionSpec, LiveSubscription> => ({
  kind: 'subscription',
  immutable: ['topicArn', 'functionArn'],
  references: ({ topicArn, functionArn, deadLetterArn }) => [
    { kind: 'topic', name: nameInArn(topicArn) },
    { kind: 'function', name: nameInArn(functionArn) },
    ...(deadLetterArn === null ? [] : [{ kind: 'dead-letter-queue', name: nameInArn(deadLetterArn) }]),
  ],
  list: (names) => list(aws, names),
  toSpec,
  create: async ({ topicArn, functionArn, deadLetterArn, filter }) => {
    await aws.sns.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'lambda',
        Endpoint: functionArn,
        Attributes: {
          ...(deadLetterArn === null ? {} : { RedrivePolicy: redriveTo(deadLetterArn) }),
          ...(filter === null ? {} : { FilterPolicy: filter }),
        },
        ReturnSubscriptionArn: true,
      }),
    );
  },
  update: ({ arn }, desired, fields) => update(aws, arn, desired, fields),
  delete: async ({ arn }) => {
    await found(aws.sns.send(new UnsubscribeCommand({ SubscriptionArn: arn })), isNotFound);
  },
});
