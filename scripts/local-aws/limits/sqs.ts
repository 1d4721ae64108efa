import { AwsError } from '../wire/errors.ts';
import type { Limits, Violation } from '../wire/limits.ts';

/** SQS has a code for what is missing and another for attributes that it does not know. */
function refuseOne([first]: readonly Violation[]): AwsError {
  const member = (first?.path ?? '').replace(/^./, (letter) => letter.toUpperCase());
  return first?.value === undefined
    ? new AwsError('MissingParameter', `The request must contain the parameter ${member}.`)
    : new AwsError('InvalidAttributeName', `Unknown Attribute ${String(first.value)}.`);
}

const queueAttributeName = {
  enum: [
    'All',
    'Policy',
    'VisibilityTimeout',
    'MaximumMessageSize',
    'MessageRetentionPeriod',
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'CreatedTimestamp',
    'LastModifiedTimestamp',
    'QueueArn',
    'ApproximateNumberOfMessagesDelayed',
    'DelaySeconds',
    'ReceiveMessageWaitTimeSeconds',
    'RedrivePolicy',
    'FifoQueue',
    'ContentBasedDeduplication',
    'KmsMasterKeyId',
    'KmsDataKeyReusePeriodSeconds',
    'DeduplicationScope',
    'FifoThroughputLimit',
    'RedriveAllowPolicy',
    'SqsManagedSseEnabled',
  ],
};
const messageSystemAttributeNameForSends = { enum: ['AWSTraceHeader'] };

/** The API of Amazon SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/ */
export const sqsLimits: Limits = {
  refuse: refuseOne,
  structures: {
    CreateQueueRequest: {
      'Attributes{key}': queueAttributeName,
    },
    GetQueueAttributesRequest: {
      'AttributeNames[]': queueAttributeName,
    },
    ReceiveMessageRequest: {
      'AttributeNames[]': queueAttributeName,
      'MessageSystemAttributeNames[]': {
        enum: [
          'All',
          'SenderId',
          'SentTimestamp',
          'ApproximateReceiveCount',
          'ApproximateFirstReceiveTimestamp',
          'SequenceNumber',
          'MessageDeduplicationId',
          'MessageGroupId',
          'AWSTraceHeader',
          'DeadLetterQueueSourceArn',
        ],
      },
    },
    SendMessageBatchRequestEntry: {
      'MessageSystemAttributes{key}': messageSystemAttributeNameForSends,
    },
    SendMessageRequest: {
      'MessageSystemAttributes{key}': messageSystemAttributeNameForSends,
    },
    SetQueueAttributesRequest: {
      'Attributes{key}': queueAttributeName,
    },
  },
};
