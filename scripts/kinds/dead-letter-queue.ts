import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { Aws } from '../aws/clients.ts';
import { created, found, isError } from '../aws/errors.ts';
import { adopt, ownerIn, ownerTags, readOwned } from '../aws/ownership.ts';
import type { TagList } from '../aws/tag-index.ts';
import { persist, type Waiter } from '../aws/waiting.ts';
import type { Loss, Observed, ResourceKind } from '../reconcile/kind.ts';
import { type Policy, parsePolicy } from './policy.ts';

export interface DeadLetterQueueSpec {
  readonly name: string;
  readonly retentionSeconds: number;
  /** Encrypted with SQS's own key: a service that delivers here needs no grant on it, as it would on `alias/aws/sqs`. */
  readonly encrypted: boolean;
  /** Which services may deliver; `null` where senders act by their own role. */
  readonly policy: Policy | null;
}

interface LiveQueue {
  readonly name: string;
  readonly url: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const toSpec = ({ name, attributes }: LiveQueue): DeadLetterQueueSpec => ({
  name,
  retentionSeconds: Number(attributes['MessageRetentionPeriod']),
  encrypted: attributes['SqsManagedSseEnabled'] === 'true',
  policy: attributes['Policy'] ? parsePolicy(attributes['Policy']) : null,
});

const attributesFor = ({ retentionSeconds, encrypted, policy }: DeadLetterQueueSpec): Record<string, string> => ({
  MessageRetentionPeriod: String(retentionSeconds),
  SqsManagedSseEnabled: String(encrypted),
  ...(policy === null ? {} : { Policy: JSON.stringify(policy) }),
});

async function read(aws: Aws, name: string, known: TagList | undefined): Promise<Observed<LiveQueue> | undefined> {
  const at = await found(aws.sqs.send(new GetQueueUrlCommand({ QueueName: name })));
  if (at?.QueueUrl === undefined) return undefined;
  const { QueueUrl } = at;
  const [attributes, tags] = await Promise.all([
    found(aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))),
    known === undefined ? found(aws.sqs.send(new ListQueueTagsCommand({ QueueUrl }))) : undefined,
  ]);
  if (attributes === undefined) return undefined;
  const owner = ownerIn(known ?? tags?.Tags);
  return { name, live: { name, url: QueueUrl, attributes: attributes.Attributes ?? {} }, owner };
}

/** A name is free again 60 seconds after its queue was deleted. */
const deletedRecently = (error: unknown): string | undefined =>
  isError(error, 'QueueDeletedRecently') ? 'not free yet: a queue of this name was deleted a moment ago' : undefined;

async function create(aws: Aws, desired: DeadLetterQueueSpec, waiter: Waiter): Promise<void> {
  await persist(aws.pace, waiter, {
    what: `queue "${desired.name}"`,
    attempt: () =>
      created(
        aws.sqs.send(
          new CreateQueueCommand({
            QueueName: desired.name,
            Attributes: attributesFor(desired),
            tags: ownerTags(aws),
          }),
        ),
      ),
    transient: deletedRecently,
  });
}

/** How many wait in it, as far as SQS knows: approximately. */
function messagesIn(attributes: LiveQueue['attributes']): Loss | undefined {
  const count = Number(attributes['ApproximateNumberOfMessages'] ?? 0);
  return count === 0
    ? undefined
    : { what: `${count} ${count === 1 ? 'message' : 'messages'} in it`, permit: 'objects' };
}

/** An SQS queue for what could not be delivered or handled. */
export const deadLetterQueueKind = (aws: Aws): ResourceKind<DeadLetterQueueSpec, LiveQueue> => ({
  kind: 'dead-letter-queue',
  immutable: [],
  references: () => [],
  list: (names) => readOwned(aws, { resourceType: 'sqs', before: '' }, names, (name, tags) => read(aws, name, tags)),
  toSpec,
  create: (desired, step) => create(aws, desired, step),
  update: async ({ url }, desired) => {
    // An empty policy is how SQS is told to forget the one it has.
    const Attributes = { Policy: '', ...attributesFor(desired) };
    await aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
  },
  delete: async ({ url }) => {
    await found(aws.sqs.send(new DeleteQueueCommand({ QueueUrl: url })));
  },
  adopt: ({ attributes }) => adopt(aws, attributes['QueueArn'] ?? ''),
  lossOf: async ({ attributes }) => messagesIn(attributes),
});
