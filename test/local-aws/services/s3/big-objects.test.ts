import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import test from 'node:test';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';

type Message = { readonly client: Account['client'] } | { readonly maxRSS: number };

async function messageFrom(child: ChildProcess): Promise<Message> {
  const [message] = await once(child, 'message');
  return message;
}

/** The most memory that the process ever had, in MiB. */
async function peakOf(child: ChildProcess): Promise<number> {
  child.send('memory');
  const message = await messageFrom(child);
  return 'maxRSS' in message ? message.maxRSS / 1024 : Number.NaN;
}

const chunk = Buffer.alloc(64 * 1024, 'record ');
const chunks = 1280;
const size = chunk.length * chunks;

function* body(): Generator<Buffer> {
  for (let i = 0; i < chunks; i++) yield chunk;
}

test('80 MiB go up and come down while the server stays as small as it was', async (t) => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  // V8's space for young objects grows with what passes through, by version differently; small, it hides nothing held.
  const execArgv = ['--max-semi-space-size=2', '--import', 'tsx/esm'];
  const child = fork(new URL('account-process.ts', import.meta.url), { execArgv, env });
  const message = await messageFrom(child);
  if (!('client' in message)) throw new Error('the server did not say where it listens');
  const s3 = new S3Client(message.client);
  t.after(async () => {
    s3.destroy();
    child.send('stop');
    await once(child, 'exit');
  });
  const Bucket = 'big';
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'warm', Body: Buffer.alloc(4 * 1024 * 1024) }));
  const before = await peakOf(child);

  const Body = Readable.from(body(), { objectMode: false });
  await s3.send(new PutObjectCommand({ Bucket, Key: 'feed', Body, ContentLength: size }));
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'feed' }));
  assert.ok(got.Body instanceof Readable);
  const hash = createHash('sha256');
  for await (const part of got.Body) hash.update(part);
  const expected = createHash('sha256');
  for (const part of body()) expected.update(part);
  assert.equal(hash.digest('hex'), expected.digest('hex'));

  const grown = (await peakOf(child)) - before;
  assert.ok(grown < 48, `the server grew by ${Math.round(grown)} MiB`);
});
