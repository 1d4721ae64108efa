import assert from 'node:assert/strict';
import test from 'node:test';
import {
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { account, metBy, region, stormyAccount } from './stormy-account.ts';

const names = ['feeds-a', 'feeds-b', 'feeds-c', 'feeds-d', 'feeds-e', 'feeds-f'];
const CreateBucketConfiguration = { LocationConstraint: region } as const;

interface Partly {
  readonly FailedEntryCount?: number | undefined;
  readonly FailedEntries?:
    | readonly { readonly TargetId?: string | undefined; readonly ErrorCode?: string | undefined }[]
    | undefined;
}

test('targets are set and removed for some of what was asked, and those that failed are told', async (t) => {
  const { client } = await stormyAccount(t, { conflicting: 0.4, seed: 2 });
  const events = new EventBridgeClient(client);
  const Rule = 'nightly';
  await events.send(new PutRuleCommand({ Name: Rule, ScheduleExpression: 'rate(1 day)' }));
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const codes = new Set<string | undefined>();

  /** Asks again for what failed until nothing does, and returns what was there and what had failed after each round. */
  const persist = async (
    send: (ids: string[]) => Promise<Partly>,
  ): Promise<{ there: string[]; failed: string[] }[]> => {
    const rounds: { there: string[]; failed: string[] }[] = [];
    for (let left = ids; left.length > 0; ) {
      const { FailedEntryCount, FailedEntries = [] } = await send(left);
      assert.equal(FailedEntryCount, FailedEntries.length);
      for (const { ErrorCode } of FailedEntries) codes.add(ErrorCode);
      left = FailedEntries.map(({ TargetId = '' }) => TargetId);
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
      rounds.push({ there: Targets.map(({ Id = '' }) => Id).sort(), failed: left.toSorted() });
      assert.ok(rounds.length <= 3, 'a target failed three times in a row');
    }
    return rounds;
  };
  const Arn = `arn:aws:lambda:${region}:${account}:function:f`;
  const put = await persist((left) =>
    events.send(new PutTargetsCommand({ Rule, Targets: left.map((Id) => ({ Id, Arn })) })),
  );
  assert.ok(put.length > 1, 'nothing failed');
  for (const { there, failed } of put) assert.deepEqual([...there, ...failed].sort(), ids);
  const removed = await persist((left) => events.send(new RemoveTargetsCommand({ Rule, Ids: left })));
  assert.ok(removed.length > 1, 'nothing failed');
  for (const { there, failed } of removed) assert.deepEqual(there, failed);
  assert.deepEqual(codes, new Set(['ConcurrentModificationException', 'ThrottlingException']));
});

test('a change of a bucket meets another one now and then', async (t) => {
  const { client } = await stormyAccount(t, { conflicting: 0.3 });
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const met: string[] = [];
  for (const Bucket of names) {
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    const command = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    met.push(...(await metBy(() => s3.send(command), 2)));
    assert.equal((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status, 'Enabled');
  }
  assert.deepEqual(
    new Set(met),
    new Set([
      'OperationAborted: A conflicting conditional operation is currently in progress against this resource. Please try again.',
    ]),
  );
});

test('a write under a condition meets another one now and then; one without never does', async (t) => {
  const { client } = await stormyAccount(t, { conflicting: 0.3 });
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const [Bucket = ''] = names;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  const met: string[] = [];
  for (const Key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
    const claim = new PutObjectCommand({ Bucket, Key, Body: 'claimed', IfNoneMatch: '*' });
    met.push(...(await metBy(() => s3.send(claim), 2)));
    await assert.rejects(async () => {
      await metBy(() => s3.send(claim), 2);
    });
    await s3.send(new PutObjectCommand({ Bucket, Key: `${Key}/free`, Body: 'x' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    assert.equal(await Body?.transformToString(), 'claimed');
  }
  assert.deepEqual(
    new Set(met),
    new Set([
      'ConditionalRequestConflict: The conditional request cannot succeed due to a conflicting operation against this resource.',
    ]),
  );
});

test('a new bucket is not known everywhere at once, and a deleted one gives its name back late', async (t) => {
  const { client } = await stormyAccount(t, { lag: 3 });
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const unknown: string[] = [];
  const taken: string[] = [];
  for (const Bucket of names) {
    const create = () => s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    await create();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    unknown.push(...(await metBy(() => s3.send(new GetBucketVersioningCommand({ Bucket })), 3)));
    const empty = `${Bucket}-empty`;
    await s3.send(new CreateBucketCommand({ Bucket: empty, CreateBucketConfiguration }));
    await s3.send(new DeleteBucketCommand({ Bucket: empty }));
    taken.push(
      ...(await metBy(() => s3.send(new CreateBucketCommand({ Bucket: empty, CreateBucketConfiguration })), 3)),
    );
  }
  assert.deepEqual(new Set(unknown), new Set(['NoSuchBucket: The specified bucket does not exist']));
  assert.deepEqual(new Set(taken.map((error) => error.split(':')[0])), new Set(['OperationAborted']));
});

test('the name of a deleted queue is not free for a few attempts', async (t) => {
  const { client } = await stormyAccount(t, { lag: 3 });
  const sqs = new SQSClient(client);
  const met: string[] = [];
  for (const QueueName of names) {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    met.push(...(await metBy(() => sqs.send(new CreateQueueCommand({ QueueName })), 3)));
  }
  assert.deepEqual(
    new Set(met),
    new Set([
      'QueueDeletedRecently: You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    ]),
  );
});
