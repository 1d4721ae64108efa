import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { PutRuleCommand, type PutRuleCommandInput, PutTargetsCommand, type Target } from '@aws-sdk/client-eventbridge';
import { UpdateScheduleCommand, type UpdateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import type { Aws } from '../../scripts/aws/clients.ts';
import { setProtection } from '../../scripts/aws/ownership.ts';
import { type AlarmSpec, alarmKind } from '../../scripts/kinds/alarm.ts';
import { policy } from '../../scripts/kinds/policy.ts';
import { roleKind } from '../../scripts/kinds/role.ts';
import { type RuleSpec, ruleKind } from '../../scripts/kinds/rule.ts';
import { type ScheduleSpec, scheduleKind } from '../../scripts/kinds/schedule.ts';
import { scheduleGroupKind } from '../../scripts/kinds/schedule-group.ts';
import { account, contract, inRegion, step } from './contract.ts';
import { deadLetterArn, functionArn, withFunction } from './submitter.ts';

const input = { jobName: 'Nightly', jobQueue: 'q', jobDefinition: 'd', event: { id: '<id>', time: '<time>' } };

const rule: RuleSpec = {
  name: 'unit-nightly',
  protect: true,
  description: 'every night',
  expression: 'cron(0 3 * * ? *)',
  pattern: null,
  state: 'ENABLED',
  roleArn: null,
  targets: [
    {
      id: 'schedule-to-batch',
      arn: functionArn,
      input,
      paths: { id: '$.id', time: '$.time' },
      retries: 185,
      maximumAgeSeconds: 21_600,
      deadLetterArn,
      other: {},
    },
  ],
};

type LiveRule = Parameters<ReturnType<typeof ruleKind>['toSpec']>[0];

/** PutRule forgets what it is not told. */
const put =
  (changes: Partial<PutRuleCommandInput>, without?: keyof PutRuleCommandInput) =>
  (aws: Aws, { rule: live }: LiveRule) => {
    const { Name, Description, ScheduleExpression, EventPattern, State } = live;
    const request = { Name, Description, ScheduleExpression, EventPattern, State, ...changes };
    return aws.events.send(new PutRuleCommand({ ...request, ...(without && { [without]: undefined }) }));
  };

const target =
  (change: (target: Target | undefined) => Partial<Target>) =>
  (aws: Aws, { rule: { Name }, targets: [live] }: LiveRule) =>
    aws.events.send(
      new PutTargetsCommand({ Rule: Name, Targets: [{ Id: live?.Id, Arn: live?.Arn, ...live, ...change(live) }] }),
    );

contract('a rule on time', {
  kind: ruleKind,
  desired: rule,
  prepare: withFunction,
  drifts: {
    protect: (aws, { rule: { Arn = '' } }) => setProtection(aws, Arn, false),
    expression: put({ ScheduleExpression: 'rate(1 minute)' }),
    description: put({}, 'Description'),
    state: put({ State: 'DISABLED' }),
    pattern: put({ EventPattern: '{"source":["by.hand"]}' }),
    roleArn: put({ RoleArn: `arn:aws:iam::${account}:role/by-hand` }),
    'targets[again]': (aws, { rule: { Name } }) =>
      aws.events.send(
        new PutTargetsCommand({
          Rule: Name,
          Targets: [{ Id: 'again', Arn: functionArn, Input: '{"jobName":"Twice"}' }],
        }),
      ),
    'targets[schedule-to-batch].input.jobName': target((live) => ({
      InputTransformer: {
        ...live?.InputTransformer,
        InputTemplate: live?.InputTransformer?.InputTemplate?.replace('Nightly', 'Daily'),
      },
    })),
    'targets[schedule-to-batch].paths': target((live) => ({
      InputTransformer: {
        InputPathsMap: { ...live?.InputTransformer?.InputPathsMap, zone: '$.region' },
        InputTemplate: live?.InputTransformer?.InputTemplate,
      },
    })),
    'targets[schedule-to-batch].retries': target(() => ({
      RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 21_600 },
    })),
    'targets[schedule-to-batch].maximumAgeSeconds': target(() => ({ RetryPolicy: { MaximumRetryAttempts: 185 } })),
    'targets[schedule-to-batch].deadLetterArn': target(() => ({ DeadLetterConfig: undefined })),
    'targets[schedule-to-batch].other': target(() => ({ RoleArn: `arn:aws:iam::${account}:role/by-hand` })),
  },
});

const queueArn = inRegion('batch', 'job-queue/q');

contract('a rule on events with a target of another kind', {
  kind: ruleKind,
  desired: {
    ...rule,
    protect: false,
    expression: null,
    pattern: { source: ['aws.s3'], detail: { size: [{ numeric: ['>', 0] }] } },
    state: 'DISABLED',
    targets: [
      {
        id: 'queue',
        arn: queueArn,
        input: null,
        paths: {},
        retries: 0,
        maximumAgeSeconds: 86_400,
        deadLetterArn: null,
        other: {
          RoleArn: `arn:aws:iam::${account}:role/submits`,
          BatchParameters: { JobDefinition: 'd', JobName: 'n', ArrayProperties: { Size: 2 } },
        },
      },
    ],
  },
  prepare: withFunction,
  drifts: {
    'pattern.detail': put({ EventPattern: '{"source":["aws.s3"]}' }),
    'targets[queue].other.BatchParameters.ArrayProperties.Size': target((live) => ({
      BatchParameters: { JobDefinition: 'd', JobName: 'n', ...live?.BatchParameters, ArrayProperties: { Size: 3 } },
    })),
  },
});

const group = { name: 'unit-schedules' };

contract('a schedule group', { kind: scheduleGroupKind, desired: group, drifts: {} });

