import assert from 'node:assert/strict';
import test from 'node:test';
import {
  CreateComputeEnvironmentCommand,
  CreateSchedulingPolicyCommand,
  DeleteJobQueueCommand,
  DeleteSchedulingPolicyCommand,
  DescribeJobQueuesCommand,
  DescribeSchedulingPoliciesCommand,
  type FairsharePolicy,
  ListSchedulingPoliciesCommand,
  UpdateJobQueueCommand,
  UpdateSchedulingPolicyCommand,
} from '@aws-sdk/client-batch';
import { type BatchWorld, batchWorld, createEnvironment, createQueue } from './batch-world.ts';

const describe = async ({ client }: BatchWorld) =>
  (await client.send(new DescribeJobQueuesCommand({ jobQueues: ['feeds'] }))).jobQueues?.[0];

const environmentArn = (name: string): string => `arn:aws:batch:eu-central-1:123456789012:compute-environment/${name}`;

test('a queue comes back with the ARNs of its compute environments and what Batch fills in', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 4);
  await createQueue(aws.client, 'feeds', ['env'], { tags: { team: 'feeds' } });
  assert.deepEqual(await describe(aws), {
    jobQueueName: 'feeds',
    jobQueueArn: 'arn:aws:batch:eu-central-1:123456789012:job-queue/feeds',
    state: 'ENABLED',
    status: 'VALID',
    statusReason: 'JobQueue Healthy',
    priority: 1,
    computeEnvironmentOrder: [{ order: 0, computeEnvironment: environmentArn('env') }],
    serviceEnvironmentOrder: [],
    jobQueueType: 'ECS_FARGATE',
    tags: { team: 'feeds' },
    jobStateTimeLimitActions: [],
  });
});

test('an update changes what it names and keeps the rest', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 4);
  await createQueue(aws.client, 'feeds', ['env']);
  await aws.client.send(new UpdateJobQueueCommand({ jobQueue: 'feeds', priority: 5 }));
  const queue = await describe(aws);
  assert.deepEqual([queue?.priority, queue?.state, queue?.computeEnvironmentOrder?.length], [5, 'ENABLED', 1]);
});

test('a queue is disabled before it is deleted; then it lingers as DELETED and its name is free', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 4);
  await createQueue(aws.client, 'feeds', ['env']);
  const remove = () => aws.client.send(new DeleteJobQueueCommand({ jobQueue: 'feeds' }));
  await assert.rejects(remove(), { message: 'Cannot delete, state must be DISABLED' });
  await aws.client.send(new UpdateJobQueueCommand({ jobQueue: 'feeds', state: 'DISABLED' }));
  await remove();
  assert.equal((await describe(aws))?.status, 'DELETED');
  await createQueue(aws.client, 'feeds', ['env']);
  assert.equal((await describe(aws))?.status, 'VALID');
});

