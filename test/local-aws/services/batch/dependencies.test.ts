import assert from 'node:assert/strict';
import test from 'node:test';
import { CancelJobCommand, ListJobsCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { batchWorld, describe, furnish, submitScript } from './batch-world.ts';

const forEver = 'setInterval(() => {}, 1e6)';

test('a job waits, PENDING, until the jobs it depends on have succeeded', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const first = await submitScript(aws.client, 'console.log("first")');
  const second = await submitScript(aws.client, 'console.log("second")', { dependsOn: [{ jobId: first }] });
  await aws.clock.idle();
  assert.deepEqual(aws.statuses(second), ['PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
  assert.deepEqual([...aws.logs.values()].flat(), ['first', 'second']);
});

test('a failure fails what depends on it, and what depends on that', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const first = await submitScript(aws.client, 'process.exit(1)');
  const second = await submitScript(aws.client, '0', { dependsOn: [{ jobId: first }] });
  const third = await submitScript(aws.client, '0', { dependsOn: [{ jobId: second }] });
  await aws.clock.idle();
  const late = await submitScript(aws.client, '0', { dependsOn: [{ jobId: first }] });
  await aws.clock.idle();
  for (const jobId of [second, third, late]) {
    const { status, statusReason } = await describe(aws.client, jobId);
    assert.deepEqual([status, statusReason], ['FAILED', 'Dependent Job failed']);
  }
});

test('a PENDING job is cancelled only when its dependencies have ended', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const first = await submitScript(aws.client, forEver);
  const second = await submitScript(aws.client, '0', { dependsOn: [{ jobId: first }] });
  await aws.reached(first, 'RUNNING');
  await aws.client.send(new CancelJobCommand({ jobId: second, reason: 'not needed' }));
  const pending = await describe(aws.client, second);
  assert.deepEqual([pending.status, pending.isCancelled], ['PENDING', true]);
  await aws.client.send(new TerminateJobCommand({ jobId: first, reason: 'enough' }));
  await aws.clock.idle();
  assert.equal((await describe(aws.client, second)).status, 'FAILED');
});

test('an array runs a child for each index, and succeeds when all have', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const code = 'console.log(process.env.AWS_BATCH_JOB_ARRAY_INDEX, "of", process.env.AWS_BATCH_JOB_ARRAY_SIZE)';
  const jobId = await submitScript(aws.client, code, { arrayProperties: { size: 3 } });
  await aws.clock.idle();
  const parent = await describe(aws.client, jobId);
  assert.equal(parent.status, 'SUCCEEDED');
  assert.deepEqual(parent.arrayProperties?.statusSummary, {
    SUBMITTED: 0,
    PENDING: 0,
    RUNNABLE: 0,
    STARTING: 0,
    RUNNING: 0,
    SUCCEEDED: 3,
    FAILED: 0,
  });
  assert.deepEqual([...aws.logs.values()].flat().sort(), ['0 of 3', '1 of 3', '2 of 3']);
  const { jobSummaryList } = await aws.client.send(new ListJobsCommand({ arrayJobId: jobId, jobStatus: 'SUCCEEDED' }));
  assert.deepEqual(
    jobSummaryList?.map((each) => [each.jobId, each.arrayProperties?.index]),
    [0, 1, 2].map((index) => [`${jobId}:${index}`, index]),
  );
  assert.deepEqual(aws.statuses(jobId), ['PENDING', 'SUCCEEDED']);
});

test('an array fails when a child fails, after the others have ended', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(aws.client, 'process.exit(Number(process.env.AWS_BATCH_JOB_ARRAY_INDEX))', {
    arrayProperties: { size: 2 },
  });
  await aws.clock.idle();
  const parent = await describe(aws.client, jobId);
  assert.deepEqual([parent.status, parent.statusReason], ['FAILED', 'Array Child Job failed']);
  assert.equal((await describe(aws.client, `${jobId}:0`)).status, 'SUCCEEDED');
});

test('SEQUENTIAL: the children of an array run one after the other', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(aws.client, 'console.log(process.env.AWS_BATCH_JOB_ARRAY_INDEX)', {
    arrayProperties: { size: 3 },
    dependsOn: [{ type: 'SEQUENTIAL' }],
  });
  await aws.clock.idle();
  assert.deepEqual([...aws.logs.values()].flat(), ['0', '1', '2']);
  assert.equal((await describe(aws.client, jobId)).status, 'SUCCEEDED');
});

test('N_TO_N: each child waits for the child of its own index only', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const first = await submitScript(aws.client, 'process.exit(Number(process.env.AWS_BATCH_JOB_ARRAY_INDEX))', {
    arrayProperties: { size: 2 },
  });
  const second = await submitScript(aws.client, '0', {
    arrayProperties: { size: 2 },
    dependsOn: [{ jobId: first, type: 'N_TO_N' }],
  });
  await aws.clock.idle();
  assert.deepEqual(
    [(await describe(aws.client, `${second}:0`)).status, (await describe(aws.client, `${second}:1`)).status],
    ['SUCCEEDED', 'FAILED'],
  );
});

test('ten thousand children that fail one because of the other do not overflow anything', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(aws.client, 'process.exit(1)', {
    arrayProperties: { size: 10_000 },
    dependsOn: [{ type: 'SEQUENTIAL' }],
  });
  await aws.clock.idle();
  assert.deepEqual((await describe(aws.client, jobId)).arrayProperties?.statusSummary?.['FAILED'], 10_000);
});

test('terminating an array ends its children wherever they are', async () => {
  await using aws = await batchWorld();
  await furnish(aws, { vcpus: 1 });
  const jobId = await submitScript(aws.client, forEver, { arrayProperties: { size: 3 } });
  await aws.reached(`${jobId}:0`, 'RUNNING');
  await aws.client.send(new TerminateJobCommand({ jobId, reason: 'enough' }));
  await aws.clock.idle();
  const parent = await describe(aws.client, jobId);
  assert.deepEqual([parent.status, parent.arrayProperties?.statusSummary?.['FAILED']], ['FAILED', 3]);
});
