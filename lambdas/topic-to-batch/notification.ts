import { listOf, objectOf, textOf } from '../submission/reading.ts';

export interface Notification {
  readonly topicArn: string;
  readonly messageId: string;
  /** The text that was published, as it is. */
  readonly message: string;
  /** What publishing the same thing again has in common: the message's own `id`, or else what SNS calls it. */
  readonly id: string;
}

/** The records of an SNS event, not looked at yet: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export const recordsOf = (event: unknown): readonly unknown[] =>
  listOf(objectOf(event, 'the event')['Records'], 'Records');

/** Throws naming the field of the record that is missing or wrong; `at` is its place in the event. */
export function readNotification(record: unknown, at: number): Notification {
  const sns = objectOf(objectOf(record, `Records[${at}]`)['Sns'], `Records[${at}].Sns`);
  const text = (field: string): string => textOf(sns[field], `Records[${at}].Sns.${field}`);
  const message = text('Message');
  const messageId = text('MessageId');
  return { topicArn: text('TopicArn'), messageId, message, id: ownId(message) ?? messageId };
}

/** The `id` of a message that is a JSON object with one; any other text is a message as well. */
function ownId(message: string): string | undefined {
  try {
    const value: unknown = JSON.parse(message);
    const hasId = typeof value === 'object' && value !== null && 'id' in value;
    return hasId && typeof value.id === 'string' && value.id !== '' ? value.id : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
