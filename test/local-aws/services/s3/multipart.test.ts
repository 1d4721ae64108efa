import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import test from 'node:test';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { type BucketFixture, bucketFor } from './bucket-fixture.ts';

const mebibyte = 1024 * 1024;
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function begin({ s3, Bucket }: BucketFixture, Key = 'big') {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, Metadata: { a: '1' } }));
  const part = async (PartNumber: number, Body: Uint8Array) => {
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    return { PartNumber, ETag };
  };
  const complete = (Parts: { PartNumber: number; ETag: string | undefined }[], conditions = {}) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...conditions }));
  return { UploadId, part, complete };
}

test('an upload with checksums of its parts demands them at the end and answers a checksum of checksums', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const about = { Bucket, Key: 'composite' };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...about, ChecksumAlgorithm: 'CRC32' }));
  const { ETag, ChecksumCRC32 } = await s3.send(
    new UploadPartCommand({ ...about, UploadId, PartNumber: 1, Body: '123456789' }),
  );
  assert.equal(ChecksumCRC32, 'y/Q5Jg==');
  const complete = (checksum: object) =>
    s3.send(
      new CompleteMultipartUploadCommand({
        ...{ ...about, UploadId },
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ...checksum }] },
      }),
    );
  await assert.rejects(complete({}), { name: 'InvalidRequest' });
  await assert.rejects(complete({ ChecksumCRC32: 'AAAAAA==' }), { name: 'InvalidPart' });
  const done = await complete({ ChecksumCRC32 });
  assert.deepEqual([done.ChecksumType, done.ChecksumCRC32], ['COMPOSITE', '7kxlUA==-1']);
});

test('parts in any order of arrival become one object in the order of their numbers', async (t) => {
  const fixture = await bucketFor(t);
  const { s3, Bucket } = fixture;
  const [first, second] = [randomBytes(5 * mebibyte), randomBytes(1000)];
  const { part, complete, UploadId } = await begin(fixture);
  const two = await part(2, second);
  await part(1, Buffer.from('replaced by the next part of this number'));
  const one = await part(1, first);
  await part(7, Buffer.from('uploaded, but not named'));
  const { Parts } = await s3.send(new ListPartsCommand({ Bucket, Key: 'big', UploadId }));
  assert.deepEqual(
    Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
    [
      [1, first.length],
      [2, 1000],
      [7, 23],
    ],
  );
  const done = await complete([one, two]);
  const etag = createHash('md5').update(md5(first)).update(md5(second)).digest('hex');
  assert.equal(done.ETag, `"${etag}-2"`);
  const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
  assert.equal(sha256((await Body?.transformToByteArray()) ?? Buffer.alloc(0)), sha256(Buffer.concat([first, second])));
  assert.deepEqual(Metadata, { a: '1' });
  const across = await s3.send(
    new GetObjectCommand({ Bucket, Key: 'big', Range: `bytes=${first.length - 2}-${first.length + 1}` }),
  );
  const expected = Buffer.concat([first.subarray(-2), second.subarray(0, 2)]);
  assert.deepEqual(Buffer.from((await across.Body?.transformToByteArray()) ?? []), expected);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'big', PartNumber: 2 }));
  assert.deepEqual([head.PartsCount, head.ContentLength], [2, 1000]);
  const files = await readdir(join(fixture.account.world.directory, 's3', 'bodies'));
  assert.equal(files.length, 2);
});

test('what is wrong with a list of parts is said, and the upload stays open', async (t) => {
  const fixture = await bucketFor(t);
  const { s3, Bucket } = fixture;
  const { part, complete } = await begin(fixture);
  const small = await part(1, Buffer.from('small'));
  const last = await part(2, Buffer.from('last'));
  await assert.rejects(complete([]), { name: 'MalformedXML' });
  await assert.rejects(complete([last, small]), { name: 'InvalidPartOrder' });
  await assert.rejects(complete([small, { PartNumber: 3, ETag: last.ETag }]), { name: 'InvalidPart' });
  await assert.rejects(complete([{ ...small, ETag: '"stale"' }]), { name: 'InvalidPart' });
  await assert.rejects(complete([small, last]), {
    name: 'EntityTooSmall',
    ProposedSize: '5',
    MinSizeAllowed: '5242880',
  });
  await assert.rejects(part(10_001, Buffer.from('x')), { name: 'InvalidArgument' });
  await complete([small]);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
  assert.equal(await Body?.transformToString(), 'small');
});

