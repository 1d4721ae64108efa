import assert from 'node:assert/strict';
import test from 'node:test';
import * as s3 from '@aws-sdk/client-s3';
import { bucketKind } from '../../scripts/kinds/bucket.ts';
import { AwsError } from '../../scripts/local-aws/wire/errors.ts';
import { defineService } from '../../scripts/local-aws/wire/service.ts';
import { awsServing, heardStep } from './served.ts';

const bucket = {
  name: 'unit-feeds',
  protect: false,
  versioning: false,
  encryption: { algorithm: 'AES256', kmsKey: null },
  publicAccessBlocked: true,
  policy: null,
  lifecycle: [],
} as const;

test('a bucket whose name is still being given back, and that is not known everywhere yet, is waited for', async (context) => {
  const refusals = [
    new AwsError('OperationAborted', 'A conflicting conditional operation is currently in progress', 409),
  ];
  const unknown = [new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404)];
  const done: string[] = [];
  const answer = (operation: string, errors: AwsError[] = []) => {
    const error = errors.shift();
    if (error !== undefined) throw error;
    done.push(operation);
    return {};
  };
  const aws = await awsServing(context, {
    s3: () =>
      defineService(
        s3,
        s3.S3Client,
      )({
        CreateBucket: () => answer('create', refusals),
        PutPublicAccessBlock: () => answer('public access', unknown),
        PutBucketEncryption: () => answer('encryption'),
        DeleteBucketPolicy: () => answer('policy'),
        PutBucketVersioning: () => answer('versioning'),
        DeleteBucketLifecycle: () => answer('lifecycle'),
      }),
  });
  const { heard, step } = heardStep();
  await bucketKind(aws).create(bucket, step);
  assert.deepEqual(done, ['create', 'public access', 'encryption', 'policy', 'versioning', 'lifecycle']);
  assert.deepEqual(heard, [
    'bucket "unit-feeds" is busy with another change',
    'bucket "unit-feeds" is not known everywhere yet',
  ]);
});

test('a bucket of somebody else is not waited for', async (context) => {
  const aws = await awsServing(context, {
    s3: () =>
      defineService(
        s3,
        s3.S3Client,
      )({
        CreateBucket: () => {
          throw new AwsError('BucketAlreadyExists', 'The requested bucket name is not available', 409);
        },
      }),
  });
  await assert.rejects(bucketKind(aws).create(bucket, heardStep().step), { name: 'BucketAlreadyExists' });
});
