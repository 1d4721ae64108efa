/** Operations by their service, in IAM's words for it. */
export type Calls = Readonly<Record<string, readonly string[]>>;

/**
 * What plan, `apply`'s first half and all of `destroy`'s looking sends: it reads. A test records it, and wants it to be
 * this, no more and no less.
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
  ecr: ['DescribeRepositories', 'GetLifecyclePolicy', 'ListImages'],
  events: ['DescribeRule', 'ListRules', 'ListTagsForResource', 'ListTargetsByRule'],
  iam: [
    'GetAccountAuthorizationDetails',
    'GetRole',
    'ListAttachedRolePolicies',
    'ListInstanceProfilesForRole',
    'ListRolePolicies',
  ],
  lambda: ['GetFunction', 'GetFunctionEventInvokeConfig', 'GetPolicy'],
  logs: ['DescribeLogGroups'],
  s3: [
    'GetBucketEncryption',
    'GetBucketLifecycleConfiguration',
    'GetBucketPolicy',
    'GetBucketTagging',
    'GetBucketVersioning',
    'GetPublicAccessBlock',
    'ListObjectVersions',
  ],
  scheduler: ['GetSchedule', 'GetScheduleGroup', 'ListSchedules'],
  sns: ['GetSubscriptionAttributes', 'GetTopicAttributes', 'ListSubscriptionsByTopic', 'ListTagsForResource'],
  sqs: ['GetQueueAttributes', 'GetQueueUrl'],
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
    'PutRolePolicy',
    'RemoveRoleFromInstanceProfile',
    'UpdateAssumeRolePolicy',
  ],
  lambda: [
    'AddPermission',
    'CreateFunction',
    'DeleteFunction',
    'GetFunctionConfiguration',
    'PutFunctionEventInvokeConfig',
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
  sns: ['CreateTopic', 'DeleteTopic', 'SetSubscriptionAttributes', 'Subscribe', 'Unsubscribe'],
  sqs: ['CreateQueue', 'DeleteQueue'],
  tag: ['TagResources', 'UntagResources'],
};

/**
 * What plan and apply send only where AWS is not as it mostly is, so that no recording can be held to it.
 */
export const seldomCalls: Readonly<Record<'plan' | 'apply', Calls>> = {
  plan: {},
  apply: {},
};

/** What trigger, status and replay send. */
export const operateCalls: Calls = { batch: ['DescribeJobs'] };
