import type * as Sqs from '@aws-sdk/client-sqs';
import { arnIn, creating, type Need, type Needs, type Site, tagging } from '../need.ts';

/** A queue's URL ends in its account and its name. */
function queueArn(site: Site, url: string): string {
  const [, account = site.account, name = ''] = /(?:\/([^/]+))?\/([^/]+)\/?$/.exec(url) ?? [];
  return arnIn({ ...site, account }, 'sqs', name);
}

const onQueue =
  (action: string) =>
  ({ QueueUrl }: { readonly QueueUrl: string }, site: Site): readonly Need[] => [
    { action: `sqs:${action}`, resource: queueArn(site, QueueUrl) },
  ];

/** A batch takes the permission of its single call. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqsNeeds: Needs<typeof Sqs> = {
  ChangeMessageVisibility: onQueue('ChangeMessageVisibility'),
  ChangeMessageVisibilityBatch: onQueue('ChangeMessageVisibility'),
  CreateQueue: ({ QueueName, tags }, site) =>
    creating('sqs:CreateQueue', 'sqs:TagQueue', arnIn(site, 'sqs', QueueName), tags),
  DeleteMessage: onQueue('DeleteMessage'),
  DeleteMessageBatch: onQueue('DeleteMessage'),
  DeleteQueue: onQueue('DeleteQueue'),
  GetQueueAttributes: onQueue('GetQueueAttributes'),
  GetQueueUrl: ({ QueueName, QueueOwnerAWSAccountId: account }, site) => [
    { action: 'sqs:GetQueueUrl', resource: arnIn({ ...site, account: account ?? site.account }, 'sqs', QueueName) },
  ],
  ListDeadLetterSourceQueues: onQueue('ListDeadLetterSourceQueues'),
  ListQueueTags: onQueue('ListQueueTags'),
  ListQueues: (_input, site) => [{ action: 'sqs:ListQueues', resource: arnIn(site, 'sqs', '*') }],
  PurgeQueue: onQueue('PurgeQueue'),
  ReceiveMessage: onQueue('ReceiveMessage'),
  SendMessage: onQueue('SendMessage'),
  SendMessageBatch: onQueue('SendMessage'),
  SetQueueAttributes: onQueue('SetQueueAttributes'),
  TagQueue: ({ QueueUrl, Tags }, site) => tagging('sqs:TagQueue', queueArn(site, QueueUrl), Tags),
  UntagQueue: onQueue('UntagQueue'),
};
