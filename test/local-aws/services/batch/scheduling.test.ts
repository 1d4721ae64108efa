import assert from 'node:assert/strict';
import test from 'node:test';
import {
  CancelJobCommand,
  CreateComputeEnvironmentCommand,
  CreateSchedulingPolicyCommand,
  DeleteJobQueueCommand,
  DescribeJobQueuesCommand,
  GetJobQueueSnapshotCommand,
  TerminateJobCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import {
  type BatchWorld,
  batchWorld,
  createEnvironment,
  createQueue,
  describe,
  furnish,
  registerScript,
  submitScript,
} from './batch-world.ts';

const forEver = 'setInterval(() => {}, 1e6)';

const startOrder = (aws: BatchWorld): string[] =>
  aws.events.flatMap(({ detail }) => {
    const { status, jobName } = JSON.parse(JSON.stringify(detail));
    return status === 'STARTING' ? [jobName] : [];
  });

const end = (aws: BatchWorld, jobId: string) => aws.client.send(new TerminateJobCommand({ jobId, reason: 'done' }));

test('jobs wait for free vCPUs and run in the order of their submission', async () => {
  await using aws = await batchWorld();
  await furnish(aws, { vcpus: 1 });
  const first = await submitScript(aws.client, forEver, { jobName: 'first' });
  await aws.reached(first, 'RUNNING');
  const second = await submitScript(aws.client, '0', { jobName: 'second' });
  await submitScript(aws.client, '0', { jobName: 'third' });
  await aws.reached(second, 'RUNNABLE');
  assert.equal((await describe(aws.client, second)).statusReason, undefined);
  await end(aws, first);
  await aws.clock.idle();
  assert.deepEqual(startOrder(aws), ['first', 'second', 'third']);
});

test('of queues that share a compute environment the one with the higher priority goes first', async () => {
  await using aws = await batchWorld();
  await furnish(aws, { vcpus: 1 });
  await createQueue(aws.client, 'urgent', ['env'], { priority: 10 });
  const running = await submitScript(aws.client, forEver, { jobName: 'running' });
  await aws.reached(running, 'RUNNING');
  await submitScript(aws.client, '0', { jobName: 'early' });
  const urgent = await submitScript(aws.client, '0', { jobName: 'urgent', jobQueue: 'urgent' });
  await aws.reached(urgent, 'RUNNABLE');
  await end(aws, running);
  await aws.clock.idle();
  assert.deepEqual(startOrder(aws), ['running', 'urgent', 'early']);
});

test('what an urgent large job waits for is not taken by small jobs of a lesser queue', async () => {
  await using aws = await batchWorld();
  await furnish(aws, { vcpus: 4 });
  await createQueue(aws.client, 'urgent', ['env'], { priority: 10 });
  const running = await submitScript(aws.client, forEver, { jobName: 'running' });
  await aws.reached(running, 'RUNNING');
  const large = await submitScript(aws.client, '0', {
    jobName: 'large',
    jobQueue: 'urgent',
    containerOverrides: {
      command: ['0'],
      resourceRequirements: [
        { type: 'VCPU', value: '4' },
        { type: 'MEMORY', value: '8192' },
      ],
    },
  });
  const small = await submitScript(aws.client, '0', { jobName: 'small' });
  await aws.reached(large, 'RUNNABLE');
  await aws.reached(small, 'RUNNABLE');
  await end(aws, running);
  await aws.clock.idle();
  assert.deepEqual(startOrder(aws), ['running', 'large', 'small']);
});

test('a queue uses its next compute environment when the first is full or disabled', async () => {
  await using aws = await batchWorld();
  await createEnvironment(aws.client, 'one', 1);
  await createEnvironment(aws.client, 'two', 1);
  await createQueue(aws.client, 'feeds', ['one', 'two']);
  await registerScript(aws.client, {});
  const print = `console.log(process.env.AWS_BATCH_CE_NAME); ${forEver}`;
  await submitScript(aws.client, print);
  await aws.logged('one');
  const second = await submitScript(aws.client, print);
  await aws.logged('two');
  const third = await submitScript(aws.client, '0');
  await aws.reached(third, 'RUNNABLE');
  assert.equal((await describe(aws.client, second)).status, 'RUNNING');
});

test('a job that asks for more vCPUs than there can be says so, blocks its queue, and is told as an event', async () => {
  await using aws = await batchWorld();
  await furnish(aws, { vcpus: 1 });
  const large = await submitScript(aws.client, '0', {
    containerOverrides: {
      resourceRequirements: [
        { type: 'VCPU', value: '2' },
        { type: 'MEMORY', value: '4096' },
      ],
    },
  });
  const behind = await submitScript(aws.client, '0');
  await aws.clock.idle();
  const job = await describe(aws.client, large);
  assert.equal(job.status, 'RUNNABLE');
  assert.match(job.statusReason ?? '', /^MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE\(s\) associated/);
  assert.equal((await describe(aws.client, behind)).status, 'RUNNABLE');
  const told = aws.events.filter((each) => each['detail-type'] === 'Batch Job Queue Blocked');
  assert.deepEqual(
    told.map((each) => each.resources),
    [[job.jobArn, job.jobQueue]],
  );
  const { frontOfQueue } = await aws.client.send(new GetJobQueueSnapshotCommand({ jobQueue: 'feeds' }));
  assert.equal(frontOfQueue?.jobs?.[0]?.jobArn, job.jobArn);
});

test('raising maxvCpus lets a blocked job go', async () => {
  await using aws = await batchWorld();
  await furnish(aws, { vcpus: 1 });
  const resourceRequirements = [
    { type: 'VCPU' as const, value: '2' },
    { type: 'MEMORY' as const, value: '4096' },
  ];
  const jobId = await submitScript(aws.client, '0', { containerOverrides: { resourceRequirements } });
  await aws.clock.idle();
  await aws.client.send(
    new UpdateComputeEnvironmentCommand({ computeEnvironment: 'env', computeResources: { maxvCpus: 2 } }),
  );
  await aws.clock.idle();
  assert.equal((await describe(aws.client, jobId)).status, 'SUCCEEDED');
});

test('a job for EC2 in a queue on Fargate says that nothing there suits it', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await registerScript(aws.client, {}, { platformCapabilities: ['EC2'] });
  const jobId = await submitScript(aws.client, '0');
  await aws.clock.idle();
  assert.match((await describe(aws.client, jobId)).statusReason ?? '', /^MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - /);
});

