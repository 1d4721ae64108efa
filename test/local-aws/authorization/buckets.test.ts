import assert from 'node:assert/strict';
import test from 'node:test';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { acting, document, refused } from './acting.ts';

test('wildcards in actions and resources allow what they cover, in any case, and an explicit deny wins', async (t) => {
  const { createBucket, as, client } = await acting(t);
  for (const Bucket of ['feeds', 'others']) await createBucket(Bucket);
  const job = await as(
    'job',
    { Action: 'S3:put*', Resource: 'arn:aws:s3:::feeds/new/?.xml' },
    { Action: 's3:*', Resource: 'arn:aws:s3:::feeds*' },
    { Effect: 'Deny', Action: 's3:*Object', Resource: 'arn:aws:s3:::*/secret/*' },
  );
  const own = client(new S3Client(job));
  const put = (Bucket: string, Key: string) => own.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  await put('feeds', 'new/a.xml');
  await put('feeds', 'open/a');
  await assert.rejects(put('others', 'new/a.xml'), { name: 'AccessDenied' });
  await assert.rejects(put('feeds', 'secret/a'), {
    message: refused(
      's3:PutObject',
      '"arn:aws:s3:::feeds/secret/a"',
      'with an explicit deny in an identity-based policy',
    ),
  });
});

test('that an object is not there is told only to those who may list its bucket', async (t) => {
  const { createBucket, as, client } = await acting(t);
  const Bucket = 'feeds';
  await createBucket(Bucket);
  const get = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::feeds/*' };
  const reader = client(new S3Client(await as('job', get)));
  const lister = client(
    new S3Client(await as('lister', get, { Action: 's3:ListBucket', Resource: 'arn:aws:s3:::feeds' })),
  );
  await assert.rejects(lister.send(new GetObjectCommand({ Bucket, Key: 'none' })), { name: 'NoSuchKey' });
  await assert.rejects(reader.send(new GetObjectCommand({ Bucket, Key: 'none' })), {
    message: refused('s3:ListBucket', '"arn:aws:s3:::feeds"'),
  });
});

test('many objects are deleted as far as each may be', async (t) => {
  const { createBucket, as, client } = await acting(t);
  const Bucket = 'feeds';
  await createBucket(Bucket);
  const s3 = client(new S3Client(await as('job', { Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::feeds/own/*' })));
  const Objects = [{ Key: 'own/a' }, { Key: 'others/a' }];
  const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  assert.deepEqual(Deleted, [{ Key: 'own/a' }]);
  assert.deepEqual(
    Errors?.map(({ Key, Code }) => [Key, Code]),
    [['others/a', 'AccessDenied']],
  );
});

test('a policy of a bucket allows a role by name, leaves the account to its roles, and denies everybody', async (t) => {
  const { createBucket, as, client, person } = await acting(t);
  const Bucket = 'feeds';
  const s3 = client(new S3Client(person));
  await createBucket(Bucket);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  const [job, other] = [await as('job'), await as('other', { Action: 's3:*', Resource: '*' })];
  const reading = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::feeds/*' };
  const set = (...statements: readonly object[]) =>
    s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(statements) }));
  const get = (as: typeof job) => client(new S3Client(as)).send(new GetObjectCommand({ Bucket, Key: 'a' }));
  await set({ ...reading, Principal: { AWS: 'arn:aws:iam::123456789012:root' } });
  await assert.rejects(get(job), { name: 'AccessDenied' });
  await set({ ...reading, Principal: { AWS: job.roleArn } });
  await get(job);
  await set({ ...reading, Effect: 'Deny', Principal: '*' });
  await assert.rejects(get(other), /with an explicit deny in a resource-based policy$/);
  // What an SDK says over loopback counts as said over TLS.
  await set({ ...reading, Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  await get(other);
  await set({ ...reading, Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } });
  await assert.rejects(get(other), { name: 'AccessDenied' });
});

test('without a signature only a public object is answered', async (t) => {
  const { createBucket, client, person } = await acting(t);
  const Bucket = 'feeds';
  const s3 = client(new S3Client(person));
  await createBucket(Bucket);
  for (const Key of ['public/a', 'a']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  const Condition = { StringEquals: { 'aws:PrincipalType': 'Anonymous' } };
  const statement = { Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::feeds/public/*', Condition };
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document([statement]) }));
  const status = async (path: string) => (await fetch(`${person.endpoint}/${path}`)).status;
  assert.deepEqual([await status('feeds/public/a'), await status('feeds/a'), await status('feeds')], [200, 403, 403]);
});
