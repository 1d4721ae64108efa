import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import test from 'node:test';
import { BatchClient, DescribeJobQueuesCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { stormy } from '../../scripts/local-aws/weather/storm.ts';
import { clientConfig } from './wire/echo.ts';

test('every call is told of, also one that is refused or throttled', async () => {
  const calls: string[] = [];
  const weather = stormy(1, { throttled: 1, stale: 0, conflicting: 0, lag: 0 });
  await using aws = await startLocalAws({
    weather,
    onCall: ({ service, operation }) => void calls.push(`${service}:${operation}`),
  });
  const batch = new BatchClient(clientConfig(aws.endpoint));
  const submit = new SubmitJobCommand({ jobName: 'j', jobQueue: 'none', jobDefinition: 'none' });
  await assert.rejects(batch.send(submit), { name: 'TooManyRequestsException' });
  await assert.rejects(batch.send(submit));
  await assert.rejects(batch.send(new DescribeJobQueuesCommand({})));
  assert.deepEqual(calls, ['batch:SubmitJob', 'batch:SubmitJob', 'batch:DescribeJobQueues']);
});

test('what is told of a call comes after it was done, and holds its answer back', async () => {
  let release = (): void => {};
  let reached = (): void => {};
  const done = new Promise<void>((resolve) => {
    reached = resolve;
  });
  await using aws = await startLocalAws({
    onCall: async ({ operation }) => {
      if (operation !== 'CreateTopic') return;
      reached();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    },
  });
  const sns = new SNSClient(clientConfig(aws.endpoint));
  let answered = false;
  const created = sns.send(new CreateTopicCommand({ Name: 'start' })).then(() => {
    answered = true;
  });
  await done;
  assert.equal((await sns.send(new ListTopicsCommand({}))).Topics?.length, 1);
  assert.equal(answered, false);
  release();
  await created;
});

test('answers and refusals take as much longer as the latency says', async () => {
  await using aws = await startLocalAws({ latency: 30 });
  const sns = new SNSClient(clientConfig(aws.endpoint));
  await sns.send(new ListTopicsCommand({}));
  for (const call of [
    () => sns.send(new ListTopicsCommand({})),
    () => assert.rejects(sns.send(new CreateTopicCommand({ Name: 'not a name' }))),
  ]) {
    const before = performance.now();
    await call();
    const took = performance.now() - before;
    assert.ok(took >= 29, `took ${took} ms`);
  }
});
