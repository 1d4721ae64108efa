import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { forEachEntry } from './batches.ts';
import { digestOfAttributes, digestOfBody } from './digest.ts';
import type { SqsHandlers } from './handlers.ts';
import { checkMessage, longestMessage, type Sending, sizeOf } from './message-check.ts';
import type { Queue } from './queue.ts';
import type { QueueDirectory } from './queue-directory.ts';
import { toMessage } from './received-message.ts';

/** Operations on messages. */
export const messageHandlers = (world: World, directory: QueueDirectory) =>
  ({
    SendMessage: ({ QueueUrl, ...sending }) => send(directory.byUrl(QueueUrl), sending),

    SendMessageBatch: ({ QueueUrl, Entries }) => {
      const queue = directory.byUrl(QueueUrl);
      const bytes = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
      if (bytes > longestMessage) {
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${longestMessage} bytes. You have sent ${bytes} bytes.`,
        );
      }
      return forEachEntry(Entries, (entry) => send(queue, entry));
    },

    ReceiveMessage: async (input) => {
      const queue = directory.byUrl(input.QueueUrl);
      const limit = within('MaxNumberOfMessages', input.MaxNumberOfMessages ?? 1, 1, 10);
      const visibility = seconds('VisibilityTimeout', input.VisibilityTimeout, queue, 43_200);
      const wait = within(
        'WaitTimeSeconds',
        input.WaitTimeSeconds ?? queue.number('ReceiveMessageWaitTimeSeconds'),
        0,
        20,
      );
      const receive = () => queue.receive(limit, visibility, (arn) => directory.byArn(arn));
      let messages = receive();
      if (messages.length === 0 && wait > 0) {
        const deadline = world.clock.now() + wait * 1_000;
        // A consumer is waiting in real time for the answer, so this is work under way.
        await world.clock.busy(async () => {
          while (messages.length === 0 && !queue.closed && world.clock.now() < deadline) {
            await queue.awaitMessage(deadline);
            messages = receive();
          }
        });
      }
      const system = [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])];
      const received = messages.map((each) =>
        toMessage(each, world.account, system, input.MessageAttributeNames ?? []),
      );
      return received.length === 0 ? {} : { Messages: received };
    },

    DeleteMessage: ({ QueueUrl, ReceiptHandle }) => {
      deleteMessage(directory.byUrl(QueueUrl), ReceiptHandle);
      return {};
    },

    DeleteMessageBatch: ({ QueueUrl, Entries }) => {
      const queue = directory.byUrl(QueueUrl);
      return forEachEntry(Entries, ({ ReceiptHandle = '' }) => deleteMessage(queue, ReceiptHandle));
    },

    ChangeMessageVisibility: ({ QueueUrl, ReceiptHandle, VisibilityTimeout }) => {
      changeVisibility(directory.byUrl(QueueUrl), ReceiptHandle, VisibilityTimeout);
      return {};
    },

    ChangeMessageVisibilityBatch: ({ QueueUrl, Entries }) => {
      const queue = directory.byUrl(QueueUrl);
      return forEachEntry(Entries, (entry) =>
        changeVisibility(queue, entry.ReceiptHandle ?? '', entry.VisibilityTimeout),
      );
    },
  }) satisfies SqsHandlers;

const invalid = (name: string, value: unknown, reason: string): never => {
  throw new AwsError('InvalidParameterValue', `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);
};

const within = (name: string, value: number, low: number, high: number): number =>
  value >= low && value <= high ? value : invalid(name, value, `Must be between ${low} and ${high}, if provided.`);

const seconds = (name: string, value: number | undefined, queue: Queue, high: number): number =>
  within(name, value ?? queue.number(name), 0, high);

function send(queue: Queue, sending: Sending) {
  const { MessageBody: body = '', MessageAttributes: attributes = {}, MessageSystemAttributes: system = {} } = sending;
  checkMessage(queue, sending);
  const delay = seconds('DelaySeconds', sending.DelaySeconds, queue, 900);
  const { id } = queue.send({ body, attributes, traceHeader: system.AWSTraceHeader?.StringValue }, delay);
  return {
    MessageId: id,
    MD5OfMessageBody: digestOfBody(body),
    MD5OfMessageAttributes: digestOfAttributes(attributes),
    MD5OfMessageSystemAttributes: digestOfAttributes(system),
  };
}

/** An outdated receipt handle is accepted and deletes nothing; so is one of a message that is gone. */
function deleteMessage(queue: Queue, receipt: string): object {
  checkReceipt(queue, receipt);
  queue.delete(receipt);
  return {};
}

function changeVisibility(queue: Queue, receipt: string, timeout: number | undefined): object {
  const hidden = seconds('VisibilityTimeout', timeout, queue, 43_200);
  checkReceipt(queue, receipt);
  const message = queue.inFlight(receipt);
  if (message === undefined) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: ${reason}`,
    );
  }
  queue.hide(message, hidden);
  return {};
}

function checkReceipt(queue: Queue, receipt: string): void {
  if (Buffer.from(receipt, 'base64').toString().startsWith(`${queue.arn} `)) return;
  throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${receipt}" is not a valid receipt handle.`);
}
