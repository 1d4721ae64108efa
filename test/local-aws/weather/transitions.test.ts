import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  DeleteComputeEnvironmentCommand,
  DeleteJobQueueCommand,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import { metBy, stormyAccount } from './stormy-account.ts';

/** With this seed none of the first transitions is over at once. */
async function batchInStorm(t: TestContext, lag: number) {
  const { client, clock } = await stormyAccount(t, { lag, seed: 2 });
  const batch = new BatchClient(client);
  const environment = async (name: string) =>
    (await batch.send(new DescribeComputeEnvironmentsCommand({ computeEnvironments: [name] }))).computeEnvironments?.[0]
      ?.status;
  const queue = async (name: string) =>
    (await batch.send(new DescribeJobQueuesCommand({ jobQueues: [name] }))).jobQueues?.[0]?.status;
  return { batch, clock, environment, queue };
}

/** The statuses that something goes through until it has the last of them. */
async function until(last: string, read: () => Promise<string | undefined>): Promise<string[]> {
  const seen: string[] = [];
  while (seen.at(-1) !== last) {
    assert.ok(seen.length < 20, `still ${seen.at(-1)}`);
    const status = (await read()) ?? 'nothing';
    if (status !== seen.at(-1)) seen.push(status);
  }
  return seen;
}

const newEnvironment = (computeEnvironmentName: string) =>
  new CreateComputeEnvironmentCommand({
    computeEnvironmentName,
    type: 'MANAGED',
    computeResources: { type: 'FARGATE', maxvCpus: 4, subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
  });
const newQueue = (jobQueueName: string, computeEnvironment: string) =>
  new CreateJobQueueCommand({ jobQueueName, priority: 1, computeEnvironmentOrder: [{ order: 1, computeEnvironment }] });

test('compute environments and queues take their time to be made, changed and deleted, and linger DELETED', async (t) => {
  const { batch, environment, queue } = await batchInStorm(t, 8);
  await batch.send(newEnvironment('main'));
  assert.deepEqual(await until('VALID', () => environment('main')), ['CREATING', 'VALID']);
  await batch.send(newQueue('feeds', 'main'));
  assert.deepEqual(await until('VALID', () => queue('feeds')), ['CREATING', 'VALID']);

  await batch.send(
    new UpdateComputeEnvironmentCommand({ computeEnvironment: 'main', computeResources: { maxvCpus: 8 } }),
  );
  const again = new UpdateComputeEnvironmentCommand({ computeEnvironment: 'main', state: 'DISABLED' });
  const [refusal, ...more] = await metBy(() => batch.send(again), 8);
  assert.equal(refusal, 'ClientException: Cannot update, resource is being modified');
  assert.deepEqual(new Set([refusal, ...more]).size, 1);
  assert.equal((await until('VALID', () => environment('main'))).at(-1), 'VALID');

  await batch.send(new UpdateJobQueueCommand({ jobQueue: 'feeds', state: 'DISABLED' }));
  assert.deepEqual(await until('VALID', () => queue('feeds')), ['UPDATING', 'VALID']);
  await batch.send(new DeleteJobQueueCommand({ jobQueue: 'feeds' }));
  assert.deepEqual(await until('DELETED', () => queue('feeds')), ['DELETING', 'DELETED']);
  await metBy(() => batch.send(new DeleteComputeEnvironmentCommand({ computeEnvironment: 'main' })), 8);
  assert.deepEqual(await until('DELETED', () => environment('main')), ['DELETING', 'DELETED']);
});

test('a queue takes a compute environment once that is VALID', async (t) => {
  const { batch, environment } = await batchInStorm(t, 8);
  await batch.send(newEnvironment('old'));
  await until('VALID', () => environment('old'));
  await metBy(() => batch.send(newQueue('feeds', 'old')), 0);
  await batch.send(newEnvironment('new'));
  const move = new UpdateJobQueueCommand({
    jobQueue: 'feeds',
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'new' }],
  });
  const met = await metBy(() => batch.send(move), 16);
  assert.ok(
    met.some((error) => /compute-environment\/new is not VALID/.test(error)),
    met.join('\n'),
  );
});

test('a compute environment that a queue has let go of is held by it for a moment', async (t) => {
  const { batch, environment } = await batchInStorm(t, 8);
  for (const name of ['old', 'new']) await batch.send(newEnvironment(name));
  for (const name of ['old', 'new']) await until('VALID', () => environment(name));
  await batch.send(newQueue('feeds', 'old'));
  await batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: 'old', state: 'DISABLED' }));
  await until('VALID', () => environment('old'));
  const move = new UpdateJobQueueCommand({
    jobQueue: 'feeds',
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'new' }],
  });
  await metBy(() => batch.send(move), 8);
  const met = await metBy(() => batch.send(new DeleteComputeEnvironmentCommand({ computeEnvironment: 'old' })), 8);
  assert.deepEqual(new Set(met), new Set(['ClientException: Cannot delete, found existing JobQueue relationship']));
});

test('a transition that nobody looks at is over after 100 ms', async (t) => {
  const { batch, clock, environment } = await batchInStorm(t, 1_000);
  await batch.send(newEnvironment('main'));
  await clock.advanceTo(clock.now() + 99);
  assert.equal(await environment('main'), 'CREATING');
  await clock.advanceTo(clock.now() + 1);
  assert.equal(await environment('main'), 'VALID');
});
