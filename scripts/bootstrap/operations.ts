import type { Permission, Reach } from './permission.ts';

type Entry = readonly [operation: string, permissions: readonly Permission[]];

const on = (reach: Reach, ...actions: readonly string[]): readonly Permission[] =>
  actions.map((action) => ({ action, reach }));

/** Operations that take the permission of their own name. */
const same = (service: string, reach: Reach, ...operations: readonly string[]): readonly Entry[] =>
  operations.map((operation) => [`${service}:${operation}`, on(reach, `${service}:${operation}`)]);

/** An operation that makes something with tags takes the permission to tag it, too. */
const making = (service: string, tagging: string, ...operations: readonly string[]): readonly Entry[] =>
  operations.map((operation) => [
    `${service}:${operation}`,
    on('made', `${service}:${operation}`, `${service}:${tagging}`),
  ]);

const passing = on('passed', 'iam:PassRole');

/**
 * What each operation that a command may send takes of who sends it, by the service in IAM's words. An operation is not an
 * action: they differ in name (HeadObject is s3:GetObject), and some operations take several.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const operations: ReadonlyMap<string, readonly Permission[]> = new Map<string, readonly Permission[]>([
  // "No permissions are required to perform this operation."
  ['sts:GetCallerIdentity', []],

  ...same(
    'batch',
    'anywhere',
    ...['DescribeComputeEnvironments', 'DescribeJobDefinitions', 'DescribeJobQueues', 'DescribeJobs'],
    ...['DescribeSchedulingPolicies', 'ListJobs', 'ListSchedulingPolicies'],
  ),
  ...same('batch', 'named', 'GetJobQueueSnapshot', 'SubmitJob'),
  ...same('batch', 'jobs', 'TerminateJob'),
  ...making('batch', 'TagResource', 'CreateComputeEnvironment', 'CreateJobQueue', 'CreateSchedulingPolicy'),
  ['batch:RegisterJobDefinition', [...on('made', 'batch:RegisterJobDefinition', 'batch:TagResource'), ...passing]],
  ...same('batch', 'ours', 'UpdateComputeEnvironment', 'UpdateJobQueue', 'UpdateSchedulingPolicy'),
  ...same('batch', 'ours', 'DeleteComputeEnvironment', 'DeleteJobQueue', 'DeleteSchedulingPolicy'),
  ...same('batch', 'ours', 'DeregisterJobDefinition', 'TagResource', 'UntagResource'),

  ...same('cloudwatch', 'anywhere', 'DescribeAlarms', 'GetMetricData'),
  ...same('cloudwatch', 'named', 'ListTagsForResource'),
  ...making('cloudwatch', 'TagResource', 'PutMetricAlarm'),
  ...same('cloudwatch', 'ours', 'DeleteAlarms'),

  ...same('ecr', 'anywhere', 'DescribeRepositories', 'GetAuthorizationToken'),
  ...same('ecr', 'named', 'GetLifecyclePolicy', 'ListImages', 'ListTagsForResource'),
  ...making('ecr', 'TagResource', 'CreateRepository'),
  ...same(
    'ecr',
    'ours',
    ...['DeleteRepository', 'PutLifecyclePolicy', 'PutImageScanningConfiguration', 'PutImageTagMutability'],
    ...['BatchCheckLayerAvailability', 'BatchDeleteImage', 'CompleteLayerUpload', 'InitiateLayerUpload'],
    ...['PutImage', 'UploadLayerPart'],
  ),

  ...same('events', 'anywhere', 'ListRules'),
  ...same('events', 'named', 'DescribeRule', 'ListTagsForResource', 'ListTargetsByRule'),
  ...making('events', 'TagResource', 'PutRule'),
  ...same('events', 'ours', 'DeleteRule', 'PutTargets', 'RemoveTargets'),

  ...same('iam', 'anywhere', 'GetAccountAuthorizationDetails'),
  ...same('iam', 'named', 'GetRole', 'GetRolePolicy', 'ListAttachedRolePolicies', 'ListRolePolicies'),
  ...same('iam', 'named', 'GetInstanceProfile', 'ListInstanceProfilesForRole'),
  ['iam:CreateRole', [...on('born bounded', 'iam:CreateRole'), ...on('made', 'iam:TagRole')]],
  ...same('iam', 'bounded', 'PutRolePermissionsBoundary', 'PutRolePolicy'),
  // Of its boundary AWS says nothing when it asks who may change whom a role trusts.
  ...same('iam', 'ours', 'UpdateAssumeRolePolicy'),
  ['iam:AttachRolePolicy', on('given', 'iam:AttachRolePolicy')],
  ...same('iam', 'ours', 'DeleteRole', 'DeleteRolePolicy', 'DetachRolePolicy'),
  ...making('iam', 'TagInstanceProfile', 'CreateInstanceProfile'),
  ['iam:AddRoleToInstanceProfile', [...on('ours', 'iam:AddRoleToInstanceProfile'), ...passing]],
  ...same('iam', 'ours', 'DeleteInstanceProfile', 'RemoveRoleFromInstanceProfile'),

  ...same('lambda', 'named', 'GetFunctionConfiguration', 'GetFunctionEventInvokeConfig', 'GetPolicy', 'ListTags'),
  ['lambda:Invoke', on('ours', 'lambda:InvokeFunction')],
  ['lambda:CreateFunction', [...on('made', 'lambda:CreateFunction', 'lambda:TagResource'), ...passing]],
  ['lambda:UpdateFunctionConfiguration', [...on('ours', 'lambda:UpdateFunctionConfiguration'), ...passing]],
  ...same('lambda', 'ours', 'AddPermission', 'RemovePermission', 'PutFunctionEventInvokeConfig'),
  ...same('lambda', 'ours', 'DeleteFunction', 'UpdateFunctionCode'),

  ...same('logs', 'anywhere', 'DescribeLogGroups'),
  ...same('logs', 'logs', 'GetLogEvents'),
  ...same('logs', 'named', 'ListTagsForResource'),
  ...making('logs', 'TagResource', 'CreateLogGroup'),
  ...same('logs', 'ours', 'DeleteLogGroup', 'PutRetentionPolicy'),

  // S3 decides by the tags of a bucket only where that was switched on for it: what is left is its name.
  ['s3:GetBucketEncryption', on('named', 's3:GetEncryptionConfiguration')],
  ['s3:GetBucketLifecycleConfiguration', on('named', 's3:GetLifecycleConfiguration')],
  ['s3:GetPublicAccessBlock', on('named', 's3:GetBucketPublicAccessBlock')],
  ['s3:ListObjectVersions', on('named', 's3:ListBucketVersions')],
  ...same('s3', 'named', 'GetBucketPolicy', 'GetBucketTagging', 'GetBucketVersioning'),
  ['s3:CreateBucket', on('named', 's3:CreateBucket', 's3:TagResource')],
  ['s3:PutBucketEncryption', on('named', 's3:PutEncryptionConfiguration')],
  ['s3:PutBucketLifecycleConfiguration', on('named', 's3:PutLifecycleConfiguration')],
  ['s3:PutPublicAccessBlock', on('named', 's3:PutBucketPublicAccessBlock')],
  ...same('s3', 'named', 'DeleteBucket', 'PutBucketPolicy', 'PutBucketVersioning'),
  // Who may not list a bucket is told 403 instead of 404 of a lease that is not there.
  ['s3:GetObject', [...on('lease', 's3:GetObject'), ...on('state bucket', 's3:ListBucket')]],
  // It is written on condition that it is as it was read, which reads it.
  ['s3:PutObject', on('lease', 's3:PutObject', 's3:GetObject')],
  ['s3:DeleteObject', on('lease', 's3:DeleteObject')],
  // The bucket of the lease is emptied when everything goes. What jobs keep is deleted by hand or not at all.
  ['s3:DeleteObjects', on('state', 's3:DeleteObject', 's3:DeleteObjectVersion')],

  ...same('scheduler', 'anywhere', 'ListSchedules'),
  // A schedule has no tags; that it is ours its group says, which is in its ARN.
  ...same('scheduler', 'named', 'GetSchedule', 'GetScheduleGroup', 'ListTagsForResource', 'DeleteSchedule'),
  ['scheduler:CreateSchedule', [...on('named', 'scheduler:CreateSchedule'), ...passing]],
  ['scheduler:UpdateSchedule', [...on('named', 'scheduler:UpdateSchedule'), ...passing]],
  ...making('scheduler', 'TagResource', 'CreateScheduleGroup'),
  ...same('scheduler', 'ours', 'DeleteScheduleGroup'),

  // What is done to a subscription is allowed on its topic.
  ...same('sns', 'anywhere', 'ListSubscriptions'),
  ...same('sns', 'named', 'GetTopicAttributes', 'GetSubscriptionAttributes'),
  ...same('sns', 'named', 'ListSubscriptionsByTopic', 'ListTagsForResource'),
  ...making('sns', 'TagResource', 'CreateTopic'),
  ...same('sns', 'ours', 'DeleteTopic', 'SetTopicAttributes', 'SetSubscriptionAttributes', 'Subscribe', 'Unsubscribe'),

  ...same('sqs', 'named', 'GetQueueAttributes', 'GetQueueUrl', 'ListQueueTags'),
  ...same('sqs', 'ours', 'ChangeMessageVisibility', 'DeleteMessage', 'ReceiveMessage'),
  ['sqs:ChangeMessageVisibilityBatch', on('ours', 'sqs:ChangeMessageVisibility')],
  ...making('sqs', 'TagQueue', 'CreateQueue'),
  ...same('sqs', 'ours', 'DeleteQueue', 'SetQueueAttributes'),

  ...same('tag', 'anywhere', 'GetResources'),
  // Besides its own permission it takes that of each service whose resources are protected.
  [
    'tag:TagResources',
    [
      ...on('anywhere', 'tag:TagResources'),
      ...on('ours', 'batch:TagResource', 'events:TagResource', 'sns:TagResource'),
      ...on('named', 's3:PutBucketTagging'),
    ],
  ],
  [
    'tag:UntagResources',
    [
      ...on('anywhere', 'tag:UntagResources'),
      ...on('ours', 'batch:UntagResource', 'events:UntagResource', 'sns:UntagResource'),
      ...on('named', 's3:PutBucketTagging'),
    ],
  ],
]);
