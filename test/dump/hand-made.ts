import { Batch } from '@aws-sdk/client-batch';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SNS } from '@aws-sdk/client-sns';

interface Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const account = '000000000000';
const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:${account}:${rest}`;
const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

async function makeQueues(batch: Batch): Promise<void> {
  await batch.createComputeEnvironment({
    computeEnvironmentName: 'Prod_Fargate',
    type: 'MANAGED',
    computeResources: {
      type: 'FARGATE_SPOT',
      maxvCpus: 16,
      subnets: ['subnet-0b', 'subnet-0a'],
      securityGroupIds: ['sg-9'],
    },
    tags: { team: 'feeds' },
  });
  await batch.createComputeEnvironment({
    computeEnvironmentName: 'ec2-gpu',
    type: 'MANAGED',
    computeResources: {
      type: 'EC2',
      minvCpus: 0,
      maxvCpus: 64,
      instanceTypes: ['g5.xlarge'],
      instanceRole: `arn:aws:iam::${account}:instance-profile/ecsInstanceRole`,
      subnets: ['subnet-0a'],
      securityGroupIds: ['sg-9'],
      allocationStrategy: 'BEST_FIT_PROGRESSIVE',
    },
  });
  await batch.createSchedulingPolicy({
    name: 'fair',
    fairsharePolicy: { shareDecaySeconds: 3_600, shareDistribution: [{ shareIdentifier: 'a*', weightFactor: 0.5 }] },
  });
  await batch.createJobQueue({
    jobQueueName: 'Prod_Queue',
    priority: 7,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: arn('batch', 'compute-environment/Prod_Fargate') }],
    jobStateTimeLimitActions: [
      {
        reason: 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
        state: 'RUNNABLE',
        maxTimeSeconds: 5_400,
        action: 'CANCEL',
      },
    ],
  });
  await batch.createJobQueue({
    jobQueueName: 'gpu',
    priority: 1,
    schedulingPolicyArn: arn('batch', 'scheduling-policy/fair'),
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: arn('batch', 'compute-environment/ec2-gpu') }],
  });
}

async function makeDefinitions(batch: Batch): Promise<void> {
  await batch.registerJobDefinition({
    jobDefinitionName: 'import_feed',
    type: 'container',
    platformCapabilities: ['FARGATE'],
    retryStrategy: {
      attempts: 2,
      evaluateOnExit: [
        { onExitCode: '137', action: 'RETRY' },
        { onReason: '*', action: 'EXIT' },
      ],
    },
    timeout: { attemptDurationSeconds: 5_430 },
    containerProperties: {
      image: 'registry.example.com/feeds/import:7',
      // Nothing of config's: the shell's own.
      command: ['sh', '-c', `echo $${'{HOME}'} Ref::page`],
      resourceRequirements: [
        { type: 'VCPU', value: '0.5' },
        { type: 'MEMORY', value: '1024' },
      ],
      environment: [
        { name: 'URL', value: 'https://example.com/feed' },
        { name: 'API_TOKEN', value: 'typed by hand' },
      ],
      executionRoleArn: role('ecsTaskExecutionRole'),
      networkConfiguration: { assignPublicIp: 'ENABLED' },
      linuxParameters: { initProcessEnabled: true },
    },
    parameters: { page: '1' },
  });
  await batch.registerJobDefinition({
    jobDefinitionName: 'train',
    type: 'container',
    containerProperties: {
      image: 'registry.example.com/train:1',
      resourceRequirements: [
        { type: 'VCPU', value: '4' },
        { type: 'MEMORY', value: '15000' },
        { type: 'GPU', value: '1' },
      ],
      ulimits: [{ name: 'nofile', softLimit: 1_024, hardLimit: 4_096 }],
      logConfiguration: { logDriver: 'journald' },
    },
  });
}

async function makeRules(events: EventBridge): Promise<void> {
  await events.putRule({ Name: 'Nightly.Import', ScheduleExpression: 'cron(0 3 * * ? *)', Description: 'every night' });
  await events.putTargets({
    Rule: 'Nightly.Import',
    Targets: [
      {
        Id: 'Id1',
        Arn: arn('lambda', 'function:submit-job'),
        Input: '{"jobName":"Lambda-Broadbean","jobQueue":"Prod_Queue","jobDefinition":"import_feed"}',
      },
    ],
  });
  await events.putRule({
    Name: 'uploads',
    EventPattern: '{"source":["aws.s3"],"detail":{"bucket":{"name":["uploads"]}}}',
    State: 'DISABLED',
  });
  await events.putTargets({
    Rule: 'uploads',
    Targets: [
      {
        Id: 'queue',
        Arn: arn('batch', 'job-queue/Prod_Queue'),
        RoleArn: role('submit'),
        BatchParameters: { JobName: 'upload', JobDefinition: 'import_feed' },
      },
    ],
  });
  // Nothing is invoked by it: config has no word for that.
  await events.putRule({ Name: 'idle', ScheduleExpression: 'rate(1 day)' });
}

/** What somebody once clicked together in the console: with names, roles and a Lambda of their own. */
export async function makeByHand(settings: Settings): Promise<void> {
  const [batch, events, sns] = [new Batch(settings), new EventBridge(settings), new SNS(settings)];
  await makeQueues(batch);
  await makeDefinitions(batch);
  await makeRules(events);
  const { TopicArn } = await sns.createTopic({ Name: 'Feed-Ready', Attributes: { DisplayName: 'Feeds' } });
  await sns.subscribe({ TopicArn, Protocol: 'lambda', Endpoint: arn('lambda', 'function:start-consumer') });
  for (const client of [batch, events, sns]) client.destroy();
}
