import { AwsError } from '../../wire/errors.ts';
import type { QueueAttribute, World } from '../../world.ts';
import { accepts } from './filter.ts';
import type { MessageAttributes } from './handlers.ts';
import type { Mailbox } from './mailbox.ts';
import { lambdaEvent, type Message, queueBody, textFor } from './message.ts';
import { isRaw, type Subscription } from './subscription.ts';
import { deadLetterArn } from './subscription-attributes.ts';

/** One message on its way to one subscriber; `retries` is how often it was tried again. */
interface Delivery {
  readonly mailbox: Mailbox;
  readonly message: Message;
  readonly subscription: Subscription;
  readonly retries: number;
}

/** Delivers a message to each subscription that takes it, by itself, soon after the publisher has gone on. */
export function deliver(
  world: World,
  mailbox: Mailbox,
  message: Message,
  subscriptions: readonly Subscription[],
): void {
  for (const subscription of subscriptions.filter((each) => !each.pending && accepts(each, message))) {
    queueMicrotask(() => attempt(world, { mailbox, message, subscription, retries: 0 }));
  }
}

/**
 * Milliseconds to wait before each retry at a Lambda function or a queue; `undefined` when there are no more.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export function delayBefore(retry: number): number | undefined {
  if (retry <= 3) return 0;
  if (retry <= 5) return 1_000;
  if (retry <= 15) return Math.round(1_000 * 20 ** ((retry - 6) / 9));
  return retry <= 100_015 ? 20_000 : undefined;
}

function attempt(world: World, delivery: Delivery): void {
  try {
    send(world, delivery);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const retries = delivery.retries + 1;
    const delay = isTransient(error) ? delayBefore(retries) : undefined;
    if (delay === undefined) bury(world, delivery);
    else world.clock.after(delay, () => attempt(world, { ...delivery, retries }));
  }
}

/** An endpoint that is gone or does not let SNS in is a client-side error, and those SNS does not try again. */
const isTransient = ({ code, status }: AwsError): boolean =>
  status >= 500 || status === 429 || /Throttl|TooManyRequests/.test(code);

function send(world: World, { mailbox, message, subscription }: Delivery): void {
  const { protocol, endpoint } = subscription;
  switch (protocol) {
    case 'lambda': {
      const source = { service: 'sns.amazonaws.com', arn: message.topicArn };
      world.ports.functions.invokeAsync(endpoint, lambdaEvent(world, message, subscription), source);
      return;
    }
    case 'sqs':
      sendToQueue(world, endpoint, message, subscription);
      return;
    case 'email':
    case 'email-json': {
      const text = protocol === 'email' ? textFor(message, protocol) : queueBody(world, message, subscription);
      mailbox.put(endpoint, message.subject ?? 'AWS Notification Message', text);
      return;
    }
    default:
      protocol satisfies never;
  }
}

function sendToQueue(world: World, queueArn: string, message: Message, subscription: Subscription): void {
  const attributes = isRaw(subscription) ? queueAttributes(message.attributes) : {};
  const sender = { type: 'service', service: 'sns.amazonaws.com', arn: message.topicArn } as const;
  world.ports.queues.send(queueArn, queueBody(world, message, subscription), sender, attributes);
}

const queueAttributes = (attributes: MessageAttributes): Readonly<Record<string, QueueAttribute>> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType = 'String', StringValue = '', BinaryValue }]) => [
      name,
      { dataType: DataType, value: BinaryValue ?? StringValue },
    ]),
  );

/** Sends the notification to the subscription's dead-letter queue, or drops it where there is none. */
function bury(world: World, { message, subscription }: Delivery): void {
  const policy = subscription.attributes.get('RedrivePolicy');
  if (policy === undefined) return;
  try {
    sendToQueue(world, deadLetterArn(policy), message, subscription);
  } catch (error) {
    // A queue that is gone or does not let SNS in costs the message; AWS only counts it, in a metric.
    if (!(error instanceof AwsError)) throw error;
  }
}
