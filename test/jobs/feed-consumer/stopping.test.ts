import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { closed, listening } from '../../../scripts/local/loopback.ts';
import { checkpointOf, consumerVariables, numbered, storeFeed, take } from '../../support/consumer-runs.ts';
import { forward } from '../../support/holding-proxy.ts';
import { runConsumer } from '../../support/job-runs.ts';
import { JobWorld } from '../../support/job-world.ts';
import { startScriptedDestination } from '../../support/scripted-destination.ts';

let world: JobWorld;
before(async () => {
  world = await JobWorld.start();
});
after(() => world[Symbol.asyncDispose]());

interface FailingS3 extends AsyncDisposable {
  readonly s3: S3Client;
  /** Emits `asked` with each request that is not answered. */
  readonly requests: EventEmitter;
  /** Answers no request any more. */
  fail(): void;
}

/** An S3 that answers some requests, and then none. */
async function failingS3(answered: number): Promise<FailingS3> {
  let left = answered;
  const requests = new EventEmitter();
  const server = createServer((message, reply) => {
    if (left-- > 0) forward(world.aws.endpoint, message, reply);
    else requests.emit('asked');
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = new S3Client({ endpoint: await listening(server, 0), region: 'us-east-1', credentials });
  return {
    s3,
    requests,
    fail: () => {
      left = 0;
    },
    [Symbol.asyncDispose]: async () => {
      s3.destroy();
      await closed(server);
    },
  };
}

const seconds = { timeout: 30_000 };

test('told to stop while S3 does not answer and nothing was sent, it stops at once', seconds, async () => {
  await using destination = await startScriptedDestination(take);
  // Turn, turn, checkpoint, checkpoint, rejects, snapshot.
  for (let answered = 0; answered < 6; answered++) {
    await using failing = await failingS3(answered);
    const stop = new AbortController();
    failing.requests.once('asked', () => stop.abort());
    const variables = consumerVariables(await storeFeed(world, `silent-${answered}`, numbered(20)), destination.url);
    const { last } = await runConsumer(world, variables, stop.signal, { s3: failing.s3 });
    assert.equal(last.event, 'delivery stopped', `after ${answered} answers`);
  }
  assert.deepEqual(destination.posted, []);
});

test('told to stop while S3 does not say whose turn it is, it stops as well', seconds, async () => {
  await using failing = await failingS3(1_000);
  const stop = new AbortController();
  failing.requests.once('asked', () => stop.abort());
  await using destination = await startScriptedDestination(() => {
    failing.fail();
    return { does: 'answer', status: 503, headers: { 'retry-after': '0' } };
  });
  const message = await storeFeed(world, 'turnless', numbered(5));
  const variables = consumerVariables(message, destination.url, { CHECKPOINT_SECONDS: '0' });
  const { last } = await runConsumer(world, variables, stop.signal, { s3: failing.s3 });
  assert.deepEqual([last.event, destination.posted.length], ['delivery stopped', 1]);
});

test(
  'a last checkpoint that S3 does not take is waited for until the end, and the next attempt repeats what it lacks',
  seconds,
  async () => {
    await using failing = await failingS3(1_000);
    const [stop, end] = [new AbortController(), new AbortController()];
    await using destination = await startScriptedDestination(({ attempt }) => {
      if (attempt > 1) return { does: 'take' };
      failing.fail();
      stop.abort();
      return { does: 'take' };
    });
    const message = await storeFeed(world, 'unsaved', numbered(20));
    const variables = consumerVariables(message, destination.url, { PARALLELISM: '1', CHECKPOINT_SECONDS: '3600' });
    const asked = once(failing.requests, 'asked');
    const run = runConsumer(world, variables, stop.signal, { s3: failing.s3, end: end.signal });
    await asked;
    end.abort();
    const { exitCode, last } = await run;
    assert.deepEqual([exitCode, last.event, last['saved']], [0, 'delivery stopped', false]);
    assert.equal((await checkpointOf(world, message)).batches, 0);
  },
);
