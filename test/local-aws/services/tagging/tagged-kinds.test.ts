/** Every kind of resource that carries tags, tagged through its own service and found by the tagging API. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Batch } from '@aws-sdk/client-batch';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { ECR } from '@aws-sdk/client-ecr';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { ResourceGroupsTaggingAPI } from '@aws-sdk/client-resource-groups-tagging-api';
import { S3 } from '@aws-sdk/client-s3';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { openAccount } from '../account.ts';
import { zipOf } from '../lambda/lambda-world.ts';

const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:123456789012:${rest}`;
const Key = 'baton:owner';
const Value = 'feeds/local';
const Tags = [{ Key, Value }];
const tags = { [Key]: Value };
const size = [
  { type: 'VCPU' as const, value: '1' },
  { type: 'MEMORY' as const, value: '2048' },
];

async function open(context: TestContext) {
  const { client, close } = await openAccount();
  const clients = {
    batch: new Batch(client),
    cloudwatch: new CloudWatch(client),
    ecr: new ECR(client),
    events: new EventBridge(client),
    iam: new IAM(client),
    lambda: new Lambda(client),
    logs: new CloudWatchLogs(client),
    s3: new S3({ ...client, forcePathStyle: true }),
    scheduler: new Scheduler(client),
    sns: new SNS(client),
    sqs: new SQS(client),
    tagging: new ResourceGroupsTaggingAPI(client),
  };
  context.after(async () => {
    for (const each of Object.values(clients)) each.destroy();
    await close();
  });
  return clients;
}

type Clients = Awaited<ReturnType<typeof open>>;

interface Kind {
  /** As a filter of GetResources names it. */
  readonly type: string;
  readonly arn: string;
  create(clients: Clients): Promise<unknown>;
  tag(clients: Clients): Promise<unknown>;
  untag(clients: Clients): Promise<unknown>;
}

