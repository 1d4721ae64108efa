import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { type BatchWorld, batchWorld, describe, furnish, registerScript, submitScript } from './batch-world.ts';

/** Says what it is asked to run; has the image `mine`, and pulls but two. */
const fakeEngine = `#!/bin/sh
case "$1 $2" in
  "image inspect") [ "$5" = mine ] ;;
  "pull --quiet") [ "$3" != endless ] || exec sleep 1000
    [ "$3" != absent ] || { printf 'Trying to pull\\nError: manifest unknown\\n' >&2; exit 125; } ;;
  run*) printf '%s\\n' "$@" ;;
esac
`;

async function withEngine(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'baton-engine-'));
  const engine = join(folder, 'docker');
  await writeFile(engine, fakeEngine);
  await chmod(engine, 0o755);
  const aws = await batchWorld({ engines: [join(folder, 'absent'), engine] });
  context.after(async () => {
    await aws[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  await furnish(aws);
  return aws;
}

async function run(aws: BatchWorld, image: string) {
  await registerScript(aws.client, { image });
  const jobId = await submitScript(aws.client, 'echo', { retryStrategy: { attempts: 1 } });
  await aws.clock.idle();
  return describe(aws.client, jobId);
}

test('an image of another registry, or of none, runs with a container engine where one answers', async (context) => {
  const aws = await withEngine(context);
  for (const image of ['busybox', 'mine']) {
    const job = await run(aws, image);
    assert.equal(job.status, 'SUCCEEDED');
    const args = [...aws.logs].find(([key]) => key.endsWith(job.container?.logStreamName ?? '?'))?.[1] ?? [];
    assert.deepEqual(args.slice(0, 2), ['run', '--rm']);
    assert.deepEqual(args.slice(-2), [image, 'echo']);
    assert.ok(args.join(' ').includes('--network host') && args.includes('AWS_BATCH_JQ_NAME=feeds'));
  }
});

test('an image that the engine cannot pull never starts', async (context) => {
  const aws = await withEngine(context);
  const job = await run(aws, 'absent');
  assert.deepEqual(
    [job.status, job.statusReason, job.startedAt, job.container?.exitCode, job.container?.reason],
    [
      'FAILED',
      'Task failed to start',
      undefined,
      undefined,
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref absent: Error: manifest unknown',
    ],
  );
});

test('a pull does not outlive the embedded AWS', { timeout: 10_000 }, async (context) => {
  const aws = await withEngine(context);
  await registerScript(aws.client, { image: 'endless' });
  await aws.reached(await submitScript(aws.client, 'echo'), 'STARTING');
});
