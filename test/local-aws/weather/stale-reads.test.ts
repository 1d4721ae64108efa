import assert from 'node:assert/strict';
import test from 'node:test';
import {
  BatchClient,
  CreateSchedulingPolicyCommand,
  DescribeSchedulingPoliciesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-batch';
import { DescribeRuleCommand, EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { allowing, stormyAccount, trust } from './stormy-account.ts';

/** What a read answers four times in a row: the wanted part, or the name of its error. */
async function fourTimes(read: () => Promise<unknown>): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (let times = 0; times < 4; times += 1) answers.push(await read().catch(({ name }: Error) => name));
  return answers;
}

test('a role is not found for a moment after it was made, and found after it was deleted', async (t) => {
  const { client } = await stormyAccount(t, { stale: 1 });
  const iam = new IAMClient(client);
  const RoleName = 'job';
  const read = async () => (await iam.send(new GetRoleCommand({ RoleName }))).Role?.RoleName;
  assert.deepEqual(await fourTimes(read), Array(4).fill('NoSuchEntityException'));
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com') }));
  assert.deepEqual(await fourTimes(read), ['NoSuchEntityException', 'NoSuchEntityException', RoleName, RoleName]);
  await iam.send(new DeleteRoleCommand({ RoleName }));
  assert.deepEqual(await fourTimes(read), [RoleName, RoleName, 'NoSuchEntityException', 'NoSuchEntityException']);
});

test('a rule, a topic, a queue and a bucket are for a moment set up as before', async (t) => {
  const { client } = await stormyAccount(t, { stale: 1 });
  const events = new EventBridgeClient(client);
  const sns = new SNSClient(client);
  const sqs = new SQSClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'start' }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'lost' }));
  const Bucket = 'feeds';
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
  const changes: readonly (readonly [set: (value: string) => Promise<unknown>, read: () => Promise<unknown>])[] = [
    [
      (value) => events.send(new PutRuleCommand({ Name: 'r', ScheduleExpression: 'rate(1 day)', Description: value })),
      async () => (await events.send(new DescribeRuleCommand({ Name: 'r' }))).Description,
    ],
    [
      (AttributeValue) =>
        sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'DisplayName', AttributeValue })),
      async () => (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes?.['DisplayName'],
    ],
    [
      (value) =>
        sqs.send(
          new SetQueueAttributesCommand({
            QueueUrl,
            Attributes: { VisibilityTimeout: value === 'Enabled' ? '1' : '2' },
          }),
        ),
      async () => {
        const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] });
        return (await sqs.send(asked)).Attributes?.['VisibilityTimeout'] === '1' ? 'Enabled' : 'Suspended';
      },
    ],
    [
      (value) => {
        const Status = value === 'Enabled' ? 'Enabled' : 'Suspended';
        return s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
      },
      async () => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status,
    ],
  ];
  for (const [set, read] of changes) {
    await set('Enabled');
    assert.equal((await fourTimes(read)).at(-1), 'Enabled');
    await set('Suspended');
    assert.deepEqual(await fourTimes(read), ['Enabled', 'Enabled', 'Suspended', 'Suspended']);
  }
});

test('what Batch describes, and tags, are for a moment as before', async (t) => {
  const { client } = await stormyAccount(t, { stale: 1 });
  const batch = new BatchClient(client);
  const { arn = '' } = await batch.send(new CreateSchedulingPolicyCommand({ name: 'fair', tags: { a: 'old' } }));
  const described = async () =>
    (await batch.send(new DescribeSchedulingPoliciesCommand({ arns: [arn] }))).schedulingPolicies?.[0]?.tags?.['a'];
  const tagged = async () => (await batch.send(new ListTagsForResourceCommand({ resourceArn: arn }))).tags?.['a'];
  assert.deepEqual([await described(), await tagged()], ['old', 'old']);
  await batch.send(new TagResourceCommand({ resourceArn: arn, tags: { a: 'new' } }));
  assert.deepEqual(await fourTimes(described), ['old', 'old', 'new', 'new']);
  assert.deepEqual(await fourTimes(tagged), ['old', 'old', 'new', 'new']);
});

test('objects are as last written, always', async (t) => {
  const { client } = await stormyAccount(t, { stale: 1 });
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const Bucket = 'feeds';
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
  const read = async () => (await s3.send(new GetObjectCommand({ Bucket, Key: 'state' }))).Body?.transformToString();
  const count = async () => (await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount;
  await assert.rejects(read(), { name: 'NoSuchKey' });
  assert.equal(await count(), 0);
  for (const Body of ['first', 'second']) {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'state', Body }));
    assert.equal(await read(), Body);
    assert.equal(await count(), 1);
  }
});

test('an answer is given again only while it was true a few calls ago', async (t) => {
  const { client } = await stormyAccount(t, { stale: 1 });
  const iam = new IAMClient(client);
  const read = async (RoleName: string) => (await iam.send(new GetRoleCommand({ RoleName }))).Role?.RoleName;
  const make = (RoleName: string) =>
    iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com') }));
  await assert.rejects(read('old'), { name: 'NoSuchEntityException' });
  await make('old');
  for (let times = 0; times < 20; times += 1) {
    const PolicyDocument = allowing('s3:GetObject');
    await iam.send(new PutRolePolicyCommand({ RoleName: 'old', PolicyName: `p${times}`, PolicyDocument }));
  }
  assert.equal(await read('old'), 'old');
});

test('what one caller was answered is not given to another', async (t) => {
  const { client } = await stormyAccount(t, { stale: 1 });
  const iam = new IAMClient(client);
  const RoleName = 'job';
  const read = new GetRoleCommand({ RoleName });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com') }));
  await iam.send(read);
  await iam.send(new DeleteRoleCommand({ RoleName }));
  const credentials = { accessKeyId: 'AKIAOTHER', secretAccessKey: 'secret' };
  await assert.rejects(new IAMClient({ ...client, credentials }).send(read), { name: 'NoSuchEntityException' });
  await iam.send(read);
});
