import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import test from 'node:test';
import { crc32 } from 'node:zlib';
import {
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { morning } from '../account.ts';
import { bucketFor } from './bucket-fixture.ts';

const base64Crc32 = (text: string): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64');
};

test('an object comes back with its bytes, headers and metadata, and with a checksum that the SDK validates', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const about = {
    ContentType: 'application/xml',
    ContentEncoding: 'gzip',
    CacheControl: 'no-store',
    ContentDisposition: 'attachment',
    ContentLanguage: 'de',
    Metadata: { sha256: 'abc', 'feed-type': 'broadbean' },
  };
  const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '<jobs/>', ...about }));
  assert.equal(put.ETag, `"${createHash('md5').update('<jobs/>').digest('hex')}"`);
  assert.equal(put.ChecksumCRC32, base64Crc32('<jobs/>'));
  assert.equal(put.ServerSideEncryption, 'AES256');
  assert.equal(put.VersionId, undefined);
  const { Body, ...got } = await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
  assert.equal(await Body?.transformToString(), '<jobs/>');
  assert.equal(got.ChecksumCRC32, base64Crc32('<jobs/>'));
  for (const answer of [got, await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))]) {
    const { ContentType, ContentEncoding, CacheControl, ContentDisposition, ContentLanguage, Metadata } = answer;
    assert.deepEqual(
      { ContentType, ContentEncoding, CacheControl, ContentDisposition, ContentLanguage, Metadata },
      about,
    );
    assert.deepEqual(answer.LastModified, new Date(morning));
    assert.equal(answer.ContentLength, 7);
  }
});

test('a streamed body keeps its encoding and gets the checksum that the client sends behind it', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const put = await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: 'stream',
      Body: Readable.from([Buffer.from('first '), Buffer.from('second')]),
      ContentLength: 12,
      ContentEncoding: 'gzip',
    }),
  );
  assert.equal(put.ChecksumCRC32, base64Crc32('first second'));
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
  assert.equal(await got.Body?.transformToString(), 'first second');
  assert.equal(got.ContentEncoding, 'gzip');
});

test('keys may hold anything that a file name may not', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const keys = [
    '../../up',
    'a//b',
    './.',
    'sp ace+plus%25',
    'ключ/鍵',
    'q?x=1&y#z',
    'x'.repeat(1024),
    '.',
    'a\\b',
    '😀',
  ];
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  for (const Key of keys) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    assert.equal(await Body?.transformToString(), Key);
  }
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  assert.deepEqual(
    Contents.map(({ Key }) => Key),
    [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
  await assert.rejects(s3.send(new PutObjectCommand({ Bucket, Key: 'x'.repeat(1025), Body: '' })), {
    name: 'KeyTooLongError',
  });
});

test('every form of range is answered with its bytes, and one behind the end with 416', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
  const read = async (Range: string) => {
    const { Body, ContentRange, ContentLength } = await s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));
    return [await Body?.transformToString(), ContentRange, ContentLength];
  };
  assert.deepEqual(await read('bytes=0-0'), ['0', 'bytes 0-0/10', 1]);
  assert.deepEqual(await read('bytes=2-4'), ['234', 'bytes 2-4/10', 3]);
  assert.deepEqual(await read('bytes=7-'), ['789', 'bytes 7-9/10', 3]);
  assert.deepEqual(await read('bytes=8-99'), ['89', 'bytes 8-9/10', 2]);
  assert.deepEqual(await read('bytes=-3'), ['789', 'bytes 7-9/10', 3]);
  assert.deepEqual(await read('bytes=-99'), ['0123456789', 'bytes 0-9/10', 10]);
  for (const ignored of ['bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])
    assert.deepEqual(await read(ignored), ['0123456789', undefined, 10], ignored);
  for (const outside of ['bytes=10-', 'bytes=10-12', 'bytes=-0'])
    await assert.rejects(read(outside), { name: 'InvalidRange', ActualObjectSize: '10' }, outside);
});

/** Of the signature the embedded AWS reads only whose it is. */
const signed = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIAPERSON/20261123/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=0',
};

test('to any client of HTTP a range is partial content, and the whole object is not', async (t) => {
  const { account, s3, Bucket } = await bucketFor(t);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
  const read = (headers: Record<string, string>) =>
    fetch(`${account.client.endpoint}/${Bucket}/digits`, { headers: { ...signed, ...headers } });
  const part = await read({ range: 'bytes=2-4' });
  assert.deepEqual([part.status, await part.text()], [206, '234']);
  const whole = await read({});
  assert.deepEqual([whole.status, await whole.text()], [200, '0123456789']);
  const none = await read({ range: 'bytes=10-' });
  assert.deepEqual([none.status, /<Code>InvalidRange<\/Code>/.test(await none.text())], [416, true]);
});

