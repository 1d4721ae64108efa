import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { S3 } from '@aws-sdk/client-s3';
import { type LeaseOptions, takeLease } from '../../scripts/aws/lease.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { LeaseTestClock } from '../support/lease-test-clock.ts';

const bucket = 'state';
const key = 'leases/apply';
const minute = 60_000;

async function world(t: TestContext) {
  const aws = await startLocalAws({ region: 'eu-central-1' });
  const s3 = new S3({
    ...{ endpoint: aws.endpoint, region: 'eu-central-1', forcePathStyle: true, maxAttempts: 1 },
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  t.after(async () => {
    s3.destroy();
    await aws.close();
  });
  await s3.createBucket({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } });
  const clock = new LeaseTestClock();
  const take = (holder: string, more: Partial<LeaseOptions> = {}) =>
    takeLease({ s3, bucket, key, holder, clock, duration: 2 * minute, ...more });
  const note = async (): Promise<Record<string, unknown>> => {
    const { Body } = await s3.getObject({ Bucket: bucket, Key: key });
    return JSON.parse((await Body?.transformToString()) ?? '');
  };
  return { s3, clock, take, note };
}

test('who comes second is told who holds the lease since when and until when', async (t) => {
  const { take } = await world(t);
  await take('anna@desk, pid 1');
  await assert.rejects(take('ben@desk, pid 2'), {
    name: 'LeaseHeldError',
    message:
      'anna@desk, pid 1 holds it since 2026-11-25T12:00:00.000Z, until 2026-11-25T12:02:00.000Z unless it is renewed',
  });
});

test('of many at the same time exactly one gets it', async (t) => {
  const { take } = await world(t);
  const results = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => take(`holder ${index}`)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const result of results) {
    if (result.status === 'rejected') assert.match(String(result.reason), /^LeaseHeldError: holder \d holds it since/);
  }
});

test('a lease that was released is free, and nothing of it stays', async (t) => {
  const { take, s3 } = await world(t);
  await (await take('anna')).release();
  assert.equal((await s3.listObjectsV2({ Bucket: bucket })).KeyCount, 0);
  await (await take('ben')).release();
});

test('a holder that lives keeps it past its first time', async (t) => {
  const { take, clock, note } = await world(t);
  const lease = await take('anna');
  for (let halfMinutes = 0; halfMinutes < 6; halfMinutes += 1) await clock.tick(minute / 2);
  await lease.stopRenewing();
  assert.equal((await note())['expires'], '2026-11-25T12:05:00.000Z');
  assert.equal(lease.lost.aborted, false);
  await assert.rejects(take('ben'), { name: 'LeaseHeldError' });
});

test('the lease of a holder that died is taken over once it has expired, and by one of many', async (t) => {
  const { take, clock, note } = await world(t);
  const dead = await take('anna');
  await dead.stopRenewing();
  await clock.tick(2 * minute - 1);
  await assert.rejects(take('ben'), { name: 'LeaseHeldError' });
  await clock.tick(1);
  const results = await Promise.allSettled(['ben', 'carl', 'dora'].map((holder) => take(holder)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.notEqual((await note())['holder'], 'anna');
});

test('the lease of a holder that is known to be dead is taken over at once', async (t) => {
  const { take } = await world(t);
  await take('anna');
  const lease = await take('ben', { isDead: (holder) => holder === 'anna' });
  await lease.release();
});

test('who comes back from the dead learns that the lease is lost, and takes nothing from the new holder', async (t) => {
  const { take, clock, note } = await world(t);
  const sleeper = await take('anna');
  clock.time += 3 * minute;
  await take('ben');
  await clock.tick(0);
  assert.match(String(sleeper.lost.reason), /^Error: the lease was lost: another has taken it/);
  await sleeper.release();
  assert.equal((await note())['holder'], 'ben');
});

test('a renewal that S3 does not answer is made up for by the next', async (t) => {
  const { take, clock, s3, note } = await world(t);
  const lease = await take('anna');
  let isBroken = true;
  s3.middlewareStack.add((next) => (args) => (isBroken ? Promise.reject(new Error('no network')) : next(args)), {
    step: 'finalizeRequest',
  });
  await clock.tick(minute / 2);
  isBroken = false;
  await clock.tick(minute / 2);
  await lease.stopRenewing();
  assert.equal(lease.lost.aborted, false);
  assert.equal((await note())['expires'], '2026-11-25T12:03:00.000Z');
});

test('a lease that cannot be renewed until its time is over is lost; what is gone need not be released', async (t) => {
  const { take, clock, s3 } = await world(t);
  const lease = await take('anna');
  await s3.deleteObject({ Bucket: bucket, Key: key });
  await s3.deleteBucket({ Bucket: bucket });
  await clock.tick(2 * minute);
  assert.match(String(lease.lost.reason), /could not be renewed before it expired/);
  await lease.release();
});

test('where the object is no lease, it is said what to do', async (t) => {
  const { take, s3 } = await world(t);
  await s3.putObject({ Bucket: bucket, Key: key, Body: 'mine' });
  await assert.rejects(take('anna'), /reading s3:\/\/state\/leases\/apply: "mine" is no lease; delete the object/);
  await s3.putObject({ Bucket: bucket, Key: key, Body: '{"holder":1}' });
  await assert.rejects(
    take('anna'),
    /reading s3:\/\/state\/leases\/apply: "\{"holder":1\}" is no lease; delete the object/,
  );
});
