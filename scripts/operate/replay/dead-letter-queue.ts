import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Aws } from '../../aws/clients.ts';
import { found, isError } from '../../aws/errors.ts';

/** Seconds for which a letter that was received is nobody else's: somebody reads, and says yes. */
const hiddenWhileRead = 600;

/** Seconds for one letter to be handled: a function of ours runs for a minute at most. */
const hiddenWhileHandled = 180;

/** A letter as it lies in its queue. */
export interface Envelope {
  readonly id: string;
  readonly body: string;
  readonly sent: Date;
  /** How often it was received, this time included. */
  readonly received: number;
  readonly receipt: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A dead-letter queue and what was taken from it, hidden from others until it is handled or given back. */
export interface DeadLetterQueue {
  readonly name: string;
  readonly envelopes: readonly Envelope[];
  /** So many more letters somebody else holds, or somebody who was killed; they come back by themselves. */
  readonly held: number;
  /** Whether there may be more than were taken. */
  readonly more: boolean;
  /** Keeps a letter for who handles it; `false` where it is ours no more. */
  keep(envelope: Envelope): Promise<boolean>;
  /** It has been handled. */
  remove(envelope: Envelope): Promise<void>;
  /** Shows them to others at once. */
  giveBack(envelopes: readonly Envelope[]): Promise<void>;
}

const envelopeOf = ({ MessageId, Body, ReceiptHandle, Attributes, MessageAttributes = {} }: Message): Envelope => ({
  id: MessageId ?? '',
  body: Body ?? '',
  sent: new Date(Number(Attributes?.SentTimestamp ?? 0)),
  received: Number(Attributes?.ApproximateReceiveCount ?? 0),
  receipt: ReceiptHandle ?? '',
  attributes: Object.fromEntries(
    Object.entries(MessageAttributes).flatMap(([name, { StringValue }]) =>
      StringValue === undefined ? [] : [[name, StringValue]],
    ),
  ),
});

/** Takes letters, up to `limit` that are asked for, and those that lie among them. SQS has no way to look without taking. */
async function take(
  { sqs, embedded, signal }: Aws,
  QueueUrl: string,
  isAskedFor: (id: string) => boolean,
  limit: number,
): Promise<Envelope[]> {
  const taken = new Map<string, Envelope>();
  const count = (): number => [...taken.keys()].filter(isAskedFor).length;
  while (count() < limit && !signal.aborted) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: hiddenWhileRead,
        // Without a wait SQS asks only some of its servers, and an empty answer says little.
        WaitTimeSeconds: embedded ? 0 : 1,
        MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    for (const envelope of Messages.map(envelopeOf)) taken.set(envelope.id, envelope);
  }
  return [...taken.values()];
}

/** Of what is visible or gone there is nothing to change. */
const isOursNoMore = (error: unknown): boolean =>
  ['InvalidParameterValue', 'ReceiptHandleIsInvalid', 'MessageNotInflight'].some((name) => isError(error, name));

async function giveBack({ sqs }: Aws, QueueUrl: string, envelopes: readonly Envelope[]): Promise<void> {
  for (let at = 0; at < envelopes.length; at += 10) {
    const Entries = envelopes
      .slice(at, at + 10)
      .map(({ receipt: ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    // It fails partially: for those that are visible again already, which is what is wanted.
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}

/** Opens a queue and takes its letters, the oldest first. `undefined` where there is no such queue. */
export async function openQueue(
  aws: Aws,
  name: string,
  isAskedFor: (id: string) => boolean,
  limit: number,
): Promise<DeadLetterQueue | undefined> {
  const { sqs } = aws;
  const at = await found(sqs.send(new GetQueueUrlCommand({ QueueName: name })));
  if (at?.QueueUrl === undefined) return undefined;
  const { QueueUrl } = at;
  const envelopes = await take(aws, QueueUrl, isAskedFor, limit);
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return {
    name,
    envelopes: envelopes.toSorted((a, b) => a.sent.getTime() - b.sent.getTime()),
    held: Math.max(0, Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0) - envelopes.length),
    more: Number(Attributes?.ApproximateNumberOfMessages ?? 0) > 0,
    keep: async ({ receipt: ReceiptHandle }) => {
      const VisibilityTimeout = hiddenWhileHandled;
      const request = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout });
      return (await found(sqs.send(request), isOursNoMore)) !== undefined;
    },
    remove: async ({ receipt: ReceiptHandle }) => {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
    giveBack: (given) => giveBack(aws, QueueUrl, given),
  };
}
