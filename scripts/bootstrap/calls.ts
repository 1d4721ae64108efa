/** Operations by their service, in IAM's words for it. */
export type Calls = Readonly<Record<string, readonly string[]>>;

/**
 * What plan sends, and apply and destroy while they look: it reads, and neither objects nor logs nor secrets, since it may be
 * the code of a pull request that does. A test records it, and wants it to be this, no more and no less.
 */
export const planCalls: Calls = {
  batch: [
    'DescribeComputeEnvironments',
    'DescribeJobDefinitions',
    'DescribeJobQueues',
    'DescribeSchedulingPolicies',
    'ListJobs',
    'ListSchedulingPolicies',
  ],
  cloudwatch: ['DescribeAlarms', 'ListTagsForResource'],
  ecr: ['DescribeRepositories', 'GetLifecyclePolicy', 'ListImages', 'ListTagsForResource'],
  events: ['DescribeRule', 'ListRules', 'ListTagsForResource', 'ListTargetsByRule'],
  iam: [
    'GetAccountAuthorizationDetails',
    'GetRole',
    'ListAttachedRolePolicies',
    'ListInstanceProfilesForRole',
    'ListRolePolicies',
  ],
  lambda: ['GetFunctionConfiguration', 'GetFunctionEventInvokeConfig', 'GetPolicy', 'ListTags'],
  logs: ['DescribeLogGroups', 'ListTagsForResource'],
  s3: [
    'GetBucketEncryption',
    'GetBucketLifecycleConfiguration',
    'GetBucketPolicy',
    'GetBucketTagging',
    'GetBucketVersioning',
    'GetPublicAccessBlock',
    'ListObjectVersions',
  ],
  scheduler: ['GetSchedule', 'GetScheduleGroup', 'ListSchedules', 'ListTagsForResource'],
  sns: ['GetSubscriptionAttributes', 'GetTopicAttributes', 'ListSubscriptionsByTopic', 'ListTagsForResource'],
  sqs: ['GetQueueAttributes', 'GetQueueUrl', 'ListQueueTags'],
  sts: ['GetCallerIdentity'],
  tag: ['GetResources'],
};

/** What apply and destroy send besides. */
export const applyCalls: Calls = {
  batch: [
    'CreateComputeEnvironment',
    'CreateJobQueue',
    'CreateSchedulingPolicy',
    'DeleteComputeEnvironment',
    'DeleteJobQueue',
    'DeleteSchedulingPolicy',
    'DeregisterJobDefinition',
    'RegisterJobDefinition',
    'TagResource',
    'UntagResource',
    'UpdateComputeEnvironment',
    'UpdateJobQueue',
    'UpdateSchedulingPolicy',
  ],
  cloudwatch: ['DeleteAlarms', 'PutMetricAlarm'],
  ecr: [
    'BatchCheckLayerAvailability',
    'BatchDeleteImage',
    'CompleteLayerUpload',
    'CreateRepository',
    'DeleteRepository',
    'InitiateLayerUpload',
    'PutImage',
    'PutImageScanningConfiguration',
    'PutImageTagMutability',
    'PutLifecyclePolicy',
    'UploadLayerPart',
  ],
  events: ['DeleteRule', 'PutRule', 'PutTargets', 'RemoveTargets'],
  iam: [
    'AddRoleToInstanceProfile',
    'AttachRolePolicy',
    'CreateInstanceProfile',
    'CreateRole',
    'DeleteInstanceProfile',
    'DeleteRole',
    'DeleteRolePolicy',
    'DetachRolePolicy',
    'PutRolePermissionsBoundary',
    'PutRolePolicy',
    'RemoveRoleFromInstanceProfile',
    'UpdateAssumeRolePolicy',
  ],
  lambda: [
    'AddPermission',
    'CreateFunction',
    'DeleteFunction',
    'PutFunctionEventInvokeConfig',
    'RemovePermission',
    'UpdateFunctionCode',
    'UpdateFunctionConfiguration',
  ],
  logs: ['CreateLogGroup', 'DeleteLogGroup', 'PutRetentionPolicy'],
  s3: [
    'CreateBucket',
    'DeleteBucket',
    'DeleteObject',
    'DeleteObjects',
    'GetObject',
    'PutBucketEncryption',
    'PutBucketLifecycleConfiguration',
    'PutBucketPolicy',
    'PutBucketVersioning',
    'PutObject',
    'PutPublicAccessBlock',
  ],
  scheduler: ['CreateSchedule', 'CreateScheduleGroup', 'DeleteSchedule', 'DeleteScheduleGroup', 'UpdateSchedule'],
  sns: ['CreateTopic', 'DeleteTopic', 'SetSubscriptionAttributes', 'SetTopicAttributes', 'Subscribe', 'Unsubscribe'],
  sqs: ['CreateQueue', 'DeleteQueue', 'SetQueueAttributes'],
  tag: ['TagResources', 'UntagResources'],
};

/** What plan and apply send only where there is much, or something is late, or AWS is a real one: no recording has it. */
export const seldomCalls: Readonly<Record<'plan' | 'apply', Calls>> = {
  plan: {
    // A role that the listing does not have yet is read part by part.
    iam: ['GetRolePolicy'],
    // Of many topics, subscriptions are read in pages.
    sns: ['ListSubscriptions'],
  },
  apply: {
    // A compute environment goes while jobs are in it.
    batch: ['DescribeJobs'],
    // The embedded AWS takes images without docker.
    ecr: ['GetAuthorizationToken'],
    // Somebody was faster in putting the role into its instance profile.
    iam: ['GetInstanceProfile'],
  },
};

/** What trigger, status and replay send. */
export const operateCalls: Calls = {
  batch: [
    'DescribeComputeEnvironments',
    'DescribeJobQueues',
    'DescribeJobs',
    'GetJobQueueSnapshot',
    'ListJobs',
    'SubmitJob',
    'TerminateJob',
  ],
  cloudwatch: ['DescribeAlarms', 'GetMetricData'],
  events: ['DescribeRule', 'ListTargetsByRule'],
  lambda: ['Invoke'],
  logs: ['GetLogEvents'],
  s3: ['GetBucketTagging'],
  scheduler: ['GetSchedule'],
  sqs: [
    'ChangeMessageVisibility',
    'ChangeMessageVisibilityBatch',
    'DeleteMessage',
    'GetQueueAttributes',
    'GetQueueUrl',
    'ReceiveMessage',
  ],
  sts: ['GetCallerIdentity'],
};