test('a queue’s time limit cancels the job that blocks it, and the next one runs', async () => {
  await using aws = await batchWorld();
  await furnish(aws, { vcpus: 1 });
  const reason = 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE';
  const limit = { reason, state: 'RUNNABLE' as const, action: 'CANCEL' as const, maxTimeSeconds: 600 };
  await aws.client.send(new UpdateJobQueueCommand({ jobQueue: 'feeds', jobStateTimeLimitActions: [limit] }));
  const resourceRequirements = [
    { type: 'VCPU' as const, value: '2' },
    { type: 'MEMORY' as const, value: '4096' },
  ];
  const large = await submitScript(aws.client, '0', { containerOverrides: { resourceRequirements } });
  const behind = await submitScript(aws.client, '0');
  await aws.clock.idle();
  await aws.clock.advanceTo(aws.clock.now() + 601_000);
  const job = await describe(aws.client, large);
  assert.deepEqual(
    [job.status, job.statusReason],
    ['FAILED', `Canceled by JobStateTimeLimit action due to reason: ${reason}`],
  );
  assert.equal((await describe(aws.client, behind)).status, 'SUCCEEDED');
});

test('a job that has not started is cancelled with the caller’s reason', async () => {
  await using aws = await batchWorld();
  await furnish(aws, { vcpus: 1 });
  await aws.reached(await submitScript(aws.client, forEver), 'RUNNING');
  const jobId = await submitScript(aws.client, '0');
  await aws.reached(jobId, 'RUNNABLE');
  await aws.client.send(new CancelJobCommand({ jobId, reason: 'changed my mind' }));
  const job = await describe(aws.client, jobId);
  assert.deepEqual([job.status, job.statusReason, job.isCancelled], ['FAILED', 'changed my mind', true]);
});