test('an empty object is an object, and any range of it lies behind its end', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'empty' }));
  const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket, Key: 'empty' }));
  assert.deepEqual([await Body?.transformToString(), ContentLength], ['', 0]);
  await assert.rejects(s3.send(new GetObjectCommand({ Bucket, Key: 'empty', Range: 'bytes=0-' })), {
    name: 'InvalidRange',
  });
});

test('a body that is not what its digest or checksum says is refused and leaves nothing', async (t) => {
  const { s3, Bucket, account } = await bucketFor(t);
  const put = (extra: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'right', ...extra }));
  const wrong = createHash('md5').update('wrong').digest('base64');
  await assert.rejects(put({ ContentMD5: wrong }), { name: 'BadDigest' });
  await assert.rejects(put({ ContentMD5: 'bm90IGFuIG1kNQ==' }), { name: 'InvalidDigest' });
  await assert.rejects(put({ ChecksumCRC32: base64Crc32('wrong') }), {
    name: 'BadDigest',
    message: 'The CRC32 you specified did not match the calculated checksum.',
  });
  await assert.rejects(put({ ChecksumSHA256: createHash('sha256').update('wrong').digest('base64') }), {
    name: 'BadDigest',
  });
  await put({ ContentMD5: createHash('md5').update('right').digest('base64') });
  const files = await readdir(join(account.world.directory, 's3'), { recursive: true, withFileTypes: true });
  assert.equal(files.filter((file) => file.isFile()).length, 1);
});

for (const [algorithm, checksum] of [
  ['CRC32', 'y/Q5Jg=='],
  ['CRC32C', '4waSgw=='],
  ['CRC64NVME', 'rosUhgp5mIg='],
  ['SHA1', createHash('sha1').update('123456789').digest('base64')],
  ['SHA256', createHash('sha256').update('123456789').digest('base64')],
] as const)
  test(`the ${algorithm} of an object is verified, kept and answered`, async (t) => {
    const { s3, Bucket } = await bucketFor(t);
    const member = `Checksum${algorithm}` as const;
    const about = { Bucket, Key: 'a', Body: '123456789' };
    const put = await s3.send(new PutObjectCommand({ ...about, [member]: checksum }));
    assert.equal(put[member], checksum);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' }));
    assert.equal(head[member], checksum);
    await assert.rejects(s3.send(new PutObjectCommand({ ...about, [member]: 'AAAAAA==' })), { name: 'BadDigest' });
  });

