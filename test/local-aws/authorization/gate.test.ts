import assert from 'node:assert/strict';
import test from 'node:test';
import { BatchClient, ListJobsCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { DescribeRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DeleteRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { acting, arn, refused, session } from './acting.ts';

test('each service refuses in its own words and with its own code what no policy allows', async (t) => {
  const { as, client, person } = await acting(t);
  const { QueueUrl } = await client(new SQSClient(person)).send(new CreateQueueCommand({ QueueName: 'q' }));
  const { TopicArn = '' } = await client(new SNSClient(person)).send(new CreateTopicCommand({ Name: 't' }));
  const job = await as('job');
  const batch = client(new BatchClient(job));
  await assert.rejects(batch.send(new SubmitJobCommand({ jobName: 'j', jobQueue: 'feeds', jobDefinition: 'watch' })), {
    name: 'AccessDeniedException',
    message: refused('batch:SubmitJob', arn('batch', 'job-definition/watch')),
  });
  await assert.rejects(batch.send(new ListJobsCommand({ jobQueue: 'feeds' })), {
    message: refused('batch:ListJobs', '*'),
  });
  await assert.rejects(client(new S3Client(job)).send(new GetObjectCommand({ Bucket: 'feeds', Key: 'a/b' })), {
    name: 'AccessDenied',
    message: refused('s3:GetObject', '"arn:aws:s3:::feeds/a/b"'),
  });
  await assert.rejects(client(new SQSClient(job)).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })), {
    name: 'AccessDenied',
    message: refused('sqs:sendmessage', arn('sqs', 'q')),
  });
  await assert.rejects(client(new SNSClient(job)).send(new PublishCommand({ TopicArn, Message: 'x' })), {
    name: 'AuthorizationErrorException',
    message: refused('SNS:Publish', TopicArn),
  });
  await assert.rejects(client(new EventBridgeClient(job)).send(new DescribeRuleCommand({ Name: 'r' })), {
    name: 'AccessDeniedException',
    message: refused('events:DescribeRule', arn('events', 'rule/r')),
  });
  await assert.rejects(client(new IAMClient(job)).send(new GetRoleCommand({ RoleName: 'job' })), {
    name: 'AccessDenied',
    message: refused('iam:GetRole', job.roleArn),
  });
  const caller = await client(new STSClient(job)).send(new GetCallerIdentityCommand({}));
  assert.equal(caller.Arn, session);
});

test('a condition is met by the request or not', async (t) => {
  const { createBucket, as, client } = await acting(t);
  const Bucket = 'feeds';
  await createBucket(Bucket);
  const Condition = { StringLike: { 's3:prefix': 'own/*' } };
  const s3 = client(
    new S3Client(await as('job', { Action: 's3:ListBucket', Resource: 'arn:aws:s3:::feeds', Condition })),
  );
  await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'own/2026' }));
  await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'others/' })), { name: 'AccessDenied' });
  await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket })), { name: 'AccessDenied' });
});

test('credentials end with their hour, and with their role', async (t) => {
  const { account, as, iam, client } = await acting(t);
  const job = await as('job');
  const whoAmI = () => client(new STSClient(job)).send(new GetCallerIdentityCommand({}));
  account.clock.skip(3_599_000);
  await whoAmI();
  account.clock.skip(1_000);
  await assert.rejects(whoAmI(), {
    name: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  });
  await assert.rejects(client(new S3Client(job)).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })), {
    message: 'The provided token has expired.',
  });
  await assert.rejects(client(new BatchClient(job)).send(new ListJobsCommand({})), { name: 'ExpiredTokenException' });
  const gone = await as('gone');
  await iam.send(new DeleteRoleCommand({ RoleName: 'gone' }));
  await assert.rejects(client(new STSClient(gone)).send(new GetCallerIdentityCommand({})), {
    name: 'InvalidClientTokenId',
  });
});
