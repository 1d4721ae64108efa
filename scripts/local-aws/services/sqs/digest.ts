import { createHash } from 'node:crypto';
import type { MessageAttributes } from './handlers.ts';

/** The SDK compares the MD5s of what it sent and received with its own. */
export const digestOfBody = (body: string): string => createHash('md5').update(body).digest('hex');

/**
 * The MD5 of message attributes, `undefined` when there are none.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function digestOfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const update = (part: string | Uint8Array): void => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue = '', BinaryValue } = attributes[name] ?? { DataType: undefined };
    update(name);
    update(DataType);
    hash.update(Buffer.of(BinaryValue === undefined ? 1 : 2));
    update(BinaryValue ?? StringValue);
  }
  return hash.digest('hex');
}
