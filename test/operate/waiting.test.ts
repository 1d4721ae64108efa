import assert from 'node:assert/strict';
import test from 'node:test';
import type { ComputeEnvironmentDetail } from '@aws-sdk/client-batch';
import type { Job } from '../../scripts/operate/job.ts';
import { type QueueSituation, whyRunnable } from '../../scripts/operate/waiting.ts';

const job = (id: string, vcpus: number, reason = ''): Job => ({
  ...{ id, name: id, status: 'RUNNABLE', reason, queue: 'main', definition: 'd:1', createdAt: 0 },
  ...{ attempts: [], mostAttempts: 1, logGroup: '/aws/batch/job', vcpus, dependsOn: [] },
});

const environment = (maxvCpus: number, more: Partial<ComputeEnvironmentDetail> = {}): ComputeEnvironmentDetail => ({
  ...{ computeEnvironmentName: `of-${maxvCpus}`, computeEnvironmentArn: 'arn', ecsClusterArn: 'arn' },
  ...{ state: 'ENABLED', status: 'VALID', computeResources: { type: 'FARGATE', maxvCpus, subnets: [] } },
  ...more,
});

const situation = (
  environments: readonly ComputeEnvironmentDetail[],
  more: Partial<QueueSituation> = {},
): QueueSituation => ({
  queue: {
    ...{ jobQueueName: 'main', jobQueueArn: 'arn', state: 'ENABLED', status: 'VALID', priority: 1 },
    computeEnvironmentOrder: [],
  },
  environments,
  next: [],
  started: [],
  ...more,
});

test('where there is room nothing is wrong with a job that waits', () => {
  assert.deepEqual(whyRunnable(situation([environment(2)], { started: [job('a', 1)], next: ['x'] }), job('x', 1)), []);
});

test("AWS's own reason goes first, but not the one that ended the last attempt", () => {
  const reason =
    'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement is higher than that can be met';
  assert.deepEqual(whyRunnable(situation([environment(2)]), job('x', 1, reason)), [reason]);
  const attempts = [{ number: 1, exitCode: 137, reason: 'Essential container in task exited: OutOfMemoryError' }];
  const tried = { ...job('x', 1, 'Essential container in task exited'), attempts };
  assert.deepEqual(whyRunnable(situation([environment(2)]), tried), []);
});

test('a job larger than every compute environment is told so, and one among many what they are', () => {
  assert.deepEqual(whyRunnable(situation([environment(2), environment(4)]), job('x', 8)), [
    'it wants 8 vCPUs, and no compute environment of its queue has more than 4',
  ]);
  const started = ['a', 'b', 'c', 'd', 'e'].map((id) => job(id, 1));
  assert.deepEqual(
    whyRunnable(situation([environment(2), environment(4)], { started, next: ['y', 'z', 'x'] }), job('x', 2)),
    ['it wants 2 vCPUs, and 5 of 6 are taken by 5 jobs: a, b, c and 2 more', '2 jobs are before it in the queue'],
  );
});

test('who waits behind a job that cannot start is told which that is, and why it does not', () => {
  const first = job('y', 8, 'MISCONFIGURATION:JOB');
  assert.deepEqual(whyRunnable(situation([environment(2)], { next: ['y', 'x'], first }), job('x', 1)), [
    '1 job is before it in the queue, the first "y" (y): MISCONFIGURATION:JOB; it wants 8 vCPUs, and no compute environment of its queue has more than 2',
  ]);
  // One that came to the front while the queue was looked at is not what it was.
  assert.deepEqual(whyRunnable(situation([environment(2)], { next: ['z', 'x'], first }), job('x', 1)), [
    '1 job is before it in the queue',
  ]);
});

test('queues and compute environments that start nothing are named with their states and reasons', () => {
  const closed = [
    environment(2, { state: 'DISABLED' }),
    environment(4, { status: 'INVALID', statusReason: 'CLIENT_ERROR - no subnet' }),
  ];
  const { queue } = situation([]);
  const broken = { ...queue, status: 'INVALID', statusReason: 'gone wrong', state: 'DISABLED' } as const;
  assert.deepEqual(whyRunnable(situation(closed, { queue: broken }), job('x', 1)), [
    'queue "main" is INVALID (gone wrong)',
    'queue "main" is DISABLED: it takes no new jobs',
    'compute environment "of-2" is DISABLED and VALID',
    'compute environment "of-4" is INVALID (CLIENT_ERROR - no subnet)',
    'so no compute environment of its queue starts jobs',
  ]);
  assert.deepEqual(whyRunnable(undefined, job('x', 1)), ['queue "main" does not exist any more']);
});