test('an upload that breaks off leaves neither an object nor a file', async (t) => {
  const { account, s3, Bucket } = await bucketFor(t);
  const { port } = new URL(account.client.endpoint);
  const headers = {
    authorization: 'AWS4-HMAC-SHA256 Credential=AKIAPERSON/20261123/eu-central-1/s3/aws4_request',
    'content-length': 1_000_000,
  };
  const upload = request({ port, host: '127.0.0.1', method: 'PUT', path: `/${Bucket}/broken`, headers });
  const closed = new Promise((resolve) => upload.once('close', resolve).once('error', resolve));
  const folder = join(account.world.directory, 's3');
  const files = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((f) => f.isFile());
  upload.write(Buffer.alloc(1000));
  while ((await files()).length === 0) await s3.send(new ListObjectsV2Command({ Bucket }));
  upload.destroy();
  await closed;
  while ((await files()).length > 0) await s3.send(new ListObjectsV2Command({ Bucket }));
  assert.equal((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 0);
});

test('a checksum behind a streamed body is verified as well', async (t) => {
  const { account, s3, Bucket } = await bucketFor(t);
  const put = async (checksum: string) => {
    const body = `5\r\nright\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`;
    const headers = {
      ...signed,
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '5',
      'x-amz-sdk-checksum-algorithm': 'CRC32',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    };
    const answer = await fetch(`${account.client.endpoint}/${Bucket}/trailed`, { method: 'PUT', headers, body });
    return [answer.status, /<Code>(\w+)/.exec(await answer.text())?.[1]];
  };
  assert.deepEqual(await put(base64Crc32('wrong')), [400, 'BadDigest']);
  await assert.rejects(s3.send(new HeadObjectCommand({ Bucket, Key: 'trailed' })), { name: 'NotFound' });
  assert.deepEqual(await put(base64Crc32('right')), [200, undefined]);
});

test('an upload into a bucket that is deleted meanwhile is refused and leaves nothing', async (t) => {
  const { account, s3, Bucket } = await bucketFor(t);
  const Body = new PassThrough();
  const slow = s3.send(new PutObjectCommand({ Bucket, Key: 'late', Body, ContentLength: 200_000 }));
  const refused = assert.rejects(slow, { name: 'NoSuchBucket' });
  const folder = join(account.world.directory, 's3');
  Body.write(Buffer.alloc(100_000));
  while ((await readdir(join(folder, 'incoming'))).length === 0) await s3.send(new HeadBucketCommand({ Bucket }));
  await s3.send(new DeleteBucketCommand({ Bucket }));
  Body.end(Buffer.alloc(100_000));
  await refused;
  assert.deepEqual(await readdir(join(folder, 'bodies')), []);
});

test('a copy takes content and metadata with it, or new ones, and obeys conditions on its source', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const from = { Bucket, Key: 'from/ключ 1', Metadata: { a: '1' }, ContentType: 'text/xml' };
  const { ETag } = await s3.send(new PutObjectCommand({ ...from, Body: 'body' }));
  const CopySource = `${Bucket}/${encodeURIComponent(from.Key)}`;
  const copy = await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource, CopySourceIfMatch: ETag }));
  assert.equal(copy.CopyObjectResult?.ETag, ETag);
  const kept = await s3.send(new GetObjectCommand({ Bucket, Key: 'to' }));
  assert.deepEqual(
    [kept.Metadata, kept.ContentType, await kept.Body?.transformToString()],
    [{ a: '1' }, 'text/xml', 'body'],
  );
  const change = { MetadataDirective: 'REPLACE', Metadata: { b: '2' }, ContentType: 'text/plain' } as const;
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `/${Bucket}/to`, ...change }));
  const replaced = await s3.send(new HeadObjectCommand({ Bucket, Key: 'to' }));
  assert.deepEqual([replaced.Metadata, replaced.ContentType], [{ b: '2' }, 'text/plain']);

  const itself = { Bucket, Key: 'to', CopySource: `${Bucket}/to` };
  await assert.rejects(s3.send(new CopyObjectCommand(itself)), { name: 'InvalidRequest' });
  const other = { Bucket, Key: 'other', CopySource };
  await assert.rejects(s3.send(new CopyObjectCommand({ ...other, CopySourceIfNoneMatch: ETag })), {
    name: 'PreconditionFailed',
  });
  await assert.rejects(s3.send(new CopyObjectCommand({ ...other, CopySource: `${Bucket}/none` })), {
    name: 'NoSuchKey',
  });
});

test('deleting takes one or many objects, and what is not there counts as deleted', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  for (const Key of ['a', 'b', 'c', 'd']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  await assert.rejects(s3.send(new GetObjectCommand({ Bucket, Key: 'a' })), { name: 'NoSuchKey', Key: 'a' });
  const many = await s3.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: [{ Key: 'b' }, { Key: 'missing' }, { Key: 'c', ETag: '"stale"' }] },
    }),
  );
  assert.deepEqual(
    many.Deleted?.map(({ Key }) => Key),
    ['b', 'missing'],
  );
  assert.deepEqual(
    many.Errors?.map(({ Key, Code }) => [Key, Code]),
    [['c', 'PreconditionFailed']],
  );
  assert.equal((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 2);
});

test('a download under way outlives the deletion of its object', async (t) => {
  const { s3, Bucket } = await bucketFor(t);
  const body = Buffer.alloc(4 * 1024 * 1024, 'x');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'big', Body: body }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'big' }));
  assert.equal((await Body?.transformToByteArray())?.length, body.length);
});

test('a deleted object’s file goes once the last reader has left', async (t) => {
  const { account, s3, Bucket } = await bucketFor(t);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'big', Body: Buffer.alloc(8 * 1024 * 1024) }));
  const reader = (await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }))).Body;
  assert.ok(reader instanceof Readable);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'big' }));
  const files = () => readdir(join(account.world.directory, 's3', 'bodies'));
  assert.equal((await files()).length, 1);
  reader.destroy();
  while ((await files()).length > 0) await s3.send(new ListObjectsV2Command({ Bucket }));
});
