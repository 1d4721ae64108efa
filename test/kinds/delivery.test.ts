import { createHash } from 'node:crypto';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  AddPermissionCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { SetSubscriptionAttributesCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { strToU8, zipSync } from 'fflate';
import type { Aws } from '../../scripts/aws/clients.ts';
import { deadLetterQueueKind } from '../../scripts/kinds/dead-letter-queue.ts';
import { type FunctionSpec, functionKind } from '../../scripts/kinds/function.ts';
import { policy } from '../../scripts/kinds/policy.ts';
import { roleKind } from '../../scripts/kinds/role.ts';
import { scheduleKind } from '../../scripts/kinds/schedule.ts';
import { subscriptionKind } from '../../scripts/kinds/subscription.ts';
import { topicKind } from '../../scripts/kinds/topic.ts';
import { account, contract, inRegion, step } from './contract.ts';

const zipOf = (code: string): Uint8Array => zipSync({ 'index.mjs': strToU8(code) });
const zip = zipOf('export const handler = async () => 1;');
const codeSha256 = createHash('sha256').update(zip).digest('base64');
const zips = new Map([[codeSha256, zip]]);

const deadLetters = {
  name: 'unit-undelivered',
  retentionSeconds: 1_209_600,
  encrypted: true,
  policy: policy({
    Effect: 'Allow',
    Principal: { Service: ['events.amazonaws.com', 'sns.amazonaws.com'] },
    Action: 'sqs:SendMessage',
    Resource: inRegion('sqs', 'unit-undelivered'),
  }),
};
const deadLetterArn = inRegion('sqs', deadLetters.name);

const role = {
  name: 'unit-submitter',
  trust: policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }),
  inline: { grants: policy({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: deadLetterArn }) },
  managed: [],
};

const submitter: FunctionSpec = {
  name: 'unit-submitter',
  codeSha256,
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  roleArn: `arn:aws:iam::${account}:role/${role.name}`,
  memory: 256,
  timeoutSeconds: 60,
  environment: { STATE_BUCKET: 'unit-state' },
  logGroup: '/aws/lambda/unit-submitter',
  asynchronous: { retries: 2, maximumAgeSeconds: 21_600, onFailureArn: deadLetterArn },
  permissions: [
    {
      id: 'schedules',
      principal: 'events.amazonaws.com',
      action: 'lambda:InvokeFunction',
      sourceArn: inRegion('events', 'rule/unit-*'),
      sourceAccount: account,
    },
  ],
};
const functionArn = inRegion('lambda', `function:${submitter.name}`);

async function prepareFunction(aws: Aws): Promise<void> {
  await roleKind(aws).create(role, step);
  await deadLetterQueueKind(aws).create(deadLetters, step);
}

async function withFunction(aws: Aws): Promise<void> {
  await prepareFunction(aws);
  await functionKind(aws, zips).create(submitter, step);
}

const permission = {
  FunctionName: submitter.name,
  Principal: 'events.amazonaws.com',
  Action: 'lambda:InvokeFunction',
};

contract('a function', {
  kind: (aws) => functionKind(aws, zips),
  desired: submitter,
  prepare: prepareFunction,
  drifts: {
    codeSha256: (aws) =>
      aws.lambda.send(
        new UpdateFunctionCodeCommand({
          FunctionName: submitter.name,
          ZipFile: zipOf('export const handler = async () => 2;'),
        }),
      ),
    timeoutSeconds: (aws) =>
      aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: submitter.name, Timeout: 3 })),
    'environment.STATE_BUCKET': (aws) =>
      aws.lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: submitter.name,
          Environment: { Variables: { STATE_BUCKET: 'elsewhere' } },
        }),
      ),
    'asynchronous.onFailureArn': (aws) =>
      aws.lambda.send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: submitter.name,
          MaximumRetryAttempts: 2,
          MaximumEventAgeInSeconds: 21_600,
        }),
      ),
    permissions: (aws) => aws.lambda.send(new AddPermissionCommand({ ...permission, StatementId: 'by-hand' })),
    'permissions[0].sourceArn': async (aws) => {
      await aws.lambda.send(new RemovePermissionCommand({ FunctionName: submitter.name, StatementId: 'schedules' }));
      await aws.lambda.send(
        new AddPermissionCommand({
          ...permission,
          StatementId: 'schedules',
          SourceArn: inRegion('events', 'rule/*'),
          SourceAccount: account,
        }),
      );
    },
  },
});

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
    'policy.Statement[0].Effect': (aws, { arn }) =>
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
        template: '{"jobName":"Nightly","jobQueue":"q","jobDefinition":"d","event":{"id":<id>,"time":<time>}}',
        paths: { id: '$.id', time: '$.time' },
        input: null,
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
    targets: (aws, { rule: { Name } }) =>
      aws.events.send(
        new PutTargetsCommand({
          Rule: Name,
          Targets: [{ Id: 'again', Arn: functionArn, Input: '{"jobName":"Twice"}' }],
        }),
      ),
  },
});
