import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { SetSubscriptionAttributesCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { policy } from '../../scripts/kinds/policy.ts';
import { scheduleKind } from '../../scripts/kinds/schedule.ts';
import { subscriptionKind } from '../../scripts/kinds/subscription.ts';
import { topicKind } from '../../scripts/kinds/topic.ts';
import { contract, inRegion, step } from './contract.ts';
import { deadLetterArn, functionArn, withFunction } from './submitter.ts';

const topic = {
  name: 'unit-changed',
  policy: policy({
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sns:Publish',
    Resource: inRegion('sns', 'unit-changed'),
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }),
};

contract('a topic', {
  kind: topicKind,
  desired: topic,
  drifts: {
    'policy.Statement[TlsOnly].Effect': (aws, { arn }) =>
      aws.sns.send(
        new SetTopicAttributesCommand({
          TopicArn: arn,
          AttributeName: 'Policy',
          AttributeValue: JSON.stringify(topic.policy).replace('Deny', 'Allow'),
        }),
      ),
  },
});

contract('a subscription', {
  untagged: true,
  kind: subscriptionKind,
  desired: {
    name: 'unit-changed/unit-submitter',
    topicArn: inRegion('sns', topic.name),
    functionArn,
    deadLetterArn,
    filter: null,
  },
  prepare: async (aws) => {
    await withFunction(aws);
    await topicKind(aws).create(topic, step);
  },
  drifts: {
    deadLetterArn: (aws, { arn }) =>
      aws.sns.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: arn,
          AttributeName: 'RedrivePolicy',
        }),
      ),
    filter: (aws, { arn }) =>
      aws.sns.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: arn,
          AttributeName: 'FilterPolicy',
          AttributeValue: '{"store":["example"]}',
        }),
      ),
  },
});

contract('a schedule', {
  kind: scheduleKind,
  desired: {
    name: 'unit-nightly',
    description: 'every night',
    expression: 'cron(0 3 * * ? *)',
    state: 'ENABLED',
    targets: [
      {
        id: 'schedule-to-batch',
        arn: functionArn,
        input: {
          jobName: 'Nightly',
          jobQueue: 'q',
          jobDefinition: 'd',
          event: { id: '<id>', time: '<time>' },
        },
        paths: { id: '$.id', time: '$.time' },
        retries: 185,
        maximumAgeSeconds: 21_600,
        deadLetterArn,
      },
    ],
  },
  prepare: withFunction,
  drifts: {
    expression: (aws, { rule: { Name, Description } }) =>
      aws.events.send(
        new PutRuleCommand({ Name, Description, ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' }),
      ),
    // PutRule forgets what it is not told.
    description: (aws, { rule: { Name } }) =>
      aws.events.send(new PutRuleCommand({ Name, ScheduleExpression: 'cron(0 3 * * ? *)', State: 'ENABLED' })),
    state: (aws, { rule: { Name, Description } }) =>
      aws.events.send(
        new PutRuleCommand({ Name, Description, ScheduleExpression: 'cron(0 3 * * ? *)', State: 'DISABLED' }),
      ),
    'targets[again]': (aws, { rule: { Name } }) =>
      aws.events.send(
        new PutTargetsCommand({
          Rule: Name,
          Targets: [{ Id: 'again', Arn: functionArn, Input: '{"jobName":"Twice"}' }],
        }),
      ),
    'targets[schedule-to-batch].input.jobName': (aws, { rule: { Name }, targets: [target] }) =>
      aws.events.send(
        new PutTargetsCommand({
          Rule: Name,
          Targets: [
            {
              ...target,
              Id: target?.Id,
              Arn: target?.Arn,
              InputTransformer: {
                ...target?.InputTransformer,
                InputTemplate: target?.InputTransformer?.InputTemplate?.replace('Nightly', 'Daily'),
              },
            },
          ],
        }),
      ),
  },
});
