import { type Limits, refuseWith } from '../wire/limits.ts';

const logGroupName = { min: 1, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' };
const tagKey = { min: 1, max: 128, pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$' };
const tagValue = { max: 256, pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$' };
const logGroupClass = { enum: ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'] };
const logGroupIdentifier = { min: 1, max: 2048, pattern: '[\\w#+=/:,.@-]*' };
const logStreamName = { min: 1, max: 512, pattern: '[^:*]*' };
const amazonResourceName = { min: 1, max: 1011, pattern: '[\\w+=/:,.@-]*' };

/** The API of CloudWatch Logs: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ */
export const logsLimits: Limits = {
  refuse: refuseWith('InvalidParameterException'),
  structures: {
    CreateLogGroupRequest: {
      logGroupName,
      kmsKeyId: { max: 256 },
      tags: { min: 1, max: 50 },
      'tags{key}': tagKey,
      'tags{}': tagValue,
      logGroupClass,
    },
    CreateLogStreamRequest: {
      logGroupName,
      logStreamName,
    },
    DeleteLogGroupRequest: {
      logGroupName,
    },
    DeleteLogStreamRequest: {
      logGroupName,
      logStreamName,
    },
    DeleteRetentionPolicyRequest: {
      logGroupName,
    },
    DescribeLogGroupsRequest: {
      accountIdentifiers: { max: 20 },
      'accountIdentifiers[]': { min: 12, max: 12, pattern: '^\\d{12}$' },
      logGroupNamePrefix: logGroupName,
      logGroupNamePattern: { max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]*' },
      nextToken: { min: 1 },
      limit: { min: 1, max: 50 },
      logGroupClass,
      logGroupIdentifiers: { min: 1, max: 50 },
      'logGroupIdentifiers[]': logGroupIdentifier,
    },
    DescribeLogStreamsRequest: {
      logGroupName,
      logGroupIdentifier,
      logStreamNamePrefix: logStreamName,
      orderBy: { enum: ['LogStreamName', 'LastEventTime'] },
      nextToken: { min: 1 },
      limit: { min: 1, max: 50 },
    },
    FilterLogEventsRequest: {
      logGroupName,
      logGroupIdentifier,
      logStreamNames: { min: 1, max: 100 },
      'logStreamNames[]': logStreamName,
      logStreamNamePrefix: logStreamName,
      filterPattern: { max: 1024 },
      nextToken: { min: 1 },
      limit: { min: 1, max: 10000 },
    },
    GetLogEventsRequest: {
      logGroupName,
      logGroupIdentifier,
      logStreamName,
      nextToken: { min: 1 },
      limit: { min: 1, max: 10000 },
    },
    InputLogEvent: {
      message: { min: 1 },
    },
    ListTagsForResourceRequest: {
      resourceArn: amazonResourceName,
    },
    ListTagsLogGroupRequest: {
      logGroupName,
    },
    PutLogEventsRequest: {
      logGroupName,
      logStreamName,
      logEvents: { min: 1, max: 10000 },
      sequenceToken: { min: 1 },
    },
    PutRetentionPolicyRequest: {
      logGroupName,
    },
    TagLogGroupRequest: {
      logGroupName,
      tags: { min: 1, max: 50 },
      'tags{key}': tagKey,
      'tags{}': tagValue,
    },
    TagResourceRequest: {
      resourceArn: amazonResourceName,
      tags: { min: 1, max: 50 },
      'tags{key}': tagKey,
      'tags{}': tagValue,
    },
    UntagLogGroupRequest: {
      logGroupName,
      tags: { min: 1 },
      'tags[]': tagKey,
    },
    UntagResourceRequest: {
      resourceArn: amazonResourceName,
      tagKeys: { max: 50 },
      'tagKeys[]': tagKey,
    },
  },
};
