import { createHash } from 'node:crypto';
import type { World } from '../../world.ts';
import { isObject, parseJson } from '../json.ts';
import type { MessageAttributes } from './handlers.ts';
import { isRaw, type Subscription } from './subscription.ts';

/** A message that a topic has accepted. */
export interface Message {
  readonly id: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly text: string;
  /** With MessageStructure `json` the text holds one for each protocol, and a default. */
  readonly perProtocol: boolean;
  readonly attributes: MessageAttributes;
  /** When it was published: milliseconds since the epoch. */
  readonly publishedAt: number;
}

/** What a subscriber by this protocol reads. */
export function textFor({ text, perProtocol }: Message, protocol: string): string {
  const texts = perProtocol ? parseJson(text) : undefined;
  if (!isObject(texts)) return text;
  return String(texts[protocol] ?? texts['default']);
}

const attributesOf = ({ attributes }: Message) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: BinaryValue === undefined ? StringValue : Buffer.from(BinaryValue).toString('base64') },
    ]),
  );

/** What every form of a notification holds. Its signature has the shape of one and cannot be verified. */
function common(message: Message, { protocol }: Subscription) {
  return {
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: message.topicArn,
    Message: textFor(message, protocol),
    Timestamp: new Date(message.publishedAt).toISOString(),
    SignatureVersion: '1',
    Signature: createHash('sha256').update(message.id).digest('base64'),
  };
}

const urlsOf = (world: World, { arn }: Subscription) => ({
  certificate: `${world.endpoint()}/SimpleNotificationService-0000000000000000000000000000000.pem`,
  unsubscribe: `${world.endpoint()}/?Action=Unsubscribe&SubscriptionArn=${arn}`,
});

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function lambdaEvent(world: World, message: Message, subscription: Subscription): string {
  const { certificate, unsubscribe } = urlsOf(world, subscription);
  const { Type, MessageId, TopicArn, ...rest } = common(message, subscription);
  const Sns = {
    Type,
    MessageId,
    TopicArn,
    Subject: message.subject ?? null,
    ...rest,
    SigningCertUrl: certificate,
    UnsubscribeUrl: unsubscribe,
    MessageAttributes: attributesOf(message),
  };
  const record = { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscription.arn, Sns };
  return JSON.stringify({ Records: [record] });
}

/**
 * What a queue gets: an envelope, or with raw delivery the text alone.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
 */
export function queueBody(world: World, message: Message, subscription: Subscription): string {
  if (isRaw(subscription)) return textFor(message, subscription.protocol);
  const { certificate, unsubscribe } = urlsOf(world, subscription);
  const { Type, MessageId, TopicArn, ...rest } = common(message, subscription);
  return JSON.stringify({
    Type,
    MessageId,
    TopicArn,
    Subject: message.subject,
    ...rest,
    SigningCertURL: certificate,
    UnsubscribeURL: unsubscribe,
    ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: attributesOf(message) }),
  });
}
