import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { finished, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import test from 'node:test';
import * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../scripts/local-aws/wire/errors.ts';
import { awsServer } from '../../../scripts/local-aws/wire/server.ts';
import { defineService, type Handlers } from '../../../scripts/local-aws/wire/service.ts';
import { clientConfig, listening } from './echo.ts';

const place = { Bucket: 'bucket', Key: 'a key/with & signs' };
const authorization = 'AWS4-HMAC-SHA256 Credential=a/20261123/eu-west-1/s3/aws4_request';

const serve = (handlers: Handlers<typeof s3>) =>
  listening(awsServer({ s3: () => defineService(s3, s3.S3Client)(handlers) }));

async function* pieces(count: number, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < count; at += 1) yield Buffer.alloc(size, at % 251);
}

test('a body of unknown checksum streams to the handler without its chunks and trailers', async () => {
  let received: { bytes: number; encoding: string | undefined; length: number | undefined } | undefined;
  await using server = await serve({
    async PutObject({ Body, ContentEncoding, ContentLength }) {
      let bytes = 0;
      for await (const chunk of Body ?? []) bytes += Buffer.byteLength(chunk);
      received = { bytes, encoding: ContentEncoding, length: ContentLength };
      return { ETag: '"a"' };
    },
  });
  const client = new s3.S3Client(clientConfig(server.endpoint));
  const Body = Readable.from(pieces(40, 50_000));
  await client.send(new s3.PutObjectCommand({ ...place, Body, ContentLength: 2_000_000, ContentEncoding: 'gzip' }));
  assert.deepEqual(received, { bytes: 2_000_000, encoding: 'gzip', length: 2_000_000 });
});

/** Sends bytes as they are and collects the answer until the server closes the connection. */
async function exchange(endpoint: string, writes: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
  for (const piece of writes) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return text(socket);
}

test('aws-chunked is understood wherever the network cuts it', async () => {
  let received = '';
  await using server = await serve({
    async PutObject({ Body }) {
      received = Body === undefined ? '' : await text(Body);
      return {};
    },
  });
  const head = [
    ...['PUT /bucket/key HTTP/1.1', 'host: localhost', 'connection: close', `authorization: ${authorization}`],
    ...['x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'content-encoding: aws-chunked'],
    ...['x-amz-decoded-content-length: 11', 'x-amz-trailer: x-amz-checksum-crc32', 'transfer-encoding: chunked'],
  ].join('\r\n');
  const coded = '6;chunk-signature=abc\r\nhello\n\r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
  const cut = [...coded].map((char) => `1\r\n${char}\r\n`);
  const answer = await exchange(server.endpoint, [`${head}\r\n\r\n`, ...cut, '0\r\n\r\n']);
  assert.match(answer, /^HTTP\/1.1 200 /);
  assert.equal(received, 'hello\nworld');
});

test('aws-chunked that ends before its last chunk is refused as incomplete', async () => {
  await using server = await serve({
    async PutObject({ Body }) {
      await buffer(Body ?? Readable.from([]));
      return {};
    },
  });
  const answer = await fetch(`${server.endpoint}/bucket/key`, {
    method: 'PUT',
    headers: { authorization, 'content-encoding': 'aws-chunked' },
    body: '5\r\nhello\r\n',
  });
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /<Code>IncompleteBody<\/Code>/);
});

test('a client that expects 100-continue is told to send its body', async () => {
  await using server = await serve({
    async PutObject({ Body }) {
      return { ETag: Body === undefined ? '' : await text(Body) };
    },
  });
  const call = request(`${server.endpoint}/bucket/key`, {
    method: 'PUT',
    headers: { authorization, expect: '100-continue' },
  });
  const [continued, answered] = [once(call, 'continue'), once(call, 'response')];
  call.flushHeaders();
  await continued;
  call.end('body');
  const [response] = await answered;
  assert.equal(response.headers.etag, 'body');
  response.resume();
});

