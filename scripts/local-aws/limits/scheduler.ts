import { type Limits, refuseWith } from '../wire/limits.ts';

const state = { enum: ['ENABLED', 'DISABLED'] };
const clientToken = { min: 1, max: 64, pattern: '^[a-zA-Z0-9-_]+$' };
const scheduleName = { min: 1, max: 64, pattern: '^[0-9a-zA-Z-_.]+$' };
const actionAfterCompletion = { enum: ['NONE', 'DELETE'] };
const kmsKeyArn = {
  min: 1,
  max: 2048,
  pattern: '^arn:aws(-[a-z]+)?:kms:[a-z0-9\\-]+:\\d{12}:(key|alias)\\/[0-9a-zA-Z-_]*$',
};
const groupArn = {
  min: 1,
  max: 1011,
  pattern: '^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\\-]+:\\d{12}:schedule-group\\/[0-9a-zA-Z-_.]+$',
};

/** The API of EventBridge Scheduler: https://docs.aws.amazon.com/scheduler/latest/APIReference/ */
export const schedulerLimits: Limits = {
  refuse: refuseWith('ValidationException'),
  structures: {
    AwsVpcConfiguration: {
      AssignPublicIp: state,
      SecurityGroups: { min: 1, max: 5 },
      'SecurityGroups[]': { min: 1, max: 1000 },
      Subnets: { min: 1, max: 16 },
      'Subnets[]': { min: 1, max: 1000 },
    },
    CapacityProviderStrategyItem: {
      base: { max: 100000 },
      capacityProvider: { min: 1, max: 255 },
      weight: { max: 1000 },
    },
    CreateScheduleGroupInput: {
      ClientToken: clientToken,
      Name: scheduleName,
      Tags: { max: 200 },
    },
    CreateScheduleInput: {
      ActionAfterCompletion: actionAfterCompletion,
      ClientToken: clientToken,
      Description: { max: 512 },
      GroupName: scheduleName,
      KmsKeyArn: kmsKeyArn,
      Name: scheduleName,
      ScheduleExpression: { min: 1, max: 256 },
      ScheduleExpressionTimezone: { min: 1, max: 50 },
      State: state,
    },
    DeadLetterConfig: {
      Arn: { min: 1, max: 1600, pattern: '^arn:aws(-[a-z]+)?:sqs:[a-z0-9\\-]+:\\d{12}:[a-zA-Z0-9\\-_]+$' },
    },
    DeleteScheduleGroupInput: {
      ClientToken: clientToken,
      Name: scheduleName,
    },
    DeleteScheduleInput: {
      ClientToken: clientToken,
      GroupName: scheduleName,
      Name: scheduleName,
    },
    EcsParameters: {
      CapacityProviderStrategy: { max: 6 },
      Group: { min: 1, max: 255 },
      LaunchType: { enum: ['EC2', 'FARGATE', 'EXTERNAL'] },
      PlacementConstraints: { max: 10 },
      PlacementStrategy: { max: 5 },
      PlatformVersion: { min: 1, max: 64 },
      PropagateTags: { enum: ['TASK_DEFINITION'] },
      ReferenceId: { max: 1024 },
      Tags: { max: 50 },
      'Tags[]{key}': { min: 1, max: 128 },
      'Tags[]{}': { min: 1, max: 256 },
      TaskCount: { min: 1, max: 10 },
      TaskDefinitionArn: { min: 1, max: 1600 },
    },
    EventBridgeParameters: {
      DetailType: { min: 1, max: 128 },
      Source: {
        min: 1,
        max: 256,
        pattern: '^(?=[/\\.\\-_A-Za-z0-9]+)((?!aws\\.).*)|(\\$(\\.[\\w_-]+(\\[(\\d+|\\*)\\])*)*)$',
      },
    },
    FlexibleTimeWindow: {
      MaximumWindowInMinutes: { min: 1, max: 1440 },
      Mode: { enum: ['OFF', 'FLEXIBLE'] },
    },
    GetScheduleGroupInput: {
      Name: scheduleName,
    },
    GetScheduleInput: {
      GroupName: scheduleName,
      Name: scheduleName,
    },
    KinesisParameters: {
      PartitionKey: { min: 1, max: 256 },
    },
    ListScheduleGroupsInput: {
      MaxResults: { min: 1, max: 100 },
      NamePrefix: scheduleName,
      NextToken: { min: 1, max: 2048 },
    },
    ListSchedulesInput: {
      GroupName: scheduleName,
      MaxResults: { min: 1, max: 100 },
      NamePrefix: scheduleName,
      NextToken: { min: 1, max: 2048 },
      State: state,
    },
    ListTagsForResourceInput: {
      ResourceArn: groupArn,
    },
    PlacementConstraint: {
      expression: { max: 2000 },
      type: { enum: ['distinctInstance', 'memberOf'] },
    },
    PlacementStrategy: {
      field: { max: 255 },
      type: { enum: ['random', 'spread', 'binpack'] },
    },
    RetryPolicy: {
      MaximumEventAgeInSeconds: { min: 60, max: 86400 },
      MaximumRetryAttempts: { max: 185 },
    },
    SageMakerPipelineParameter: {
      Name: { min: 1, max: 256, pattern: '^[A-Za-z0-9\\-_]*$' },
      Value: { min: 1, max: 1024 },
    },
    SageMakerPipelineParameters: {
      PipelineParameterList: { max: 200 },
    },
    SqsParameters: {
      MessageGroupId: { min: 1, max: 128 },
    },
    Tag: {
      Key: { min: 1, max: 128 },
      Value: { min: 1, max: 256 },
    },
    TagResourceInput: {
      ResourceArn: groupArn,
      Tags: { max: 200 },
    },
    Target: {
      Arn: { min: 1, max: 1600 },
      Input: { min: 1 },
      RoleArn: { min: 1, max: 1600, pattern: '^arn:aws(-[a-z]+)?:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+$' },
    },
    UntagResourceInput: {
      ResourceArn: groupArn,
      TagKeys: { max: 200 },
      'TagKeys[]': { min: 1, max: 128 },
    },
    UpdateScheduleInput: {
      ActionAfterCompletion: actionAfterCompletion,
      ClientToken: clientToken,
      Description: { max: 512 },
      GroupName: scheduleName,
      KmsKeyArn: kmsKeyArn,
      Name: scheduleName,
      ScheduleExpression: { min: 1, max: 256 },
      ScheduleExpressionTimezone: { min: 1, max: 50 },
      State: state,
    },
  },
};
