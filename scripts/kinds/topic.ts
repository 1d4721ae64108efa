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
import { adopt, ownerIn, ownerTagList, readOwned } from '../aws/ownership.ts';
import type { Listing, Observed, ResourceKind } from '../reconcile/kind.ts';
import { type Policy, parsePolicy, policy } from './policy.ts';

export interface TopicSpec {
  readonly name: string;
  /** Who may publish and subscribe. */
  readonly policy: Policy;
}

interface LiveTopic {
  readonly name: string;
  readonly arn: string;
  readonly policy: string | undefined;
}

const toSpec = ({ name, policy: text }: LiveTopic): TopicSpec => ({
  name,
  policy: text === undefined ? policy() : parsePolicy(text),
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
  return { name, live: { name, arn, policy: topic.Attributes?.['Policy'] }, owner: ownerIn(tags.Tags) };
}

/** Every topic that is ours or named. */
export async function listTopics(aws: Aws, names: readonly string[]): Promise<Listing<LiveTopic>> {
  const arnOf = await topicArns(aws);
  return readOwned(aws, { resourceType: 'sns', before: '' }, names, (name) => read(aws, name, arnOf(name)));
}

export const topicKind = (aws: Aws): ResourceKind<TopicSpec, LiveTopic> => ({
  kind: 'topic',
  immutable: [],
  references: () => [],
  list: (names) => listTopics(aws, names),
  toSpec,
  create: async (desired) => {
    const Attributes = { Policy: JSON.stringify(desired.policy) };
    await aws.sns.send(new CreateTopicCommand({ Name: desired.name, Attributes, Tags: ownerTagList(aws) }));
  },
  update: async ({ arn }, desired) => {
    await aws.sns.send(
      new SetTopicAttributesCommand({
        TopicArn: arn,
        AttributeName: 'Policy',
        AttributeValue: JSON.stringify(desired.policy),
      }),
    );
  },
  delete: async ({ arn }) => {
    await found(aws.sns.send(new DeleteTopicCommand({ TopicArn: arn })));
  },
  adopt: ({ arn }) => adopt(aws, arn),
});
