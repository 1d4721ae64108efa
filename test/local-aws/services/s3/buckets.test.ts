import assert from 'node:assert/strict';
import test from 'node:test';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { taggedResources } from '../../../support/tagged-resources.ts';
import { openAccount } from '../account.ts';
import { bucketFor } from './bucket-fixture.ts';

test('a new bucket is private, encrypted, its owner enforced, and has nothing else', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const access = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
  assert.deepEqual(access.PublicAccessBlockConfiguration, {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  });
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  assert.equal(
    ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    'AES256',
  );
  const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
  assert.deepEqual(OwnershipControls?.Rules, [{ ObjectOwnership: 'BucketOwnerEnforced' }]);
  await assert.rejects(s3.send(new GetBucketTaggingCommand({ Bucket })), { name: 'NoSuchTagSet' });
  await assert.rejects(s3.send(new GetBucketPolicyCommand({ Bucket })), { name: 'NoSuchBucketPolicy' });
  await assert.rejects(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })), {
    name: 'NoSuchLifecycleConfiguration',
  });
});

test('each configuration of a bucket is answered as it was put, and is absent again once deleted', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'team', Value: 'feeds' }] } }));
  assert.deepEqual((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, [{ Key: 'team', Value: 'feeds' }]);
  await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
  await assert.rejects(s3.send(new GetBucketTaggingCommand({ Bucket })), { name: 'NoSuchTagSet' });

  const rule = { ID: 'old', Status: 'Enabled', Filter: { Prefix: 'claims/' }, Expiration: { Days: 30 } } as const;
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }));
  assert.deepEqual((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules, [rule]);
  const rules = [
    {
      ...{ ID: 'cold', Status: 'Enabled' as const, Filter: { Prefix: '' } },
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' as const },
        { Days: 90, StorageClass: 'GLACIER' as const },
      ],
      NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 3 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
    {
      ...{ ID: 'markers', Status: 'Disabled' as const, Expiration: { ExpiredObjectDeleteMarker: true } },
      Filter: { And: { Prefix: 'x/', Tags: [{ Key: 'team', Value: 'feeds' }], ObjectSizeGreaterThan: 1024 } },
    },
  ];
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: rules } }));
  assert.deepEqual((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules, rules);
  await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
  await assert.rejects(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })), {
    name: 'NoSuchLifecycleConfiguration',
  });

  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await assert.rejects(s3.send(new GetPublicAccessBlockCommand({ Bucket })), {
    name: 'NoSuchPublicAccessBlockConfiguration',
  });
  await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
  await assert.rejects(s3.send(new GetBucketOwnershipControlsCommand({ Bucket })), {
    name: 'OwnershipControlsNotFoundError',
  });
  const byKey = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'alias/feeds' },
    BucketKeyEnabled: true,
  };
  const put = { Bucket, ServerSideEncryptionConfiguration: { Rules: [byKey] } };
  await s3.send(new PutBucketEncryptionCommand(put));
  const keyed = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  assert.deepEqual(keyed.ServerSideEncryptionConfiguration?.Rules, [byKey]);
  const kms = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }] };
  await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: kms }));
  const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  assert.deepEqual(encryption.ServerSideEncryptionConfiguration?.Rules, [{ ...kms.Rules[0], BucketKeyEnabled: false }]);
});