test('a client that leaves in the middle of its body is no failure, and the next one is served', async (context) => {
  const printed = context.mock.method(process.stderr, 'write', () => true);
  let tellBroken: (error: unknown) => void;
  const broken = new Promise<unknown>((resolve) => {
    tellBroken = resolve;
  });
  await using server = await serve({
    async PutObject({ Body }) {
      await buffer(Body ?? Readable.from([])).catch((error: unknown) => {
        tellBroken(error);
        throw error;
      });
      return {};
    },
    ListBuckets: () => ({ Buckets: [] }),
  });
  const socket = connect(Number(new URL(server.endpoint).port), '127.0.0.1');
  socket.write(
    `PUT /bucket/key HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\ncontent-length: 100\r\n\r\nhalf`,
  );
  await once(socket, 'connect');
  setImmediate(() => socket.destroy());
  assert.match(String(await broken), /aborted/);
  const client = new s3.S3Client(clientConfig(server.endpoint));
  assert.ok(await client.send(new s3.ListBucketsCommand({})));
  assert.equal(printed.mock.callCount(), 0);
});

test('a body streams to the client, and what is left of it is freed when the client leaves', async () => {
  const source = Readable.from(pieces(10_000, 50_000));
  await using server = await serve({ GetObject: () => ({ Body: source, ContentType: 'text/plain' }) });
  const client = new s3.S3Client(clientConfig(server.endpoint));
  const { Body, ContentType } = await client.send(new s3.GetObjectCommand(place));
  assert.equal(ContentType, 'text/plain');
  assert.ok(Body instanceof Readable);
  const freed = new Promise<void>((resolve) => finished(source, () => resolve()));
  for await (const chunk of Body) {
    assert.ok(chunk.length > 0);
    break;
  }
  await freed;
  assert.ok(source.destroyed);
});

test('a body that fails on the way breaks the connection, so that nobody takes half an object for a whole', async (context) => {
  const printed = context.mock.method(process.stderr, 'write', () => true);
  async function* failing(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(100_000);
    throw new Error('the disk is gone');
  }
  await using server = await serve({ GetObject: () => ({ Body: Readable.from(failing()) }) });
  const client = new s3.S3Client(clientConfig(server.endpoint));
  await assert.rejects(async () => {
    const { Body } = await client.send(new s3.GetObjectCommand(place));
    await Body?.transformToByteArray();
  }, /aborted|terminated|socket hang up/);
  assert.match(String(printed.mock.calls[0]?.arguments[0]), /the disk is gone/);
});

test('a HEAD is answered without a body: headers of the object, or a bare status', async () => {
  await using server = await serve({
    HeadObject({ Key }) {
      if (Key === 'gone') throw new AwsError('NotFound', 'Not Found', 404);
      return { ContentLength: 12_345, ETag: '"e"' };
    },
  });
  const client = new s3.S3Client(clientConfig(server.endpoint));
  const { ContentLength, ETag } = await client.send(new s3.HeadObjectCommand(place));
  assert.deepEqual([ContentLength, ETag], [12_345, '"e"']);
  await assert.rejects(client.send(new s3.HeadObjectCommand({ ...place, Key: 'gone' })), s3.NotFound);
  assert.equal((await client.send(new s3.HeadObjectCommand(place))).ContentLength, 12_345);
});

test('304 has no body and leaves the connection usable', async () => {
  await using server = await serve({
    GetObject() {
      throw new AwsError('NotModified', 'Not Modified', 304);
    },
  });
  for (let round = 0; round < 2; round += 1) {
    const answer = await fetch(`${server.endpoint}/bucket/key`, { headers: { authorization } });
    assert.deepEqual([answer.status, await answer.text()], [304, '']);
  }
});

test('S3 answers with something where its clients take an empty 200 for a failure', async () => {
  await using server = await serve({
    CopyObject: () => ({}),
    UploadPartCopy: () => ({}),
    CompleteMultipartUpload: () => ({}),
    DeleteObject: () => ({}),
    GetBucketLocation: () => ({ LocationConstraint: 'eu-west-1' }),
  });
  const client = new s3.S3Client(clientConfig(server.endpoint));
  const copy = { ...place, CopySource: 'bucket/b' };
  assert.ok(await client.send(new s3.CopyObjectCommand(copy)));
  assert.ok(await client.send(new s3.UploadPartCopyCommand({ ...copy, PartNumber: 1, UploadId: 'u' })));
  assert.ok(await client.send(new s3.CompleteMultipartUploadCommand({ ...place, UploadId: 'u' })));
  assert.equal((await client.send(new s3.DeleteObjectCommand(place))).$metadata.httpStatusCode, 204);
  const { LocationConstraint } = await client.send(new s3.GetBucketLocationCommand({ Bucket: 'bucket' }));
  assert.equal(LocationConstraint, 'eu-west-1');
});
