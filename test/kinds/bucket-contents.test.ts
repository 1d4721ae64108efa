import assert from 'node:assert/strict';
import test from 'node:test';
import { ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { bucketKind } from '../../scripts/kinds/bucket.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { heardStep } from './served.ts';

const desired = {
  name: 'unit-feeds',
  protect: false,
  versioning: true,
  encryption: { algorithm: 'AES256', kmsKey: null },
  publicAccessBlocked: true,
  policy: null,
  lifecycle: [],
} as const;

/** A versioned bucket in which one object was written `versions` times. */
async function withBucket(versions: number, run: (aws: Aws) => Promise<void>): Promise<void> {
  await using local = await startLocalAws({ region: 'eu-central-1' });
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws = awsClients({ region: 'eu-central-1', owner: 'baton/test', endpoint: local.endpoint, credentials });
  try {
    await bucketKind(aws).create(desired, heardStep().step);
    for (let version = 0; version < versions; version += 1) {
      await aws.s3.send(new PutObjectCommand({ Bucket: desired.name, Key: 'feed.xml', Body: `${version}` }));
    }
    await run(aws);
  } finally {
    aws.close();
  }
}

async function liveOf(kind: ReturnType<typeof bucketKind>) {
  const [observed] = (await kind.list([desired.name])).observed;
  assert.ok(observed);
  return observed.live;
}

test('a bucket tells what would be lost with it, old versions counted', () =>
  withBucket(3, async (aws) => {
    const kind = bucketKind(aws);
    assert.deepEqual(await kind.lossOf?.(await liveOf(kind)), {
      what: '3 objects in it, old versions included',
      permit: 'objects',
    });
  }));

test('an empty bucket, and the one of baton’s own notes, have nothing to lose', () =>
  withBucket(0, async (aws) => {
    const kind = bucketKind(aws);
    assert.equal(await kind.lossOf?.(await liveOf(kind)), undefined);
    await aws.s3.send(new PutObjectCommand({ Bucket: desired.name, Key: 'claims/one', Body: '{}' }));
    const notes = bucketKind(aws, desired.name);
    assert.equal(await notes.lossOf?.(await liveOf(notes)), undefined);
  }));

test('a bucket that is not empty is not deleted, and nothing in it, unless that is permitted', () =>
  withBucket(2, async (aws) => {
    const kind = bucketKind(aws);
    const { step } = heardStep();
    await assert.rejects(kind.delete(await liveOf(kind), step), { name: 'BucketNotEmpty' });
    const { Versions } = await aws.s3.send(new ListObjectVersionsCommand({ Bucket: desired.name }));
    assert.equal(Versions?.length, 2);
    await kind.delete(await liveOf(kind), { ...step, permits: new Set(['objects']) });
    assert.deepEqual((await kind.list([desired.name])).observed, []);
  }));
