import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
} from '@aws-sdk/client-sns';
import { accountOf } from '../aws/account.ts';
import type { Aws } from '../aws/clients.ts';
import { atOnce, mapConcurrently } from '../aws/concurrency.ts';
import { found } from '../aws/errors.ts';
import {
  adopt,
  isProtectedBy,
  namesOfProtected,
  ownerIn,
  ownerTagList,
  readOwned,
  setProtection,
  upToDate,
} from '../aws/ownership.ts';
import type { TagList } from '../aws/tag-index.ts';
import { changedFields } from '../reconcile/diff.ts';
import type { FieldDiff, Listing, ResourceKind, Value } from '../reconcile/kind.ts';
import { type Policy, parsePolicy, policy } from './policy.ts';
import { parsedJson } from './target-input.ts';

export interface TopicSpec {
  readonly name: string;
  readonly protect: boolean;
  /** Who may publish and subscribe. */
  readonly policy: Policy;
  /** The attributes that config names, by SNS's names; those that are JSON as what they hold. All others are left alone. */
  readonly attributes: Readonly<Record<string, Value>>;
}

interface LiveTopic {
  readonly name: string;
  readonly arn: string;
  readonly protect: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

/** An attribute that is JSON is compared as what it holds, whatever its white space. */
export const attributeValue = (text: string): Value => (text.startsWith('{') ? parsedJson(text) : text);

const attributeText = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Names of attributes, by the topic's name. */
type Named = ReadonlyMap<string, readonly string[]>;

const toSpec = ({ name, protect, attributes }: LiveTopic, named: Named): TopicSpec => ({
  name,
  protect,
  policy: attributes['Policy'] === undefined ? policy() : parsePolicy(attributes['Policy']),
  attributes: Object.fromEntries(
    (named.get(name) ?? []).map((attribute) => [attribute, attributeValue(attributes[attribute] ?? '')]),
  ),
});

/** An ARN of ours, by which alone SNS knows a topic. */
async function topicArns(aws: Aws): Promise<(name: string) => string> {
  const { partition, account } = await accountOf(aws);
  return (name) => `arn:${partition}:sns:${aws.region}:${account}:${name}`;
}

async function tagsOf(aws: Aws, arn: string): Promise<TagList | undefined> {
  const answer = await found(aws.sns.send(new ListTagsForResourceCommand({ ResourceArn: arn })));
  return answer && (answer.Tags ?? []);
}

interface TaggedTopic {
  readonly arn: string;
  readonly protect: boolean;
}

/** Every topic that is ours or named, by its tags alone: one that the tagging API tells of may have gone. */
export async function taggedTopics(
  aws: Aws,
  names: readonly string[],
  protectedNames: ReadonlySet<string> = new Set(),
): Promise<Listing<TaggedTopic>> {
  const arnOf = await topicArns(aws);
  return readOwned(aws, { resourceType: 'sns', before: '' }, names, async (name, known) => {
    const arn = arnOf(name);
    const tags = upToDate(known, protectedNames.has(name)) ?? (await tagsOf(aws, arn));
    return tags && { name, live: { arn, protect: isProtectedBy(tags) }, owner: ownerIn(tags) };
  });
}

async function list(
  aws: Aws,
  names: readonly string[],
  protectedNames: ReadonlySet<string>,
): Promise<Listing<LiveTopic>> {
  const { observed: topics, unseen } = await taggedTopics(aws, names, protectedNames);
  const read = await mapConcurrently(topics, atOnce, async ({ name, live, owner }) => {
    aws.signal.throwIfAborted();
    const topic = await found(aws.sns.send(new GetTopicAttributesCommand({ TopicArn: live.arn })));
    return topic && { name, live: { name, ...live, attributes: topic.Attributes ?? {} }, owner };
  });
  return { observed: read.filter((each) => each !== undefined), unseen };
}

const requestedAttributes = (topic: TopicSpec): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(topic.attributes).map(([name, value]) => [name, attributeText(value)])),
  Policy: JSON.stringify(topic.policy),
});

/** SNS sets one attribute a request. */
async function update(aws: Aws, { arn }: LiveTopic, desired: TopicSpec, fields: readonly FieldDiff[]): Promise<void> {
  const changed = changedFields(fields);
  const wanted = Object.entries(requestedAttributes(desired)).filter(([name]) =>
    changed.has(name === 'Policy' ? 'policy' : 'attributes'),
  );
  for (const [AttributeName, AttributeValue] of wanted) {
    await aws.sns.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName, AttributeValue }));
  }
  if (changed.has('protect')) await setProtection(aws, arn, desired.protect);
}

const attributesNamed = (topics: readonly TopicSpec[]): Named =>
  new Map(topics.map(({ name, attributes }) => [name, Object.keys(attributes)]));

/** An SNS topic. `desired` says which attributes matter, and which are to be protected. */
export function topicKind(aws: Aws, desired: readonly TopicSpec[]): ResourceKind<TopicSpec, LiveTopic> {
  const named = attributesNamed(desired);
  const protectedNames = namesOfProtected(desired);
  return {
    kind: 'topic',
    immutable: [],
    references: () => [],
    list: (names) => list(aws, names, protectedNames),
    toSpec: (live) => toSpec(live, named),
    create: async (topic) => {
      const Tags = ownerTagList(aws, topic);
      await aws.sns.send(new CreateTopicCommand({ Name: topic.name, Attributes: requestedAttributes(topic), Tags }));
    },
    update: (live, topic, fields) => update(aws, live, topic, fields),
    delete: async ({ arn }) => {
      await found(aws.sns.send(new DeleteTopicCommand({ TopicArn: arn })));
    },
    adopt: ({ arn }) => adopt(aws, arn),
  };
}
