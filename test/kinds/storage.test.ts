import assert from 'node:assert/strict';
import test from 'node:test';
import { PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteLifecyclePolicyCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import {
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { setProtection } from '../../scripts/aws/ownership.ts';
import { oneLayerImage } from '../../scripts/build/one-layer-image.ts';
import { bucketKind } from '../../scripts/kinds/bucket.ts';
import { deadLetterQueueKind } from '../../scripts/kinds/dead-letter-queue.ts';
import { type Images, imageKind } from '../../scripts/kinds/image.ts';
import { logGroupKind } from '../../scripts/kinds/log-group.ts';
import { policy } from '../../scripts/kinds/policy.ts';
import { keepLast, repositoryKind } from '../../scripts/kinds/repository.ts';
import { contract, inRegion, step } from './contract.ts';
import { withLocalAws } from './with-local-aws.ts';

contract('a bucket', {
  kind: bucketKind,
  desired: {
    name: 'unit-feeds-123456789012-eu-central-1',
    protect: false,
    versioning: true,
    encryption: { algorithm: 'aws:kms', kmsKey: 'arn:aws:kms:eu-central-1:123456789012:key/unit' },
    publicAccessBlocked: true,
    policy: policy({
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [
        'arn:aws:s3:::unit-feeds-123456789012-eu-central-1',
        'arn:aws:s3:::unit-feeds-123456789012-eu-central-1/*',
      ],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    lifecycle: [
      {
        prefix: '',
        expireDays: null,
        expireNoncurrentDays: 30,
        transitions: [
          { days: 30, storageClass: 'STANDARD_IA' },
          { days: 90, storageClass: 'GLACIER' },
        ],
        abortUploadDays: 7,
        other: {},
      },
      {
        prefix: 'claims/',
        expireDays: 30,
        expireNoncurrentDays: null,
        transitions: [],
        abortUploadDays: null,
        other: {},
      },
    ],
  },
  drifts: {
    protect: (aws, { name }) => setProtection(aws, `arn:aws:s3:::${name}`, true),
    lifecycle: (aws, { name }) => aws.s3.send(new DeleteBucketLifecycleCommand({ Bucket: name })),
    'lifecycle[': (aws, { name }) =>
      aws.s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: name,
          LifecycleConfiguration: {
            Rules: [
              {
                ID: 'by-hand',
                Status: 'Enabled',
                Filter: { And: { Prefix: '', ObjectSizeGreaterThan: 1_000_000 } },
                Expiration: { Days: 1 },
              },
            ],
          },
        }),
      ),
    policy: (aws, { name }) => aws.s3.send(new DeleteBucketPolicyCommand({ Bucket: name })),
    publicAccessBlocked: (aws, { name }) => aws.s3.send(new DeletePublicAccessBlockCommand({ Bucket: name })),
    encryption: (aws, { name }) =>
      aws.s3.send(
        new PutBucketEncryptionCommand({
          Bucket: name,
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
          },
        }),
      ),
    versioning: (aws, { name }) =>
      aws.s3.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: 'Suspended' } })),
  },
});

test('a dead-letter queue tells how many messages would be lost with it', () =>
  withLocalAws(async (aws) => {
    const kind = deadLetterQueueKind(aws);
    await kind.create({ name: 'unit-dead', retentionSeconds: 1_209_600, encrypted: true, policy: null }, step);
    const loss = async () => {
      const [observed] = (await kind.list(['unit-dead'])).observed;
      assert.ok(observed);
      return kind.lossOf?.(observed.live);
    };
    assert.equal(await loss(), undefined);
    const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: 'unit-dead' }));
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'lost' }));
    assert.deepEqual(await loss(), { what: '1 message in it', permit: 'objects' });
  }));

contract('a repository', {
  kind: repositoryKind,
  desired: { name: 'unit/jobs/watcher', tags: 'IMMUTABLE', scanOnPush: true, lifecycle: keepLast(100) },
  drifts: {
    tags: (aws, { repository: { repositoryName } }) =>
      aws.ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'MUTABLE' })),
    scanOnPush: (aws, { repository: { repositoryName } }) =>
      aws.ecr.send(
        new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration: { scanOnPush: false } }),
      ),
    lifecycle: (aws, { repository: { repositoryName } }) =>
      aws.ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName })),
  },
});

contract('a repository that keeps all images', {
  kind: repositoryKind,
  desired: { name: 'unit/jobs/watcher', tags: 'MUTABLE', scanOnPush: false, lifecycle: null },
  drifts: {
    lifecycle: (aws, { repository: { repositoryName } }) =>
      aws.ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: JSON.stringify(keepLast(1)) })),
  },
});

contract('a log group', {
  kind: logGroupKind,
  desired: { name: '/aws/batch/unit', retentionDays: 90 },
  drifts: {
    retentionDays: (aws, { logGroupName }) =>
      aws.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 })),
  },
});

const deadLetters = inRegion('sqs', 'unit-undelivered');

contract('a dead-letter queue', {
  kind: deadLetterQueueKind,
  desired: {
    name: 'unit-undelivered',
    retentionSeconds: 1_209_600,
    encrypted: true,
    policy: policy({
      Sid: 'Deliver',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: deadLetters,
      Condition: { ArnLike: { 'aws:SourceArn': inRegion('events', 'rule/unit-*') } },
    }),
  },
  drifts: {
    retentionSeconds: (aws, { url }) =>
      aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { MessageRetentionPeriod: '60' } })),
    policy: (aws, { url }) =>
      aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy: '' } })),
    encrypted: (aws, { url }) =>
      aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { SqsManagedSseEnabled: 'false' } })),
  },
});

contract('a dead-letter queue without a policy', {
  kind: deadLetterQueueKind,
  desired: { name: 'unit-failed', retentionSeconds: 1_209_600, encrypted: true, policy: null },
  drifts: {
    policy: (aws, { url }) =>
      aws.sqs.send(
        new SetQueueAttributesCommand({
          QueueUrl: url,
          Attributes: {
            Policy: JSON.stringify(
              policy({ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: inRegion('sqs', 'unit-failed') }),
            ),
          },
        }),
      ),
  },
});

const repository = { name: 'unit/jobs/watcher', tags: 'IMMUTABLE', scanOnPush: true, lifecycle: null } as const;
const files = new Map([['main.mjs', { content: new TextEncoder().encode('console.log(1);'), executable: false }]]);
const images: Images = new Map([
  [
    'unit/jobs/watcher:0123456789abcdef',
    {
      dockerfile: 'FROM node:24-slim',
      files,
      platform: 'linux/amd64',
      layer: () => oneLayerImage(files, { entrypoint: ['node', '/app/main.mjs'], environment: [] }, {}),
    },
  ],
]);

contract('an image', {
  kind: (aws) => imageKind(aws, images),
  desired: { name: 'unit/jobs/watcher:0123456789abcdef' },
  prepare: (aws) => repositoryKind(aws).create(repository, step),
  drifts: {},
  foundByName: true,
});