test('an aborted or completed upload is gone, with its parts', async (t) => {
  const fixture = await bucketFor(t);
  const { account, s3, Bucket } = fixture;
  const { part, complete, UploadId } = await begin(fixture);
  const one = await part(1, Buffer.from('one'));
  await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'big', UploadId }));
  await assert.rejects(part(2, Buffer.from('two')), { name: 'NoSuchUpload' });
  await assert.rejects(complete([one]), { name: 'NoSuchUpload' });
  await assert.rejects(s3.send(new ListPartsCommand({ Bucket, Key: 'big', UploadId })), { name: 'NoSuchUpload' });
  assert.deepEqual(await readdir(join(account.world.directory, 's3', 'bodies')), []);
});

test('completing an upload obeys the conditions of a write, and two that are completed at once do not both win', async (t) => {
  const fixture = await bucketFor(t);
  const uploads = [await begin(fixture), await begin(fixture), await begin(fixture)];
  const outcomes = await Promise.allSettled(
    uploads.map(async ({ part, complete }) => complete([await part(1, randomBytes(10))], { IfNoneMatch: '*' })),
  );
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected']);
  const { Uploads } = await fixture.s3.send(new ListMultipartUploadsCommand({ Bucket: fixture.Bucket }));
  assert.equal(Uploads?.length, 2);
});

test('a part can be a range of another object', async (t) => {
  const fixture = await bucketFor(t);
  const { s3, Bucket } = fixture;
  await s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
  const { UploadId, complete } = await begin(fixture);
  const { CopyPartResult } = await s3.send(
    new UploadPartCopyCommand({
      ...{ Bucket, Key: 'big', UploadId, PartNumber: 1 },
      CopySource: `${Bucket}/source`,
      CopySourceRange: 'bytes=2-5',
    }),
  );
  await complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
  assert.equal(await Body?.transformToString(), '2345');
});

test('uploads under way are listed by key, and for one key in pages', async (t) => {
  const fixture = await bucketFor(t);
  const { s3, Bucket } = fixture;
  for (const key of ['b', 'a/1', 'a/2', 'b']) await begin(fixture, key);
  const page = (input: object) => s3.send(new ListMultipartUploadsCommand({ Bucket, ...input }));
  const rolled = await page({ Delimiter: '/' });
  assert.deepEqual(
    [rolled.CommonPrefixes?.map(({ Prefix }) => Prefix), rolled.Uploads?.map(({ Key }) => Key)],
    [['a/'], ['b', 'b']],
  );
  const first = await page({ Prefix: 'b', MaxUploads: 1 });
  assert.equal(first.IsTruncated, true);
  const second = await page({
    ...{ Prefix: 'b', MaxUploads: 1 },
    KeyMarker: first.NextKeyMarker,
    UploadIdMarker: first.NextUploadIdMarker,
  });
  assert.equal(second.IsTruncated, false);
  assert.notEqual(second.Uploads?.[0]?.UploadId, first.Uploads?.[0]?.UploadId);
});

test('the SDK’s managed upload sends a stream of unknown length in parts', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const chunk = randomBytes(mebibyte);
  const Body = Readable.from(Array.from({ length: 12 }, () => chunk));
  const done = await new Upload({ client: s3, params: { Bucket, Key: 'feed', Body, ContentEncoding: 'gzip' } }).done();
  assert.match(done.ETag ?? '', /^"[0-9a-f]{32}-3"$/);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'feed' }));
  const bytes = (await got.Body?.transformToByteArray()) ?? Buffer.alloc(0);
  assert.equal(sha256(bytes), sha256(Buffer.concat(Array.from({ length: 12 }, () => chunk))));
  assert.equal(got.ContentEncoding, 'gzip');
});

test('a checksum of the whole object is computed over all parts when the upload asks for one', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const about = { Bucket, Key: 'whole' };
  const { UploadId, ChecksumType } = await s3.send(
    new CreateMultipartUploadCommand({ ...about, ChecksumAlgorithm: 'CRC64NVME' }),
  );
  assert.equal(ChecksumType, 'FULL_OBJECT');
  const { ETag } = await s3.send(
    new UploadPartCommand({ ...about, UploadId, PartNumber: 1, Body: '123456789', ChecksumCRC64NVME: 'rosUhgp5mIg=' }),
  );
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  const done = await s3.send(new CompleteMultipartUploadCommand({ ...about, UploadId, MultipartUpload }));
  assert.equal(done.ChecksumCRC64NVME, 'rosUhgp5mIg=');
});
