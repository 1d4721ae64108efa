import assert from 'node:assert/strict';
import test from 'node:test';
import type { RetryStrategy } from '@aws-sdk/client-batch';
import { type BatchWorld, batchWorld, describe, furnish, registerScript, submitScript } from './batch-world.ts';

const run = async (aws: BatchWorld, code: string, retryStrategy: RetryStrategy) => {
  const jobId = await submitScript(aws.client, code, { retryStrategy });
  await aws.clock.idle();
  return describe(aws.client, jobId);
};

test('a job that fails is tried again until it succeeds, and each attempt knows its number', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const job = await run(aws, 'process.exit(process.env.AWS_BATCH_JOB_ATTEMPT === "3" ? 0 : 5)', { attempts: 4 });
  assert.equal(job.status, 'SUCCEEDED');
  assert.deepEqual(
    job.attempts?.map((each) => each.container?.exitCode),
    [5, 5, 0],
  );
  assert.equal(new Set(job.attempts?.map((each) => each.container?.logStreamName)).size, 3);
});

test('a job fails when its attempts are used up', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const job = await run(aws, 'process.exit(7)', { attempts: 2 });
  assert.deepEqual([job.status, job.attempts?.length, job.container?.exitCode], ['FAILED', 2, 7]);
});

test('evaluateOnExit: the first entry that matches decides', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const evaluateOnExit = [
    { onExitCode: '4*', action: 'RETRY' as const },
    { onReason: '*', action: 'EXIT' as const },
  ];
  assert.equal((await run(aws, 'process.exit(42)', { attempts: 3, evaluateOnExit })).attempts?.length, 3);
  assert.equal((await run(aws, 'process.exit(1)', { attempts: 3, evaluateOnExit })).attempts?.length, 1);
});

test('evaluateOnExit: an exit code that no entry matches is retried', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const evaluateOnExit = [{ onExitCode: '3', action: 'EXIT' as const }];
  assert.equal((await run(aws, 'process.exit(1)', { attempts: 2, evaluateOnExit })).attempts?.length, 2);
  assert.equal((await run(aws, 'process.exit(3)', { attempts: 2, evaluateOnExit })).attempts?.length, 1);
});

test('an attempt that takes longer than its timeout is stopped and not retried', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(aws.client, 'setInterval(() => {}, 1e6)', {
    timeout: { attemptDurationSeconds: 60 },
    retryStrategy: { attempts: 3 },
  });
  await aws.reached(jobId, 'RUNNING');
  aws.clock.skip(61_000);
  await aws.clock.idle();
  const job = await describe(aws.client, jobId);
  assert.deepEqual(
    [job.status, job.statusReason, job.attempts?.length],
    ['FAILED', 'Job attempt duration exceeded timeout', 1],
  );
});

test('a container over its memory is killed with 137 and says why', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await registerScript(aws.client, {
    resourceRequirements: [
      { type: 'VCPU', value: '0.25' },
      { type: 'MEMORY', value: '512' },
    ],
  });
  const jobId = await submitScript(
    aws.client,
    'globalThis.held = Buffer.alloc(700 << 20, 1); setInterval(() => {}, 1e6)',
  );
  await aws.clock.idle();
  const job = await describe(aws.client, jobId);
  assert.deepEqual(
    [job.container?.exitCode, job.container?.reason, job.status],
    [137, 'OutOfMemoryError: Container killed due to memory usage', 'FAILED'],
  );
});

test('what a job leaves running in the background ends with it', { timeout: 10_000 }, async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  // The background process holds the job's output open: as long as it lives, the job does not end.
  const code =
    'import { spawn } from "node:child_process"; spawn("sleep", ["1000"], { stdio: "inherit" }).unref(); process.exit(0)';
  const job = await run(aws, code, { attempts: 1 });
  assert.equal(job.status, 'SUCCEEDED');
});

test('an image of another registry fails, saying that no container engine is here', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await registerScript(aws.client, { image: 'busybox' });
  const job = await run(aws, 'true', { attempts: 1 });
  assert.deepEqual([job.status, job.statusReason], ['FAILED', 'Task failed to start']);
  assert.match(
    job.container?.reason ?? '',
    /^CannotPullContainerError: busybox is not .* no container engine answers here/,
  );
});

test('an image of the embedded registry that was never pushed cannot be pulled', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await registerScript(aws.client, { image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/none:1' });
  const job = await run(aws, 'true', { attempts: 1 });
  assert.match(job.container?.reason ?? '', /^CannotPullContainerError: pull image manifest .*\/none:1: not found$/);
});

test('overrides longer than ECS takes fail the job', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const job = await run(aws, `// ${'x'.repeat(8192)}`, { attempts: 1 });
  assert.deepEqual([job.status, job.statusReason], ['FAILED', 'Container Overrides length must be at most 8192']);
});

test('when the embedded AWS stops, the processes of its jobs are killed', async () => {
  const aws = await batchWorld();
  await furnish(aws);
  await submitScript(
    aws.client,
    'process.on("SIGTERM", () => {}); console.log("pid", process.pid); console.log("ready"); setInterval(() => {}, 1e6)',
  );
  await aws.logged('ready');
  const [line = ''] = [...aws.logs.values()].flat();
  await aws[Symbol.asyncDispose]();
  assert.throws(() => process.kill(Number(line.split(' ')[1]), 0), { code: 'ESRCH' });
});

test('when the embedded AWS stops while a job is starting, the job does not go on', { timeout: 10_000 }, async () => {
  const aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(aws.client, 'setInterval(() => {}, 1e6)');
  await aws.reached(jobId, 'STARTING');
  await aws[Symbol.asyncDispose]();
  await aws.clock.idle();
  assert.equal(aws.statuses(jobId).at(-1), 'FAILED');
});
