import { type Limits, refuseWith } from '../wire/limits.ts';

const ruleName = { min: 1, max: 64, pattern: '[\\.\\-_A-Za-z0-9]+' };
const eventBusNameOrArn = {
  min: 1,
  max: 1600,
  pattern: '(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+',
};

/** The API of Amazon EventBridge: https://docs.aws.amazon.com/eventbridge/latest/APIReference/ */
export const eventsLimits: Limits = {
  refuse: refuseWith('ValidationException'),
  structures: {
    DeadLetterConfig: {
      Arn: { min: 1, max: 1600 },
    },
    DeleteRuleRequest: {
      Name: ruleName,
      EventBusName: eventBusNameOrArn,
    },
    DescribeEventBusRequest: {
      Name: eventBusNameOrArn,
    },
    DescribeRuleRequest: {
      Name: ruleName,
      EventBusName: eventBusNameOrArn,
    },
    DisableRuleRequest: {
      Name: ruleName,
      EventBusName: eventBusNameOrArn,
    },
    EnableRuleRequest: {
      Name: ruleName,
      EventBusName: eventBusNameOrArn,
    },
    InputTransformer: {
      InputPathsMap: { max: 100 },
      'InputPathsMap{key}': { min: 1, max: 256, pattern: '[A-Za-z0-9\\_\\-]+' },
      'InputPathsMap{}': { max: 256 },
      InputTemplate: { min: 1, max: 8192 },
    },
    ListRuleNamesByTargetRequest: {
      TargetArn: { min: 1, max: 1600 },
      EventBusName: eventBusNameOrArn,
      NextToken: { min: 1, max: 2048 },
      Limit: { min: 1, max: 100 },
    },
    ListRulesRequest: {
      NamePrefix: ruleName,
      EventBusName: eventBusNameOrArn,
      NextToken: { min: 1, max: 2048 },
      Limit: { min: 1, max: 100 },
    },
    ListTagsForResourceRequest: {
      ResourceARN: { min: 1, max: 1600 },
    },
    ListTargetsByRuleRequest: {
      Rule: ruleName,
      EventBusName: eventBusNameOrArn,
      NextToken: { min: 1, max: 2048 },
      Limit: { min: 1, max: 100 },
    },
    PutEventsRequest: {
      Entries: { min: 1, max: 10 },
      EndpointId: { min: 1, max: 50, pattern: '^[A-Za-z0-9\\-]+[\\.][A-Za-z0-9\\-]+$' },
    },
    PutEventsRequestEntry: {
      'Resources[]': { max: 2048 },
      EventBusName: {
        min: 1,
        max: 1600,
        pattern: '(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[\\.\\-_A-Za-z0-9]+',
      },
      TraceHeader: { min: 1, max: 500 },
    },
    PutRuleRequest: {
      Name: ruleName,
      ScheduleExpression: { max: 256 },
      EventPattern: { max: 4096 },
      State: { enum: ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'] },
      Description: { max: 512 },
      RoleArn: { min: 1, max: 1600 },
      EventBusName: eventBusNameOrArn,
    },
    PutTargetsRequest: {
      Rule: ruleName,
      EventBusName: eventBusNameOrArn,
      Targets: { min: 1, max: 100 },
    },
    RemoveTargetsRequest: {
      Rule: ruleName,
      EventBusName: eventBusNameOrArn,
      Ids: { min: 1, max: 100 },
      'Ids[]': ruleName,
    },
    RetryPolicy: {
      MaximumRetryAttempts: { max: 185 },
      MaximumEventAgeInSeconds: { min: 60, max: 86400 },
    },
    SqsParameters: {
      MessageGroupId: { max: 100 },
    },
    Tag: {
      Key: { min: 1, max: 128 },
      Value: { max: 256 },
    },
    TagResourceRequest: {
      ResourceARN: { min: 1, max: 1600 },
    },
    Target: {
      Id: ruleName,
      Arn: { min: 1, max: 1600 },
      RoleArn: { min: 1, max: 1600 },
      Input: { max: 8192 },
      InputPath: { max: 256 },
    },
    TestEventPatternRequest: {
      EventPattern: { max: 4096 },
    },
    UntagResourceRequest: {
      ResourceARN: { min: 1, max: 1600 },
      'TagKeys[]': { min: 1, max: 128 },
    },
  },
};
