import { type Limits, refuseWith } from '../wire/limits.ts';

const name = { min: 1, max: 255 };
const alarmType = { enum: ['CompositeAlarm', 'MetricAlarm'] };
const scanBy = { enum: ['TimestampDescending', 'TimestampAscending'] };
const namespace = { min: 1, max: 255, pattern: '[^:].*' };
const statistic = { enum: ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] };
const unit = {
  enum: [
    'Seconds',
    'Microseconds',
    'Milliseconds',
    'Bytes',
    'Kilobytes',
    'Megabytes',
    'Gigabytes',
    'Terabytes',
    'Bits',
    'Kilobits',
    'Megabits',
    'Gigabits',
    'Terabits',
    'Percent',
    'Count',
    'Bytes/Second',
    'Kilobytes/Second',
    'Megabytes/Second',
    'Gigabytes/Second',
    'Terabytes/Second',
    'Bits/Second',
    'Kilobits/Second',
    'Megabits/Second',
    'Gigabits/Second',
    'Terabits/Second',
    'Count/Second',
    'None',
  ],
};
const stateValue = { enum: ['OK', 'ALARM', 'INSUFFICIENT_DATA'] };
const longName = { min: 1, max: 1024 };

/** The API of Amazon CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/ */
export const cloudwatchLimits: Limits = {
  refuse: refuseWith('ValidationError'),
  structures: {
    AlarmPromQLCriteria: {
      Query: { min: 1, max: 10000 },
      PendingPeriod: { max: 86400 },
      RecoveryPeriod: { max: 86400 },
    },
    DeleteAlarmsInput: {
      AlarmNames: { max: 100 },
      'AlarmNames[]': name,
    },
    DescribeAlarmHistoryInput: {
      AlarmName: name,
      AlarmContributorId: { min: 1, max: 16 },
      'AlarmTypes[]': alarmType,
      HistoryItemType: {
        enum: ['ConfigurationUpdate', 'StateUpdate', 'Action', 'AlarmContributorStateUpdate', 'AlarmContributorAction'],
      },
      MaxRecords: { min: 1, max: 100 },
      ScanBy: scanBy,
    },
    DescribeAlarmsForMetricInput: {
      MetricName: name,
      Namespace: namespace,
      Statistic: statistic,
      Dimensions: { max: 30 },
      Period: { min: 1 },
      Unit: unit,
    },
    DescribeAlarmsInput: {
      AlarmNames: { max: 100 },
      'AlarmNames[]': name,
      AlarmNamePrefix: name,
      'AlarmTypes[]': alarmType,
      ChildrenOfAlarmName: name,
      ParentsOfAlarmName: name,
      StateValue: stateValue,
      ActionPrefix: longName,
      MaxRecords: { min: 1, max: 100 },
    },
    Dimension: {
      Name: name,
      Value: longName,
    },
    DimensionFilter: {
      Name: name,
      Value: longName,
    },
    DisableAlarmActionsInput: {
      AlarmNames: { max: 100 },
      'AlarmNames[]': name,
    },
    EnableAlarmActionsInput: {
      AlarmNames: { max: 100 },
      'AlarmNames[]': name,
    },
    Entity: {
      KeyAttributes: { min: 2, max: 4 },
      'KeyAttributes{key}': { min: 1, max: 32 },
      'KeyAttributes{}': { min: 1, max: 2048 },
      Attributes: { max: 10 },
      'Attributes{key}': { min: 1, max: 256 },
      'Attributes{}': { min: 1, max: 2048 },
    },
    GetMetricDataInput: {
      ScanBy: scanBy,
    },
    GetMetricStatisticsInput: {
      Namespace: namespace,
      MetricName: name,
      Dimensions: { max: 30 },
      Period: { min: 1 },
      Statistics: { min: 1, max: 5 },
      'Statistics[]': statistic,
      ExtendedStatistics: { min: 1, max: 10 },
      Unit: unit,
    },
    ListMetricsInput: {
      Namespace: namespace,
      MetricName: name,
      Dimensions: { max: 10 },
      RecentlyActive: { enum: ['PT3H'] },
      OwningAccount: name,
    },
    ListTagsForResourceInput: {
      ResourceARN: longName,
    },
    Metric: {
      Namespace: namespace,
      MetricName: name,
      Dimensions: { max: 30 },
    },
    MetricDataQuery: {
      Id: name,
      Expression: { min: 1, max: 2048 },
      Period: { min: 1 },
      AccountId: name,
    },
    MetricDatum: {
      MetricName: name,
      Dimensions: { max: 30 },
      Unit: unit,
      StorageResolution: { min: 1 },
    },
    MetricStat: {
      Period: { min: 1 },
      Unit: unit,
    },
    PutMetricAlarmInput: {
      AlarmName: name,
      AlarmDescription: { max: 1024 },
      OKActions: { max: 5 },
      'OKActions[]': longName,
      AlarmActions: { max: 5 },
      'AlarmActions[]': longName,
      InsufficientDataActions: { max: 5 },
      'InsufficientDataActions[]': longName,
      MetricName: name,
      Namespace: namespace,
      Statistic: statistic,
      Dimensions: { max: 30 },
      Period: { min: 1 },
      Unit: unit,
      EvaluationPeriods: { min: 1 },
      DatapointsToAlarm: { min: 1 },
      ComparisonOperator: {
        enum: [
          'GreaterThanOrEqualToThreshold',
          'GreaterThanThreshold',
          'LessThanThreshold',
          'LessThanOrEqualToThreshold',
          'LessThanLowerOrGreaterThanUpperThreshold',
          'LessThanLowerThreshold',
          'GreaterThanUpperThreshold',
        ],
      },
      TreatMissingData: name,
      EvaluateLowSampleCountPercentile: name,
      ThresholdMetricId: name,
      EvaluationInterval: { min: 10, max: 3600 },
    },
    PutMetricDataInput: {
      Namespace: namespace,
    },
    SetAlarmStateInput: {
      AlarmName: name,
      StateValue: stateValue,
      StateReason: { max: 1023 },
      StateReasonData: { max: 4000 },
    },
    Tag: {
      Key: { min: 1, max: 128 },
      Value: { max: 256 },
    },
    TagResourceInput: {
      ResourceARN: longName,
    },
    UntagResourceInput: {
      ResourceARN: longName,
      'TagKeys[]': { min: 1, max: 128 },
    },
  },
};
