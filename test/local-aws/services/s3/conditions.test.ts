import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import test from 'node:test';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { morning } from '../account.ts';
import { bucketFor } from './bucket-fixture.ts';

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

test('a conditional read answers 304 for what the reader has and 412 for what it does not expect', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }));
  const before = new Date(morning - 1000);
  const since = new Date(morning);
  const cases = [
    [{ IfNoneMatch: ETag }, 304],
    [{ IfNoneMatch: '*' }, 304],
    [{ IfNoneMatch: '"other"' }, 200],
    [{ IfMatch: ETag }, 200],
    [{ IfMatch: '"other"' }, 412],
    [{ IfModifiedSince: since }, 304],
    [{ IfModifiedSince: before }, 200],
    [{ IfUnmodifiedSince: before }, 412],
    [{ IfUnmodifiedSince: since }, 200],
    [{ IfMatch: ETag, IfUnmodifiedSince: before }, 200],
    [{ IfNoneMatch: '"other"', IfModifiedSince: since }, 200],
  ] as const;
  for (const [conditions, status] of cases)
    for (const read of [
      () => s3.send(new GetObjectCommand({ Bucket, Key: 'a', ...conditions })),
      () => s3.send(new HeadObjectCommand({ Bucket, Key: 'a', ...conditions })),
    ]) {
      const found = await read().then(
        () => 200,
        (error: unknown) => statusOf(error),
      );
      assert.equal(found, status, JSON.stringify(conditions));
    }
});

test('a write on condition that nothing is there, or that a certain version is, fails with 412 or 404 otherwise', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const put = (conditions: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'state', Body: 'x', ...conditions }));
  await assert.rejects(put({ IfMatch: '"any"' }), { name: 'NoSuchKey' });
  const first = await put({ IfNoneMatch: '*' });
  await assert.rejects(put({ IfNoneMatch: '*' }), { name: 'PreconditionFailed', Condition: 'If-None-Match' });
  await assert.rejects(put({ IfMatch: '"stale"' }), { name: 'PreconditionFailed', Condition: 'If-Match' });
  await assert.rejects(put({ IfNoneMatch: first.ETag }), { name: 'NotImplemented' });
  await put({ IfMatch: first.ETag });
  const remove = (IfMatch: string) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'state', IfMatch }));
  await assert.rejects(remove('"stale"'), { name: 'PreconditionFailed' });
  await remove('*');
  await assert.rejects(remove('*'), { name: 'NoSuchKey' });
});

test('of many writers who claim the same key at once exactly one wins', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const claims = Array.from({ length: 40 }, (_, i) =>
    s3.send(new PutObjectCommand({ Bucket, Key: 'claim', Body: `writer ${i}`, IfNoneMatch: '*' })),
  );
  const outcomes = await Promise.allSettled(claims);
  const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled');
  const losers = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [statusOf(outcome.reason)] : []));
  assert.deepEqual(
    losers,
    Array.from({ length: 39 }, () => 412),
  );
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'claim' }));
  assert.equal(await Body?.transformToString(), `writer ${winner}`);
});

test('of many writers who replace the same version at once exactly one wins', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'state', Body: 'old' }));
  const outcomes = await Promise.allSettled(
    Array.from({ length: 40 }, (_, i) =>
      s3.send(new PutObjectCommand({ Bucket, Key: 'state', Body: `new ${i}`, IfMatch: ETag })),
    ),
  );
  assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
});

test('a conditional write whose key is deleted while its bytes arrive is a conflict, to be tried again', async (t) => {
  const { account, s3, Bucket } = await bucketFor(t);
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'state', Body: 'old' }));
  const body = new PassThrough();
  const slow = s3.send(
    new PutObjectCommand({ Bucket, Key: 'state', Body: body, ContentLength: 200_000, IfMatch: ETag }),
  );
  const refused = assert.rejects(slow, { name: 'ConditionalRequestConflict' });
  body.write(Buffer.alloc(100_000));
  const incoming = join(account.world.directory, 's3', 'incoming');
  while ((await readdir(incoming)).length === 0) await s3.send(new HeadObjectCommand({ Bucket, Key: 'state' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'state' }));
  body.end(Buffer.alloc(100_000));
  await refused;
  await assert.rejects(s3.send(new HeadObjectCommand({ Bucket, Key: 'state' })), { name: 'NotFound' });
});
