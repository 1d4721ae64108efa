/** What Batch tells the bus, brought to people by rules, a topic and e-mail, as one account has them. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Batch } from '@aws-sdk/client-batch';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SNS } from '@aws-sdk/client-sns';
import { morning, openAccount } from './account.ts';

const minute = 60_000;
const to = 'ops@example.com';

interface Letter {
  readonly subject: string;
  readonly text: string;
}

async function startAlerts(context: TestContext) {
  const account = await openAccount();
  const clients = {
    batch: new Batch(account.client),
    cloudwatch: new CloudWatch(account.client),
    events: new EventBridge(account.client),
    sns: new SNS(account.client),
  };
  context.after(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await account.close();
  });
  const letters = async (): Promise<readonly Letter[]> => {
    const answer: unknown = await (await fetch(`${account.client.endpoint}/_mailbox`)).json();
    assert.ok(Array.isArray(answer));
    return answer;
  };
  /** A topic whose e-mail is confirmed. */
  const subscribe = async (Attributes: Record<string, string> = {}): Promise<string> => {
    const { TopicArn = '' } = await clients.sns.createTopic({ Name: 'alerts', Attributes });
    await clients.sns.subscribe({ TopicArn, Protocol: 'email', Endpoint: to });
    const [, Token = ''] = /--token (\S+)/.exec((await letters()).at(-1)?.text ?? '') ?? [];
    await clients.sns.confirmSubscription({ TopicArn, Token });
    return TopicArn;
  };
  const received = async () => (await letters()).slice(1).map(({ text }) => text);
  return { ...account, ...clients, subscribe, received, letters };
}

const openToEvents = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Resource: '*' },
  ],
});

test('rules on failed jobs and on blocked queues reach a mailbox, in the words of their transformers', async (context) => {
  const { batch, events, clock, subscribe, received } = await startAlerts(context);
  const Arn = await subscribe({ Policy: openToEvents });
  const rules = {
    failed: { 'detail-type': ['Batch Job State Change'], detail: { status: ['FAILED'] } },
    blocked: { 'detail-type': ['Batch Job Queue Blocked'] },
  };
  for (const [Name, pattern] of Object.entries(rules)) {
    await events.putRule({ Name, EventPattern: JSON.stringify({ source: ['aws.batch'], ...pattern }) });
    const InputTransformer = {
      InputPathsMap: { job: '$.detail.jobName', why: '$.detail.statusReason' },
      InputTemplate: `"${Name}: <job>: <why>"`,
    };
    await events.putTargets({ Rule: Name, Targets: [{ Id: 'alerts', Arn, InputTransformer }] });
  }
  await batch.createComputeEnvironment({
    computeEnvironmentName: 'env',
    type: 'MANAGED',
    computeResources: { type: 'FARGATE', maxvCpus: 1, subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
  });
  const computeEnvironmentOrder = [{ order: 1, computeEnvironment: 'env' }];
  await batch.createJobQueue({ jobQueueName: 'feeds', priority: 1, computeEnvironmentOrder });
  const submit = async (name: string, vcpus: string, memory: string) => {
    const resourceRequirements = [
      { type: 'VCPU' as const, value: vcpus },
      { type: 'MEMORY' as const, value: memory },
    ];
    await batch.registerJobDefinition({
      jobDefinitionName: name,
      type: 'container',
      platformCapabilities: ['FARGATE'],
      containerProperties: {
        image: 'image',
        executionRoleArn: 'arn:aws:iam::123456789012:role/missing',
        resourceRequirements,
      },
    });
    await batch.submitJob({ jobName: name, jobQueue: 'feeds', jobDefinition: name });
    await clock.idle();
  };
  await submit('roleless', '1', '2048');
  await submit('large', '2', '4096');
  const [failed, blocked, ...more] = await received();
  assert.match(failed ?? '', /^"failed: roleless: ECS was unable to assume the role/);
  assert.match(blocked ?? '', /^"blocked: large: MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - /);
  assert.deepEqual(more, []);
});

test('a topic as it was made lets alarms in but no rules', async (context) => {
  const { world, cloudwatch, events, clock, subscribe, received, letters } = await startAlerts(context);
  const TopicArn = await subscribe();
  await events.putRule({ Name: 'all', EventPattern: '{"source":["test"]}' });
  await events.putTargets({ Rule: 'all', Targets: [{ Id: 'alerts', Arn: TopicArn }] });
  const alarm = { Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 0 } as const;
  await cloudwatch.putMetricAlarm({
    ...{ ...alarm, AlarmName: 'not delivered', Namespace: 'AWS/Events', MetricName: 'FailedInvocations' },
    ...{ Dimensions: [{ Name: 'RuleName', Value: 'all' }], AlarmActions: [TopicArn] },
    ...{ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
  });
  world.ports.events.put({ source: 'test', 'detail-type': 'x', resources: [], detail: {} });
  await clock.advanceTo(morning + 5 * minute);
  const [alarmed, ...more] = await received();
  assert.equal(JSON.parse(alarmed ?? '').NewStateValue, 'ALARM');
  assert.equal((await letters()).at(-1)?.subject, 'ALARM: "not delivered" in EU (Frankfurt)');
  assert.deepEqual(more, []);
});
