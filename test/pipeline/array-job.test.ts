import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import type { JobDetail } from '@aws-sdk/client-batch';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { parseCheckpoint } from '../../jobs/feed-consumer/progress/checkpoint.ts';
import { appliedConfig, changedConfig } from '../support/applied-config.ts';
import { lines } from '../support/consumer-runs.ts';
import { feedBucket } from '../support/feed-config.ts';
import { storeParts } from '../support/feed-parts.ts';
import { type Posted, type Reaction, startScriptedDestination } from '../support/scripted-destination.ts';

/** The config with room for two consumers at once and small batches, applied, and a destination that reacts as told. */
async function deployed(t: TestContext, react: (batch: Posted) => Reaction | Promise<Reaction>) {
  const destination = await startScriptedDestination(react);
  t.after(() => destination[Symbol.asyncDispose]());
  const few = 'PARALLELISM: 2\n        BATCH_SIZE: 3\n        CHECKPOINT_SECONDS: 0';
  const directory = changedConfig(t, {
    'compute-environments.yaml': [['maxvCpus: 6', 'maxvCpus: 2']],
    'topics.yaml': [['PARALLELISM: 15', few]],
  });
  const applied = await appliedConfig(t, { directory, variables: { destinationUrl: destination.url } });
  return { ...applied, s3: applied.client(S3), sns: applied.client(SNS), destination };
}

const topic = 'arn:aws:sns:eu-central-1:000000000000:local-start-feed-consumer';

type Deployed = Awaited<ReturnType<typeof deployed>>;

const storedParts = ({ s3 }: Deployed, type: string, sizes: readonly number[]) =>
  storeParts((Key, Body) => s3.putObject({ Bucket: feedBucket, Key, Body }), feedBucket, type, sizes);

/** The array jobs of the queue, in whatever state, with their details. */
async function arrayJobs({ batch }: Deployed): Promise<readonly JobDetail[]> {
  const filters = [{ name: 'JOB_NAME', values: ['lambda-feed-consumer*'] }];
  const { jobSummaryList = [] } = await batch.listJobs({ jobQueue: 'local-feeds', filters });
  const { jobs = [] } = await batch.describeJobs({ jobs: jobSummaryList.flatMap(({ jobId }) => jobId ?? []) });
  return jobs;
}

const childOf = ({ key }: Posted): string => /-(\d+)-\d+$/.exec(key)?.[1] ?? assert.fail(key);

test('a snapshot in parts becomes one array job, as many children at once as there are vCPUs, and every record arrives', async (t) => {
  const held: (() => void)[] = [];
  const children = new Set<string>();
  let arrived = (): void => {};
  const two = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let open = false;
  const system = await deployed(t, async (batch) => {
    children.add(childOf(batch));
    if (children.size === 2) arrived();
    if (!open) await new Promise<void>((resolve) => held.push(resolve));
    return { does: 'take' };
  });
  const message = await storedParts(system, 'big', [10, 1, 7, 0, 12]);
  // SNS may deliver twice.
  for (let time = 0; time < 2; time++) await system.sns.publish({ TopicArn: topic, Message: JSON.stringify(message) });
  await two;
  const [during, ...others] = await arrayJobs(system);
  assert.deepEqual(others, []);
  const { RUNNING, RUNNABLE, SUCCEEDED } = during?.arrayProperties?.statusSummary ?? {};
  assert.deepEqual([RUNNING, RUNNABLE, SUCCEEDED, children.size], [2, 3, 0, 2]);
  open = true;
  for (const go of held) go();
  await system.clock.idle();
  const [after] = await arrayJobs(system);
  assert.deepEqual([after?.status, after?.arrayProperties?.statusSummary?.['SUCCEEDED']], ['SUCCEEDED', 5]);
  assert.deepEqual(system.destination.taken().sort(), lines(1, 30).sort());
  const keys = system.destination.posted.map(({ key }) => key);
  assert.deepEqual(new Set(keys).size, keys.length);
  assert.deepEqual(
    keys.sort(),
    [4, 1, 3, 0, 4].flatMap((batches, part) =>
      Array.from({ length: batches }, (_, number) => `${message.id}-${part}-${number}`),
    ),
  );
  for (const [part, records] of [10, 1, 7, 0, 12].entries()) {
    const { Body } = await system.s3.getObject({ Bucket: feedBucket, Key: `checkpoints/${message.id}-${part}.json` });
    const checkpoint = parseCheckpoint((await Body?.transformToString()) ?? '');
    assert.deepEqual([checkpoint.records, checkpoint.complete], [records, true]);
  }
});

/** The processes of one child of an array on one embedded AWS. Every container knows its own. */
const processesOf = (endpoint: string, index: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const environment = environmentOf(pid);
      return [`AWS_ENDPOINT_URL=${endpoint}`, `AWS_BATCH_JOB_ARRAY_INDEX=${index}`].every((each) =>
        environment.includes(each),
      );
    });

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch (error) {
    // Gone, going, or somebody else's.
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}

const noProc = existsSync('/proc/self/environ') ? false : 'there is no /proc here to find the process of a job by';

test('a child that Spot takes away is told to stop, and its next attempt goes on where it ended', {
  skip: noProc,
}, async (t) => {
  let signalled = false;
  const system = await deployed(t, (batch) => {
    if (!signalled && batch.key.endsWith('-1-2')) {
      signalled = true;
      // As Spot and a stopped task do it: SIGTERM to the container, while this very request is under way.
      for (const pid of processesOf(system.endpoint, 1)) process.kill(pid, 'SIGTERM');
    }
    return { does: 'take' };
  });
  const message = await storedParts(system, 'spot', [3, 60]);
  await system.sns.publish({ TopicArn: topic, Message: JSON.stringify(message) });
  await system.clock.idle();
  assert.ok(signalled);
  const [array] = await arrayJobs(system);
  assert.equal(array?.status, 'SUCCEEDED');
  const { jobs: [child] = [] } = await system.batch.describeJobs({ jobs: [`${array.jobId}:1`] });
  assert.deepEqual(
    child?.attempts?.map(({ container }) => container?.exitCode),
    [143, 0],
  );
  // Nothing was sent twice: what was under way was finished and noted.
  const keys = system.destination.posted.map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(system.destination.taken().sort(), lines(1, 63).sort());
});