test('compute environments must be there, VALID, at most three, and all on Fargate or all on EC2', async () => {
  await using aws = await batchWorld({ settlingMs: 1_000 });
  for (const name of ['a', 'b', 'c', 'd']) await createEnvironment(aws.client, name, 1);
  const computeResources = {
    ...{ type: 'EC2' as const, minvCpus: 0, maxvCpus: 8, subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
    ...{ instanceTypes: ['optimal'], instanceRole: 'ecsInstanceRole' },
  };
  await aws.client.send(
    new CreateComputeEnvironmentCommand({ computeEnvironmentName: 'ec2', type: 'MANAGED', computeResources }),
  );
  await assert.rejects(createQueue(aws.client, 'feeds', ['a']), /compute-environment\/a is not VALID/);
  await aws.clock.advanceTo(aws.clock.now() + 1_000);
  await assert.rejects(createQueue(aws.client, 'feeds', ['none']), /none does not exist/);
  await assert.rejects(createQueue(aws.client, 'feeds', ['a', 'ec2']), /Cannot mix EC2 and Fargate/);
  await assert.rejects(createQueue(aws.client, 'feeds', ['a', 'b', 'c', 'd']), { name: 'ClientException' });
  await assert.rejects(createQueue(aws.client, 'feeds', []), { name: 'ClientException' });
  await createQueue(aws.client, 'feeds', ['a', 'b', 'c']);
});

test('a queue that is being created, updated or deleted refuses the next change', async () => {
  await using aws = await batchWorld({ settlingMs: 1_000 });
  await createEnvironment(aws.client, 'env', 1);
  await aws.clock.advanceTo(aws.clock.now() + 1_000);
  await createQueue(aws.client, 'feeds', ['env']);
  const update = () => aws.client.send(new UpdateJobQueueCommand({ jobQueue: 'feeds', state: 'DISABLED' }));
  await assert.rejects(update(), /Cannot update, resource is being modified/);
  await aws.clock.advanceTo(aws.clock.now() + 1_000);
  await update();
  assert.equal((await describe(aws))?.status, 'UPDATING');
});

const limit = { reason: 'CAPACITY:X', state: 'RUNNABLE' as const, action: 'CANCEL' as const, maxTimeSeconds: 600 };
for (const [what, change] of [
  ['under ten minutes', { maxTimeSeconds: 599 }],
  ['over a day', { maxTimeSeconds: 86_401 }],
  ['without a reason', { reason: '' }],
  // Only queues of SageMaker terminate.
  ['that terminates', { action: 'TERMINATE' }],
] as const)
  test(`a time limit ${what} is refused`, async () => {
    await using aws = await batchWorld();
    await createEnvironment(aws.client, 'env', 1);
    const jobStateTimeLimitActions = [{ ...limit, ...change }];
    await assert.rejects(createQueue(aws.client, 'feeds', ['env'], { jobStateTimeLimitActions }), {
      name: 'ClientException',
    });
  });

test('a scheduling policy belongs to a queue from the start, can be exchanged, and is not deleted while in use', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 1);
  const create = async (name: string): Promise<string> =>
    (await aws.client.send(new CreateSchedulingPolicyCommand({ name, tags: { a: '1' } }))).arn ?? '';
  const [fair, other] = [await create('fair'), await create('other')];
  await createQueue(aws.client, 'feeds', ['env'], { schedulingPolicyArn: fair });
  await createQueue(aws.client, 'plain', ['env']);
  await assert.rejects(
    aws.client.send(new UpdateJobQueueCommand({ jobQueue: 'plain', schedulingPolicyArn: fair })),
    /cannot be added/,
  );
  await assert.rejects(aws.client.send(new DeleteSchedulingPolicyCommand({ arn: fair })), /JobQueue relationship/);
  await aws.client.send(new UpdateJobQueueCommand({ jobQueue: 'feeds', schedulingPolicyArn: other }));
  await aws.client.send(new DeleteSchedulingPolicyCommand({ arn: fair }));
  await aws.client.send(new UpdateSchedulingPolicyCommand({ arn: other, fairsharePolicy: { shareDecaySeconds: 60 } }));
  const { schedulingPolicies } = await aws.client.send(new DescribeSchedulingPoliciesCommand({ arns: [fair, other] }));
  const fairsharePolicy = { shareDecaySeconds: 60, computeReservation: 0, shareDistribution: [] };
  assert.deepEqual(schedulingPolicies, [{ name: 'other', arn: other, fairsharePolicy, tags: { a: '1' } }]);
  const listed = await aws.client.send(new ListSchedulingPoliciesCommand({}));
  assert.deepEqual(listed.schedulingPolicies, [{ arn: other }]);
});

test('the 51st queue is refused', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'env', 1);
  await Promise.all(Array.from({ length: 50 }, (_, at) => createQueue(aws.client, `queue-${at}`, ['env'])));
  await assert.rejects(createQueue(aws.client, 'one-more', ['env']), { name: 'ClientException', message: /limit/i });
});

const share = (shareIdentifier: string, weightFactor?: number) => ({ shareIdentifier, weightFactor });
for (const [what, fairsharePolicy] of [
  ['a decay of over a week', { shareDecaySeconds: 604_801 }],
  ['a reservation of everything', { computeReservation: 100 }],
  ['a share with a dash', { shareDistribution: [share('a-b')] }],
  ['a weight of nothing', { shareDistribution: [share('a', 0)] }],
  ['shares that overlap', { shareDistribution: [share('a*'), share('a1')] }],
] satisfies [string, FairsharePolicy][])
  test(`a scheduling policy with ${what} is refused`, async () => {
    await using aws = await batchWorld();
    await assert.rejects(aws.client.send(new CreateSchedulingPolicyCommand({ name: 'fair', fairsharePolicy })), {
      name: 'ClientException',
    });
  });
