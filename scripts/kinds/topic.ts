import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
} from '@aws-sdk/client-sns';
import { accountOf } from '../aws/account.ts';
import type { Aws } from '../aws/clients.ts';
import { found } from '../aws/errors.ts';
import { adopt, isProtectedBy, ownerIn, ownerTagList, readOwned, setProtection } from '../aws/ownership.ts';
import { changedFields } from '../reconcile/diff.ts';
import type { FieldDiff, Listing, Observed, ResourceKind, Value } from '../reconcile/kind.ts';
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

async function read(aws: Aws, name: string, arn: string): Promise<Observed<LiveTopic> | undefined> {
  const [topic, tags] = await Promise.all([
    found(aws.sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))),
    found(aws.sns.send(new ListTagsForResourceCommand({ ResourceArn: arn }))),
  ]);
  if (topic === undefined || tags === undefined) return undefined;
  const live = { name, arn, protect: isProtectedBy(tags.Tags), attributes: topic.Attributes ?? {} };
  return { name, live, owner: ownerIn(tags.Tags) };
}

/** Every topic that is ours or named. */
export async function listTopics(aws: Aws, names: readonly string[]): Promise<Listing<LiveTopic>> {
  const arnOf = await topicArns(aws);
  return readOwned(aws, { resourceType: 'sns', before: '' }, names, (name) => read(aws, name, arnOf(name)));
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

/** An SNS topic. `desired` says which attributes matter. */
export function topicKind(aws: Aws, desired: readonly TopicSpec[]): ResourceKind<TopicSpec, LiveTopic> {
  const named = attributesNamed(desired);
  return {
    kind: 'topic',
    immutable: [],
    references: () => [],
    list: (names) => listTopics(aws, names),
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
