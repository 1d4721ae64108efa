import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import test from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { snapshotBytes } from '../../../jobs/feed-consumer/batches/snapshot-bytes.ts';
import { closed, listening } from '../../../scripts/local/loopback.ts';

const object = Buffer.from('0123456789'.repeat(10));

/** An S3 with one object that breaks each read after some bytes, or falls silent; an ETag of its own for each version. */
async function breakingS3(breaksAfter: number, etagOf: (read: number) => string, then: 'breaks' | 'stalls' = 'breaks') {
  const requests: { range: string | undefined; ifMatch: string | undefined }[] = [];
  const server = createServer(({ headers }, response) => {
    requests.push({ range: headers.range, ifMatch: headers['if-match'] });
    const etag = etagOf(requests.length);
    if (headers['if-match'] !== undefined && headers['if-match'] !== etag)
      return void response
        .writeHead(412, { 'content-type': 'application/xml' })
        .end('<Error><Code>PreconditionFailed</Code></Error>');
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const rest = object.subarray(from);
    response.writeHead(from === 0 ? 200 : 206, { etag, 'content-length': rest.length });
    if (rest.length <= breaksAfter) return void response.end(rest);
    response.write(rest.subarray(0, breaksAfter), () => then === 'breaks' && setImmediate(() => response.destroy()));
  });
  const endpoint = await listening(server, 0);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { region: 'us-east-1', credentials, maxAttempts: 1, forcePathStyle: true };
  const s3 = new S3Client({ ...options, endpoint, requestHandler: { socketTimeout: 100 } });
  return {
    requests,
    read: () => buffer(snapshotBytes({ s3, bucket: 'b', key: 'k' }, () => {})),
    [Symbol.asyncDispose]: async () => {
      s3.destroy();
      await closed(server);
    },
  };
}

test('a read that breaks off goes on where it stopped, in the same version', async () => {
  await using s3 = await breakingS3(30, () => '"v1"');
  assert.deepEqual(await s3.read(), object);
  assert.deepEqual(
    s3.requests.slice(1),
    [30, 60, 90].map((from) => ({ range: `bytes=${from}-`, ifMatch: '"v1"' })),
  );
});

test('a read that falls silent is given up by the client and goes on', async () => {
  await using s3 = await breakingS3(60, () => '"v1"', 'stalls');
  assert.deepEqual(await s3.read(), object);
  assert.deepEqual(
    s3.requests.map(({ range }) => range),
    [undefined, 'bytes=60-'],
  );
});

test('an object that was replaced meanwhile is not read on', async () => {
  await using s3 = await breakingS3(30, (read) => `"v${read}"`);
  await assert.rejects(s3.read(), { name: 'PreconditionFailed' });
});

test('reads that bring nothing are given up', async () => {
  await using s3 = await breakingS3(0, () => '"v1"');
  await assert.rejects(s3.read(), /aborted/);
  assert.equal(s3.requests.length, 5);
});