const schedulerRole = {
  name: 'unit-scheduler',
  trust: policy({ Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' }),
  inline: {},
  managed: [],
};

const schedule: ScheduleSpec = {
  name: 'unit-schedules/unit-morning',
  protect: true,
  description: 'every morning',
  expression: 'cron(30 6 * * ? *)',
  timezone: 'Europe/Berlin',
  startDate: '2099-01-01T00:00:00.000Z',
  endDate: '2099-12-31T00:00:00.000Z',
  state: 'ENABLED',
  flexibleWindow: 15,
  afterCompletion: 'NONE',
  kmsKeyArn: null,
  target: {
    arn: functionArn,
    roleArn: `arn:aws:iam::${account}:role/unit-scheduler`,
    input: { jobName: 'Morning', event: { time: '<aws.scheduler.scheduled-time>' } },
    retries: 185,
    maximumAgeSeconds: 21_600,
    deadLetterArn,
    other: {},
  },
};

type LiveSchedule = Parameters<ReturnType<typeof scheduleKind>['toSpec']>[0];

const changed =
  (changes: (live: LiveSchedule['schedule']) => Partial<UpdateScheduleCommandInput>) =>
  (aws: Aws, { schedule: live }: LiveSchedule) => {
    const { Name, ScheduleExpression, FlexibleTimeWindow, Target } = live;
    const required = { Name, ScheduleExpression, FlexibleTimeWindow, Target };
    return aws.scheduler.send(new UpdateScheduleCommand({ ...live, ...required, ...changes(live) }));
  };
const retargeted = (change: object) =>
  changed(({ Target }) => ({ Target: { Arn: Target?.Arn, RoleArn: Target?.RoleArn, ...Target, ...change } }));

contract('a schedule', {
  kind: scheduleKind,
  desired: schedule,
  untagged: true,
  prepare: async (aws) => {
    await withFunction(aws);
    await roleKind(aws).create(schedulerRole, step);
    await scheduleGroupKind(aws).create(group, step);
  },
  drifts: {
    protect: changed(() => ({ Description: 'every morning' })),
    description: changed(() => ({ Description: '[protected] by hand' })),
    expression: changed(() => ({ ScheduleExpression: 'rate(1 day)' })),
    timezone: changed(() => ({ ScheduleExpressionTimezone: 'Asia/Tokyo' })),
    startDate: changed(() => ({ StartDate: undefined })),
    endDate: changed(() => ({ EndDate: undefined })),
    state: changed(() => ({ State: 'DISABLED' })),
    flexibleWindow: changed(() => ({ FlexibleTimeWindow: { Mode: 'OFF' } })),
    afterCompletion: changed(() => ({ ActionAfterCompletion: 'DELETE' })),
    kmsKeyArn: changed(() => ({ KmsKeyArn: `arn:aws:kms:eu-central-1:${account}:key/by-hand` })),
    'target.input.jobName': retargeted({
      Input: '{"jobName":"Noon","event":{"time":"<aws.scheduler.scheduled-time>"}}',
    }),
    'target.retries': retargeted({ RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 21_600 } }),
    'target.maximumAgeSeconds': retargeted({ RetryPolicy: { MaximumRetryAttempts: 185 } }),
    'target.deadLetterArn': retargeted({ DeadLetterConfig: undefined }),
    'target.other': retargeted({ SqsParameters: { MessageGroupId: 'by-hand' } }),
    'target.arn': retargeted({ Arn: deadLetterArn }),
  },
});

const topicArn = inRegion('sns', 'unit-alerts');

const alarm: AlarmSpec = {
  name: 'unit-dead-letters',
  description: 'something lies there',
  namespace: 'AWS/SQS',
  metric: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: 'unit-undelivered' },
  statistic: 'Maximum',
  periodSeconds: 300,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  threshold: 0,
  comparison: 'GreaterThanThreshold',
  missingData: 'notBreaching',
  actionsEnabled: true,
  onAlarm: [topicArn],
  onOk: [topicArn],
  onInsufficientData: [],
  other: {},
};

type LiveAlarm = Parameters<ReturnType<typeof alarmKind>['toSpec']>[0];
type PutAlarm = ConstructorParameters<typeof PutMetricAlarmCommand>[0];

const tampered = (change: Partial<PutAlarm>) => (aws: Aws, live: LiveAlarm) => {
  const { AlarmName, EvaluationPeriods, ComparisonOperator } = live;
  const required = { AlarmName, EvaluationPeriods, ComparisonOperator };
  return aws.cloudwatch.send(new PutMetricAlarmCommand({ ...live, ...required, ...change }));
};

contract('an alarm', {
  kind: alarmKind,
  desired: alarm,
  drifts: {
    description: tampered({ AlarmDescription: 'by hand' }),
    namespace: tampered({ Namespace: 'AWS/Lambda' }),
    metric: tampered({ MetricName: 'NumberOfMessagesSent' }),
    dimensions: tampered({ Dimensions: [{ Name: 'QueueName', Value: 'another' }] }),
    statistic: tampered({ Statistic: 'Minimum' }),
    periodSeconds: tampered({ Period: 60 }),
    evaluationPeriods: tampered({ EvaluationPeriods: 5 }),
    datapointsToAlarm: tampered({ DatapointsToAlarm: 1 }),
    threshold: tampered({ Threshold: 100 }),
    comparison: tampered({ ComparisonOperator: 'LessThanThreshold' }),
    missingData: tampered({ TreatMissingData: 'breaching' }),
    actionsEnabled: tampered({ ActionsEnabled: false }),
    onAlarm: tampered({ AlarmActions: [] }),
    onOk: tampered({ OKActions: [] }),
    onInsufficientData: tampered({ InsufficientDataActions: [topicArn] }),
    'other.Unit': tampered({ Unit: 'Count' }),
  },
});
