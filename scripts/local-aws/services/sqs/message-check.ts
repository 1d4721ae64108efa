import type { SendMessageRequest } from '@aws-sdk/client-sqs';
import { AwsError } from '../../wire/errors.ts';
import type { Queue } from './queue.ts';

/** A message on its way in, alone or in a batch. */
export type Sending = Omit<SendMessageRequest, 'QueueUrl'>;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const longestMessage = 1_048_576;

/** Bytes of body and attributes together. */
export function sizeOf({ MessageBody = '', MessageAttributes = {} }: Sending): number {
  const attributes = Object.entries(MessageAttributes).flatMap(
    ([name, { DataType = '', StringValue, BinaryValue }]) => [name, DataType, BinaryValue ?? StringValue ?? ''],
  );
  return [MessageBody, ...attributes].reduce((sum, part) => sum + Buffer.from(part).length, 0);
}

/** Throws when SQS would refuse the message. */
export function checkMessage(queue: Queue, sending: Sending): void {
  const { MessageBody = '', MessageAttributes = {} } = sending;
  if (MessageBody === '') {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  // The characters that XML 1.0 allows.
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(MessageBody)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  const limit = queue.number('MaximumMessageSize');
  if (sizeOf(sending) > limit) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
    );
  }
  const count = Object.keys(MessageAttributes).length;
  if (count > 10) {
    const reason = `Number of message attributes [${count}] exceeds the allowed maximum [10].`;
    throw new AwsError('InvalidParameterValue', reason);
  }
  for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(MessageAttributes)) {
    if (!/^(String|Number|Binary)(\.|$)/.test(DataType)) {
      throw new AwsError(
        'InvalidParameterValue',
        `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
      );
    }
    if ((BinaryValue ?? StringValue ?? '').length === 0) {
      throw new AwsError(
        'InvalidParameterValue',
        `The message (user) attribute '${name}' must contain a non-empty value of type '${DataType}'.`,
      );
    }
  }
}
