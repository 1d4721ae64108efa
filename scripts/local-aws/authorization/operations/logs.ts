import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { arnIn, arnOf, type Need, type Needs, requestTags, type Site, tagging } from '../need.ts';

/**
 * Actions on a group and its streams are checked against the ARN of a stream, with an empty name where there is none:
 * policies name the group with `:*`. Only tags are on the group's own ARN.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
const streamArn = (site: Site, group: string, stream = ''): string =>
  `${arnOf(site, 'logs', 'log-group:', group).replace(/:\*$/, '')}:log-stream:${stream}`;

const groupArn = (site: Site, group: string): string => arnIn(site, 'logs', `log-group:${group}`);

const onGroup =
  (action: string) =>
  ({ logGroupName }: { readonly logGroupName: string }, site: Site): readonly Need[] => [
    { action: `logs:${action}`, resource: streamArn(site, logGroupName) },
  ];
const onStream =
  (action: string) =>
  (
    { logGroupName, logStreamName }: { readonly logGroupName: string; readonly logStreamName: string },
    site: Site,
  ): readonly Need[] => [{ action: `logs:${action}`, resource: streamArn(site, logGroupName, logStreamName) }];

/** Reading names its group by name or by ARN. */
interface Reading {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}
const reading = (action: string, { logGroupName, logGroupIdentifier }: Reading, site: Site, stream?: string) => [
  { action: `logs:${action}`, resource: streamArn(site, logGroupIdentifier ?? logGroupName ?? '', stream) },
];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
export const logsNeeds: Needs<typeof Logs> = {
  CreateLogGroup: ({ logGroupName, tags = {} }, site) => [
    { action: 'logs:CreateLogGroup', resource: streamArn(site, logGroupName), context: requestTags(tags) },
    ...(Object.keys(tags).length === 0 ? [] : tagging('logs:TagResource', groupArn(site, logGroupName), tags)),
  ],
  CreateLogStream: onStream('CreateLogStream'),
  DeleteLogGroup: onGroup('DeleteLogGroup'),
  DeleteLogStream: onStream('DeleteLogStream'),
  DeleteRetentionPolicy: onGroup('DeleteRetentionPolicy'),
  DescribeLogGroups: (_input, site) => [{ action: 'logs:DescribeLogGroups', resource: streamArn(site, '') }],
  DescribeLogStreams: (input, site) => reading('DescribeLogStreams', input, site),
  FilterLogEvents: (input, site) => reading('FilterLogEvents', input, site),
  GetLogEvents: (input, site) => reading('GetLogEvents', input, site, input.logStreamName),
  ListTagsForResource: ({ resourceArn }) => [{ action: 'logs:ListTagsForResource', resource: resourceArn }],
  ListTagsLogGroup: onGroup('ListTagsLogGroup'),
  PutLogEvents: onStream('PutLogEvents'),
  PutRetentionPolicy: onGroup('PutRetentionPolicy'),
  TagLogGroup: onGroup('TagLogGroup'),
  TagResource: ({ resourceArn, tags }) => tagging('logs:TagResource', resourceArn, tags),
  UntagLogGroup: onGroup('UntagLogGroup'),
  UntagResource: ({ resourceArn }) => [{ action: 'logs:UntagResource', resource: resourceArn }],
};