const batchTags = (resourceArn: string) => ({
  tag: ({ batch }: Clients) => batch.tagResource({ resourceArn, tags }),
  untag: ({ batch }: Clients) => batch.untagResource({ resourceArn, tagKeys: [Key] }),
});
const environment = (batch: Batch) =>
  batch.createComputeEnvironment({
    computeEnvironmentName: 'feeds',
    type: 'MANAGED',
    computeResources: { type: 'FARGATE', maxvCpus: 1, subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
  });

const kinds: readonly Kind[] = [
  {
    type: 'batch:compute-environment',
    arn: arn('batch', 'compute-environment/feeds'),
    create: ({ batch }) => environment(batch),
    ...batchTags(arn('batch', 'compute-environment/feeds')),
  },
  {
    type: 'batch:job-queue',
    arn: arn('batch', 'job-queue/feeds'),
    create: async ({ batch }) => {
      await environment(batch);
      const computeEnvironmentOrder = [{ order: 1, computeEnvironment: 'feeds' }];
      await batch.createJobQueue({ jobQueueName: 'feeds', priority: 1, computeEnvironmentOrder });
    },
    ...batchTags(arn('batch', 'job-queue/feeds')),
  },
  {
    type: 'batch:scheduling-policy',
    arn: arn('batch', 'scheduling-policy/fair'),
    create: ({ batch }) => batch.createSchedulingPolicy({ name: 'fair' }),
    ...batchTags(arn('batch', 'scheduling-policy/fair')),
  },
  {
    type: 'batch:job-definition',
    arn: arn('batch', 'job-definition/feeds:1'),
    create: ({ batch }) =>
      batch.registerJobDefinition({
        jobDefinitionName: 'feeds',
        type: 'container',
        containerProperties: { image: 'image', resourceRequirements: size },
      }),
    ...batchTags(arn('batch', 'job-definition/feeds:1')),
  },
  {
    type: 'cloudwatch:alarm',
    arn: arn('cloudwatch', 'alarm:dead letters'),
    create: ({ cloudwatch }) =>
      cloudwatch.putMetricAlarm({
        ...{ AlarmName: 'dead letters', Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' },
        ...{ Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1, Threshold: 0 },
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    tag: ({ cloudwatch }) => cloudwatch.tagResource({ ResourceARN: arn('cloudwatch', 'alarm:dead letters'), Tags }),
    untag: ({ cloudwatch }) =>
      cloudwatch.untagResource({ ResourceARN: arn('cloudwatch', 'alarm:dead letters'), TagKeys: [Key] }),
  },
  {
    type: 'ecr:repository',
    arn: arn('ecr', 'repository/jobs/watch'),
    create: ({ ecr }) => ecr.createRepository({ repositoryName: 'jobs/watch' }),
    tag: ({ ecr }) => ecr.tagResource({ resourceArn: arn('ecr', 'repository/jobs/watch'), tags: Tags }),
    untag: ({ ecr }) => ecr.untagResource({ resourceArn: arn('ecr', 'repository/jobs/watch'), tagKeys: [Key] }),
  },
  {
    type: 'events:rule',
    arn: arn('events', 'rule/failed'),
    create: ({ events }) => events.putRule({ Name: 'failed', EventPattern: '{"source":["aws.batch"]}' }),
    tag: ({ events }) => events.tagResource({ ResourceARN: arn('events', 'rule/failed'), Tags }),
    untag: ({ events }) => events.untagResource({ ResourceARN: arn('events', 'rule/failed'), TagKeys: [Key] }),
  },
  {
    type: 'lambda:function',
    arn: arn('lambda', 'function:submit'),
    create: async ({ iam, lambda }) => {
      const Statement = [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }];
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      const { Role } = await iam.createRole({ RoleName: 'submit', AssumeRolePolicyDocument });
      await lambda.createFunction({
        ...{ FunctionName: 'submit', Role: Role?.Arn, Handler: 'index.handler', Runtime: 'nodejs24.x' },
        Code: { ZipFile: zipOf('export const handler = () => 1;') },
      });
    },
    tag: ({ lambda }) => lambda.tagResource({ Resource: arn('lambda', 'function:submit'), Tags: tags }),
    untag: ({ lambda }) => lambda.untagResource({ Resource: arn('lambda', 'function:submit'), TagKeys: [Key] }),
  },
  {
    type: 'logs:log-group',
    arn: arn('logs', 'log-group:/baton/jobs'),
    create: ({ logs }) => logs.createLogGroup({ logGroupName: '/baton/jobs' }),
    tag: ({ logs }) => logs.tagResource({ resourceArn: arn('logs', 'log-group:/baton/jobs'), tags }),
    untag: ({ logs }) => logs.untagResource({ resourceArn: arn('logs', 'log-group:/baton/jobs'), tagKeys: [Key] }),
  },
  {
    type: 's3:bucket',
    arn: 'arn:aws:s3:::feeds-bucket',
    create: ({ s3 }) =>
      s3.createBucket({
        Bucket: 'feeds-bucket',
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      }),
    tag: ({ s3 }) => s3.putBucketTagging({ Bucket: 'feeds-bucket', Tagging: { TagSet: Tags } }),
    untag: ({ s3 }) => s3.deleteBucketTagging({ Bucket: 'feeds-bucket' }),
  },
  {
    type: 'scheduler:schedule-group',
    arn: arn('scheduler', 'schedule-group/feeds'),
    create: ({ scheduler }) => scheduler.createScheduleGroup({ Name: 'feeds' }),
    tag: ({ scheduler }) => scheduler.tagResource({ ResourceArn: arn('scheduler', 'schedule-group/feeds'), Tags }),
    untag: ({ scheduler }) =>
      scheduler.untagResource({ ResourceArn: arn('scheduler', 'schedule-group/feeds'), TagKeys: [Key] }),
  },
  {
    type: 'sns:topic',
    arn: arn('sns', 'alerts'),
    create: ({ sns }) => sns.createTopic({ Name: 'alerts' }),
    tag: ({ sns }) => sns.tagResource({ ResourceArn: arn('sns', 'alerts'), Tags }),
    untag: ({ sns }) => sns.untagResource({ ResourceArn: arn('sns', 'alerts'), TagKeys: [Key] }),
  },
  {
    type: 'sqs:queue',
    arn: arn('sqs', 'dead'),
    create: ({ sqs }) => sqs.createQueue({ QueueName: 'dead' }),
    tag: async ({ sqs }) => sqs.tagQueue({ QueueUrl: await urlOf(sqs), Tags: tags }),
    untag: async ({ sqs }) => sqs.untagQueue({ QueueUrl: await urlOf(sqs), TagKeys: [Key] }),
  },
];

const urlOf = async (sqs: SQS): Promise<string> => (await sqs.getQueueUrl({ QueueName: 'dead' })).QueueUrl ?? '';

for (const kind of kinds)
  test(`the tagging API finds a ${kind.type} by its tag, and no longer once that is taken away`, async (context) => {
    const clients = await open(context);
    const found = async () => {
      const TagFilters = [{ Key, Values: [Value] }];
      const input = { TagFilters, ResourceTypeFilters: [kind.type] };
      return (await clients.tagging.getResources(input)).ResourceTagMappingList;
    };
    await kind.create(clients);
    assert.deepEqual(await found(), []);
    await kind.tag(clients);
    assert.deepEqual(await found(), [{ ResourceARN: kind.arn, Tags }]);
    await kind.untag(clients);
    assert.deepEqual(await found(), []);
  });
