import type { Message, MessageSystemAttributeName } from '@aws-sdk/client-sqs';
import { digestOfAttributes, digestOfBody } from './digest.ts';
import type { MessageAttributes } from './handlers.ts';
import type { QueuedMessage } from './queue.ts';

/** A message as ReceiveMessage answers it: with the system and message attributes that were asked for. */
export function toMessage(
  message: QueuedMessage,
  sender: string,
  systemNames: readonly string[],
  names: readonly string[],
): Message {
  const attributes = pick(message.attributes, names);
  const system: Partial<Record<MessageSystemAttributeName, string>> = {
    SenderId: sender,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.traceHeader === undefined ? {} : { AWSTraceHeader: message.traceHeader }),
    ...(message.sourceArn === undefined ? {} : { DeadLetterQueueSourceArn: message.sourceArn }),
  };
  const wanted = Object.entries(system).filter(([name]) => systemNames.includes('All') || systemNames.includes(name));
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: digestOfBody(message.body),
    MD5OfMessageAttributes: digestOfAttributes(attributes),
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
    ...(wanted.length > 0 && { Attributes: Object.fromEntries(wanted) }),
  };
}

/** Attributes by name, by `prefix.*`, or all of them by `All` or `.*`. */
function pick(attributes: MessageAttributes, names: readonly string[]): MessageAttributes {
  const wanted = (name: string): boolean =>
    names.some((each) =>
      each === 'All' || each === '.*' ? true : each.endsWith('.*') ? name.startsWith(each.slice(0, -1)) : each === name,
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted(name)));
}
