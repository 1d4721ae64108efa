import { AwsError } from '../../wire/errors.ts';
import type { SqsHandlers } from './handlers.ts';
import type { Queue } from './queue.ts';
import { checkNames, parseRedrivePolicy } from './queue-attributes.ts';
import { missingQueue, type QueueDirectory } from './queue-directory.ts';

/** Operations on queues as a whole. */
export const queueHandlers = (directory: QueueDirectory) =>
  ({
    CreateQueue: ({ QueueName, Attributes = {}, tags = {} }) => ({
      QueueUrl: directory.urlOf(directory.create(QueueName, Attributes, tags)),
    }),

    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: directory.urlOf(directory.named(QueueName) ?? missingQueue()) }),

    ListQueues: ({ QueueNamePrefix = '', MaxResults, NextToken }) => {
      const { page, next } = pageOf(
        directory.all().filter(({ name }) => name.startsWith(QueueNamePrefix)),
        MaxResults,
        NextToken,
      );
      return { QueueUrls: page.map((queue) => directory.urlOf(queue)), NextToken: next };
    },

    ListDeadLetterSourceQueues: ({ QueueUrl, MaxResults, NextToken }) => {
      const target = directory.byUrl(QueueUrl);
      const { page, next } = pageOf(
        directory.all().filter((queue) => deadLetterArn(queue) === target.arn),
        MaxResults,
        NextToken,
      );
      return { queueUrls: page.map((queue) => directory.urlOf(queue)), NextToken: next };
    },

    GetQueueAttributes: ({ QueueUrl, AttributeNames = [] }) => {
      const queue = directory.byUrl(QueueUrl);
      checkNames(AttributeNames);
      const all = Object.entries(attributesOf(queue));
      const wanted = all.filter(([name]) => AttributeNames.some((each) => each === 'All' || each === name));
      return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
    },

    SetQueueAttributes: ({ QueueUrl, Attributes }) => {
      directory.update(directory.byUrl(QueueUrl), Attributes);
      return {};
    },

    PurgeQueue: ({ QueueUrl }) => {
      directory.byUrl(QueueUrl).purge();
      return {};
    },

    DeleteQueue: ({ QueueUrl }) => {
      directory.delete(directory.byUrl(QueueUrl));
      return {};
    },

    TagQueue: ({ QueueUrl, Tags }) => {
      const { tags } = directory.byUrl(QueueUrl);
      for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
      return {};
    },

    UntagQueue: ({ QueueUrl, TagKeys }) => {
      const { tags } = directory.byUrl(QueueUrl);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },

    ListQueueTags: ({ QueueUrl }) => ({ Tags: Object.fromEntries(directory.byUrl(QueueUrl).tags) }),
  }) satisfies SqsHandlers;

function attributesOf(queue: Queue): Readonly<Record<string, string>> {
  const { visible, delayed, inFlight } = queue.counts();
  return {
    ...Object.fromEntries(queue.attributes),
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1_000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1_000)),
  };
}

function deadLetterArn(queue: Queue): string | undefined {
  const policy = queue.attributes.get('RedrivePolicy');
  return policy === undefined ? undefined : parseRedrivePolicy(policy).deadLetterTargetArn;
}

/** Pages only when MaxResults is given; else up to 1,000 queues come at once, without a token. The token is the last name. */
function pageOf(
  queues: readonly Queue[],
  limit: number | undefined,
  token: string | undefined,
): { readonly page: readonly Queue[]; readonly next: string | undefined } {
  if (limit !== undefined && (limit < 1 || limit > 1_000)) {
    const reason = 'Value must be between 1 and 1000';
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${limit} for parameter MaxResults is invalid. Reason: ${reason}`,
    );
  }
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  const rest = queues.filter(({ name }) => name > after);
  const page = rest.slice(0, limit ?? 1_000);
  const last = page.at(-1)?.name;
  const more = limit !== undefined && rest.length > page.length && last !== undefined;
  return { page, next: more ? Buffer.from(last).toString('base64') : undefined };
}
