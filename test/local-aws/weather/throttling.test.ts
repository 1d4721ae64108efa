import assert from 'node:assert/strict';
import test from 'node:test';
import { BatchClient, DescribeJobQueuesCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { metBy, stormyAccount } from './stormy-account.ts';

/** Tries again at once, as often as an SDK does by default, and writes down for what it takes each error. */
function impatient() {
  const types: string[] = [];
  const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 });
  return {
    types,
    retryStrategy: {
      acquireInitialRetryToken: async () => token(0),
      refreshRetryTokenForRetry: async (last: { getRetryCount(): number }, { errorType }: { errorType: string }) => {
        types.push(errorType);
        if (errorType === 'CLIENT_ERROR' || types.length > 2) throw new Error('not tried again');
        return token(last.getRetryCount() + 1);
      },
      recordSuccess: () => {},
    },
  };
}

type Settings = Awaited<ReturnType<typeof stormyAccount>>['client'] &
  Pick<ReturnType<typeof impatient>, 'retryStrategy'>;

const services: Readonly<Record<string, (settings: Settings) => Promise<unknown>>> = {
  batch: (settings) => new BatchClient(settings).send(new DescribeJobQueuesCommand({})),
  ecr: (settings) => new ECRClient(settings).send(new DescribeRepositoriesCommand({})),
  events: (settings) => new EventBridgeClient(settings).send(new ListRulesCommand({})),
  iam: (settings) => new IAMClient(settings).send(new ListRolesCommand({})),
  lambda: (settings) => new LambdaClient(settings).send(new ListFunctionsCommand({})),
  logs: (settings) => new CloudWatchLogsClient(settings).send(new DescribeLogGroupsCommand({})),
  monitoring: (settings) => new CloudWatchClient(settings).send(new DescribeAlarmsCommand({})),
  s3: (settings) => new S3Client(settings).send(new ListBucketsCommand({})),
  scheduler: (settings) => new SchedulerClient(settings).send(new ListSchedulesCommand({})),
  sns: (settings) => new SNSClient(settings).send(new ListTopicsCommand({})),
  sqs: (settings) => new SQSClient(settings).send(new ListQueuesCommand({})),
  sts: (settings) => new STSClient(settings).send(new GetCallerIdentityCommand({})),
  tagging: (settings) => new ResourceGroupsTaggingAPIClient(settings).send(new GetResourcesCommand({})),
};

for (const [service, call] of Object.entries(services))
  test(`${service} throttles with an error that SDKs take for throttling, at most twice in a row`, async (t) => {
    const { client } = await stormyAccount(t, { throttled: 1 });
    for (let times = 0; times < 3; times += 1) {
      const { types, retryStrategy } = impatient();
      await call({ ...client, retryStrategy });
      assert.ok(types.length > 0, 'nothing was throttled');
      assert.deepEqual(new Set(types), new Set(['THROTTLING']));
    }
  });

test('a call that was throttled has done nothing, and its repetition does it once', async (t) => {
  const { client } = await stormyAccount(t, { throttled: 0.5, seed: 3 });
  const sns = new SNSClient(client);
  const sqs = new SQSClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const bucket = { Bucket: 'feeds', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } } as const;
  await metBy(() => s3.send(new CreateBucketCommand(bucket)), 2);
  const met: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    met.push(...(await metBy(() => sns.send(new CreateTopicCommand({ Name: name })), 2)));
    met.push(...(await metBy(() => sqs.send(new CreateQueueCommand({ QueueName: name })), 2)));
    met.push(...(await metBy(() => s3.send(new PutObjectCommand({ Bucket: 'feeds', Key: name, Body: name })), 2)));
    await metBy(async () => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'feeds', Key: name }));
      assert.equal(await Body?.transformToString(), name);
    }, 2);
  }
  assert.deepEqual(
    new Set(met),
    new Set([
      'Throttling: Rate exceeded',
      'RequestThrottled: Request is throttled.',
      'SlowDown: Please reduce your request rate.',
    ]),
  );
  await metBy(async () => assert.equal((await sns.send(new ListTopicsCommand({}))).Topics?.length, 6), 2);
  await metBy(async () => assert.equal((await sqs.send(new ListQueuesCommand({}))).QueueUrls?.length, 6), 2);
});

test('the same seed makes the same weather for the same calls, whatever is called in between; another seed another', async (t) => {
  const weatherOf = async (seed: number, others: number): Promise<string[]> => {
    const { client } = await stormyAccount(t, { throttled: 0.3, seed });
    const batch = new BatchClient(client);
    const sts = new STSClient(client);
    const seen: string[] = [];
    for (let at = 0; at < 20; at += 1) {
      const submission = new SubmitJobCommand({ jobName: `job-${at}`, jobQueue: 'none', jobDefinition: 'none' });
      await batch.send(submission).catch(({ name }: Error) => seen.push(name));
      for (let other = 0; other < others; other += 1) await metBy(() => sts.send(new GetCallerIdentityCommand({})), 2);
    }
    return seen;
  };
  const weather = await weatherOf(7, 0);
  assert.deepEqual(new Set(weather), new Set(['TooManyRequestsException', 'ClientException']));
  assert.deepEqual(await weatherOf(7, 2), weather);
  assert.notDeepEqual(await weatherOf(8, 0), weather);
});