test('deleting a queue terminates its jobs, those that run and those that wait', async () => {
  await using aws = await batchWorld();
  await furnish(aws, { vcpus: 1 });
  const running = await submitScript(aws.client, forEver);
  await aws.reached(running, 'RUNNING');
  const waiting = await submitScript(aws.client, '0');
  await aws.reached(waiting, 'RUNNABLE');
  await aws.client.send(new UpdateJobQueueCommand({ jobQueue: 'feeds', state: 'DISABLED' }));
  await aws.client.send(new DeleteJobQueueCommand({ jobQueue: 'feeds' }));
  const status = async () =>
    (await aws.client.send(new DescribeJobQueuesCommand({ jobQueues: ['feeds'] }))).jobQueues?.[0]?.status;
  assert.equal(await status(), 'DELETING');
  await aws.clock.idle();
  assert.equal(await status(), 'DELETED');
  assert.deepEqual(
    [(await describe(aws.client, running)).status, (await describe(aws.client, waiting)).status],
    ['FAILED', 'FAILED'],
  );
});

test('a disabled compute environment keeps jobs waiting until it is enabled again', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const change = (state: 'ENABLED' | 'DISABLED') =>
    aws.client.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: 'env', state }));
  await change('DISABLED');
  const jobId = await submitScript(aws.client, '0');
  await aws.clock.idle();
  assert.equal((await describe(aws.client, jobId)).status, 'RUNNABLE');
  await change('ENABLED');
  await aws.clock.idle();
  assert.equal((await describe(aws.client, jobId)).status, 'SUCCEEDED');
});

for (const type of ['EC2', 'SPOT'] as const)
  test(`jobs on ${type} wait for free vCPUs and run as those on Fargate do`, async () => {
    await using aws = await batchWorld();
    const computeResources = {
      ...{ type, allocationStrategy: 'BEST_FIT_PROGRESSIVE' as const, minvCpus: 0, maxvCpus: 1 },
      ...{ subnets: ['subnet-1'], securityGroupIds: ['sg-1'], instanceTypes: ['optimal'], instanceRole: 'instances' },
    };
    await aws.client.send(
      new CreateComputeEnvironmentCommand({ computeEnvironmentName: 'env', type: 'MANAGED', computeResources }),
    );
    await createQueue(aws.client, 'feeds', ['env']);
    await registerScript(aws.client, { executionRoleArn: undefined }, { platformCapabilities: ['EC2'] });
    const first = await submitScript(aws.client, forEver, { jobName: 'first' });
    await aws.reached(first, 'RUNNING');
    const second = await submitScript(aws.client, 'console.log(process.env.AWS_EXECUTION_ENV)', { jobName: 'second' });
    await aws.reached(second, 'RUNNABLE');
    await end(aws, first);
    await aws.clock.idle();
    assert.equal((await describe(aws.client, second)).status, 'SUCCEEDED');
    assert.deepEqual(startOrder(aws), ['first', 'second']);
    assert.ok([...aws.logs.values()].flat().includes('AWS_ECS_EC2'));
  });

test('a queue that shares fairly asks each job for its share, and no other queue takes one', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const { arn } = await aws.client.send(new CreateSchedulingPolicyCommand({ name: 'fair' }));
  await createQueue(aws.client, 'fair', ['env'], { schedulingPolicyArn: arn });
  await assert.rejects(submitScript(aws.client, '0', { jobQueue: 'fair' }), /shareIdentifier must be specified/);
  await assert.rejects(submitScript(aws.client, '0', { shareIdentifier: 'a' }), /shareIdentifier cannot be specified/);
  const jobId = await submitScript(aws.client, '0', { jobQueue: 'fair', shareIdentifier: 'a' });
  await aws.clock.idle();
  const job = await describe(aws.client, jobId);
  assert.deepEqual([job.status, job.shareIdentifier], ['SUCCEEDED', 'a']);
});
