import { randomUUID } from 'node:crypto';
import type { BatchResultErrorEntry, PublishBatchRequestEntry, PublishBatchResultEntry } from '@aws-sdk/client-sns';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { isObject, parseJson } from '../json.ts';
import { deliver } from './delivery.ts';
import { invalid, type MessageAttributes, type SnsHandlers } from './handlers.ts';
import type { Mailbox } from './mailbox.ts';
import type { Topic, TopicDirectory } from './topic-directory.ts';

type Publication = Omit<PublishBatchRequestEntry, 'Id'>;

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: 256 KiB, attributes included. */
const longestMessage = 262_144;

/** Operations on messages. */
export const messageHandlers = (world: World, directory: TopicDirectory, mailbox: Mailbox) =>
  ({
    Publish: ({ TopicArn, TargetArn, PhoneNumber, ...publication }) => {
      if (PhoneNumber !== undefined) {
        throw new AwsError('NotImplemented', 'sns messages to phones are not implemented by this local server', 501);
      }
      const arn = TopicArn ?? TargetArn;
      if (arn === undefined) throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
      return { MessageId: publish(world, directory, mailbox, directory.require(arn), publication) };
    },

    PublishBatch: ({ TopicArn, PublishBatchRequestEntries: entries }) => {
      const topic = directory.require(TopicArn);
      checkBatch(entries);
      const Successful: PublishBatchResultEntry[] = [];
      const Failed: BatchResultErrorEntry[] = [];
      for (const { Id = '', ...publication } of entries) {
        try {
          Successful.push({ Id, MessageId: publish(world, directory, mailbox, topic, publication) });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Failed.push({ Id, Code: error.code.replace(/Exception$/, ''), Message: error.message, SenderFault: true });
        }
      }
      return { Successful, Failed };
    },
  }) satisfies SnsHandlers;

/** Accepts a message and returns its id. */
export function publish(
  world: World,
  directory: TopicDirectory,
  mailbox: Mailbox,
  topic: Topic,
  publication: Publication,
): string {
  const { Message: text = '', Subject: subject, MessageStructure, MessageAttributes: attributes = {} } = publication;
  checkMessage(publication);
  const message = {
    id: randomUUID(),
    topicArn: topic.arn,
    subject,
    text,
    attributes,
    perProtocol: MessageStructure === 'json',
    publishedAt: world.clock.now(),
  };
  deliver(world, mailbox, message, directory.subscriptionsOf(topic));
  return message.id;
}

function sizeOf({ Message = '', MessageAttributes = {} }: Publication): number {
  const attributes = Object.entries(MessageAttributes).flatMap(
    ([name, { DataType = '', StringValue, BinaryValue }]) => [name, DataType, BinaryValue ?? StringValue ?? ''],
  );
  return [Message, ...attributes].reduce((sum, part) => sum + Buffer.from(part).length, 0);
}

function checkMessage(publication: Publication): void {
  const { Message = '', Subject, MessageStructure, MessageAttributes = {} } = publication;
  if (Message === '') throw invalid('Empty message');
  // Printable ASCII of less than 100 characters that does not begin with a space.
  if (Subject !== undefined && !/^[!-~][ -~]{0,98}$/.test(Subject)) throw invalid('Subject');
  if (sizeOf(publication) > longestMessage) throw invalid('Message too long');
  if (MessageStructure !== undefined) checkStructure(MessageStructure, Message);
  checkAttributes(MessageAttributes);
}

function checkStructure(structure: string, message: string): void {
  if (structure !== 'json') throw invalid('MessageStructure');
  const texts = parseJson(message);
  if (!isObject(texts)) throw invalid('Message Structure - JSON message body failed to parse');
  if (texts['default'] === undefined) {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
}

function checkAttributes(attributes: MessageAttributes): void {
  for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(String|Number|Binary)(\.|$)/.test(DataType)) {
      const known = 'the set of supported type prefixes is Binary, Number, and String.';
      throw invalid(`The message attribute '${name}' has an invalid message attribute type, ${known}`);
    }
    if ((BinaryValue ?? StringValue ?? '').length === 0) {
      throw invalid(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    }
    if (DataType === 'Number' && Number.isNaN(Number(StringValue))) {
      throw invalid(`Could not cast message attribute '${name}' value to number.`);
    }
  }
}

function checkBatch(entries: readonly PublishBatchRequestEntry[]): void {
  const ids = entries.map(({ Id = '' }) => Id);
  if (ids.length === 0) {
    throw new AwsError('EmptyBatchRequestException', 'The batch request doesn’t contain any entries.');
  }
  if (ids.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequestException',
      'The batch request contains more entries than permissible (more than 10).',
    );
  }
  if (new Set(ids).size < ids.length) {
    throw new AwsError(
      'BatchEntryIdsNotDistinctException',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id))) {
    throw new AwsError(
      'InvalidBatchEntryIdException',
      'The Id of a batch entry in a batch request doesn’t abide by the specification.',
    );
  }
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > longestMessage) {
    throw new AwsError(
      'BatchRequestTooLongException',
      'The length of all the messages put together is more than the limit.',
    );
  }
}