test('a policy must be JSON, and may open the bucket to everybody only where public policies are not blocked', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const policy = (Effect: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect, Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}/*` }],
    });
  await assert.rejects(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '{' })), {
    name: 'MalformedPolicy',
    message: 'This policy contains invalid Json',
  });
  await assert.rejects(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy('Allow') })), {
    name: 'AccessDenied',
  });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy('Deny') }));
  await s3.send(
    new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: false } }),
  );
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy('Allow') }));
  assert.equal((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy, policy('Allow'));
  await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
  await assert.rejects(s3.send(new GetBucketPolicyCommand({ Bucket })), { name: 'NoSuchBucketPolicy' });
});

test('a bucket is created with its tags, once, under a name that S3 accepts, in the region of the endpoint', async (t) => {
  const { s3, account } = await bucketFor(t);
  const CreateBucketConfiguration = {
    LocationConstraint: 'eu-central-1' as const,
    Tags: [{ Key: 'baton:owner', Value: 'feeds/local' }],
  };
  await s3.send(new CreateBucketCommand({ Bucket: 'tagged', CreateBucketConfiguration }));
  assert.deepEqual(
    (await s3.send(new GetBucketTaggingCommand({ Bucket: 'tagged' }))).TagSet,
    CreateBucketConfiguration.Tags,
  );
  assert.deepEqual(taggedResources(account.world).find(({ arn }) => arn === 'arn:aws:s3:::tagged')?.tags, {
    'baton:owner': 'feeds/local',
  });
  assert.equal((await s3.send(new GetBucketLocationCommand({ Bucket: 'tagged' }))).LocationConstraint, 'eu-central-1');
  assert.equal((await s3.send(new HeadBucketCommand({ Bucket: 'tagged' }))).BucketRegion, 'eu-central-1');
  await assert.rejects(s3.send(new CreateBucketCommand({ Bucket: 'tagged', CreateBucketConfiguration })), {
    name: 'BucketAlreadyOwnedByYou',
  });
  await assert.rejects(s3.send(new CreateBucketCommand({ Bucket: 'UPPER', CreateBucketConfiguration })), {
    name: 'InvalidBucketName',
  });
  const elsewhere = { LocationConstraint: 'eu-west-1' } as const;
  await assert.rejects(
    s3.send(new CreateBucketCommand({ Bucket: 'elsewhere', CreateBucketConfiguration: elsewhere })),
    { name: 'IllegalLocationConstraintException' },
  );
});

test('in us-east-1 no location is asked for, and creating one’s own bucket again changes nothing', async (t) => {
  const account = await openAccount('us-east-1');
  const s3 = new S3Client(account.client);
  t.after(async () => {
    s3.destroy();
    await account.close();
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'feeds' }));
  await s3.send(new PutObjectCommand({ Bucket: 'feeds', Key: 'a', Body: 'a' }));
  await s3.send(new CreateBucketCommand({ Bucket: 'feeds' }));
  await assert.rejects(s3.send(new DeleteBucketCommand({ Bucket: 'feeds' })), { name: 'BucketNotEmpty' });
  assert.equal((await s3.send(new GetBucketLocationCommand({ Bucket: 'feeds' }))).LocationConstraint, undefined);
});

test('a bucket that is not there, or belongs to an account other than the expected, is refused', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  await assert.rejects(s3.send(new HeadBucketCommand({ Bucket: 'missing' })), { name: 'NotFound' });
  await assert.rejects(s3.send(new GetBucketLocationCommand({ Bucket: 'missing' })), { name: 'NoSuchBucket' });
  await assert.rejects(s3.send(new GetBucketPolicyCommand({ Bucket, ExpectedBucketOwner: '999999999999' })), {
    name: 'AccessDenied',
  });
  await s3.send(new DeleteBucketCommand({ Bucket }));
  await assert.rejects(s3.send(new DeleteBucketCommand({ Bucket })), { name: 'NoSuchBucket' });
});

test('buckets are listed by name, by prefix and in pages', async (t) => {
  const { s3 } = await bucketFor(t);
  for (const Bucket of ['zeta', 'feeds-b', 'feeds-a'])
    await s3.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
    );
  const first = await s3.send(new ListBucketsCommand({ Prefix: 'feeds-', MaxBuckets: 2 }));
  assert.deepEqual(
    first.Buckets?.map(({ Name }) => Name),
    ['feeds-123456789012', 'feeds-a'],
  );
  const second = await s3.send(
    new ListBucketsCommand({ Prefix: 'feeds-', MaxBuckets: 2, ContinuationToken: first.ContinuationToken }),
  );
  assert.deepEqual(
    second.Buckets?.map(({ Name }) => Name),
    ['feeds-b'],
  );
  assert.equal(second.ContinuationToken, undefined);
});
