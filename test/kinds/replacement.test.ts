import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import {
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  type JobQueueDetail,
} from '@aws-sdk/client-batch';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { desiredComputeEnvironments, desiredJobQueues } from '../../scripts/desired/batch.ts';
import { computeEnvironmentKind } from '../../scripts/kinds/compute-environment.ts';
import { jobQueueKind } from '../../scripts/kinds/job-queue.ts';
import { applyPlan, type Progress } from '../../scripts/reconcile/apply.ts';
import { type Plan, titled } from '../../scripts/reconcile/change.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { resourceSet } from '../../scripts/reconcile/resource-set.ts';
import { environment, smallConfig, site as unit } from '../desired/small-config.ts';
import {
  type BatchWorld,
  batchWorld,
  describe,
  registerScript,
  submitScript,
} from '../local-aws/services/batch/batch-world.ts';
import { account } from './contract.ts';

const owner = 'baton/test';
const site = { ...unit, account };

async function withBatch(run: (world: BatchWorld, aws: Aws) => Promise<void>): Promise<void> {
  await using world = await batchWorld();
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws = awsClients({ region: site.region, owner, endpoint: world.world.endpoint(), credentials });
  try {
    await run(world, aws);
  } finally {
    aws.close();
  }
}

/** The plan that makes queue `feeds` run on environment `main`, which is of this type. */
function planFor(aws: Aws, main: Readonly<Record<string, unknown>>, given = {}): Promise<Plan> {
  const config = smallConfig({ computeEnvironments: { main: { maxvCpus: 4, ...main } } });
  const at = { ...site, given };
  const sets = [
    resourceSet(computeEnvironmentKind(aws), desiredComputeEnvironments(at, config, environment.network)),
    resourceSet(jobQueueKind(aws), desiredJobQueues(at, config, environment.network)),
  ];
  return makePlan(sets, owner);
}

const apply = (plan: Plan, report: (progress: Progress) => void = () => {}) =>
  applyPlan(plan, { signal: new AbortController().signal, report });

const told = (plan: Plan): string[] => plan.changes.map(({ action, ref }) => `${action} ${titled(ref)}`);

async function queueNow({ client }: BatchWorld): Promise<JobQueueDetail> {
  const { jobQueues: [queue] = [] } = await client.send(new DescribeJobQueuesCommand({ jobQueues: ['unit-feeds'] }));
  assert.ok(queue);
  return queue;
}

async function environmentsNow({ client }: BatchWorld): Promise<string[]> {
  const { computeEnvironments = [] } = await client.send(new DescribeComputeEnvironmentsCommand({}));
  return computeEnvironments
    .filter(({ status }) => status !== 'DELETED')
    .map(({ computeEnvironmentName, state }) => `${computeEnvironmentName} ${state}`)
    .sort();
}

/** A program that runs until the file is there. */
const until = (file: string): string =>
  `const { existsSync } = await import('node:fs'); const look = setInterval(() => existsSync(${JSON.stringify(file)}) && clearInterval(look), 5);`;

const before = 'unit-main-917defa6';
const spot = { type: 'FARGATE_SPOT' };

test('an environment is replaced under a running job: made beside it, the queue pointed to it, and the old one goes when the job has ended', () =>
  withBatch(async (world, aws) => {
    await apply(await planFor(aws, { type: 'FARGATE' }));
    await registerScript(world.client, {});
    const jobQueue = 'unit-feeds';
    const end = join(world.world.directory, 'end');
    const running = await submitScript(world.client, until(end), { jobQueue });
    await world.reached(running, 'RUNNING');

    const plan = await planFor(aws, spot);
    const after = plan.changes.find(({ action }) => action === 'create')?.ref.name ?? '';
    assert.deepEqual(told(plan), [
      `create compute environment "${after}"`,
      `delete compute environment "${before}"`,
      'update job queue "unit-feeds"',
    ]);

    const seen: Promise<JobQueueDetail>[] = [];
    let later: Promise<string> | undefined;
    const report = await apply(plan, (progress) => {
      seen.push(queueNow(world));
      if (progress.type !== 'waiting' || !progress.forWhat.includes('running job')) return;
      // The old one waits for its job. What comes now runs on the new one.
      later ??= submitScript(world.client, '0', { jobQueue }).then(async (jobId) => {
        await world.reached(jobId, 'SUCCEEDED');
        assert.deepEqual(await environmentsNow(world), [`${after} ENABLED`, `${before} DISABLED`].sort());
        assert.equal((await describe(world.client, running)).status, 'RUNNING');
        writeFileSync(end, '');
        return jobId;
      });
    });
    assert.deepEqual(report.failed, []);
    assert.equal((await describe(world.client, running)).status, 'SUCCEEDED');
    assert.ok(later, 'nothing waited for the running job');
    const { container } = await describe(world.client, await later);
    assert.match(container?.taskArn ?? '', new RegExp(`AWSBatch-${after}`));
    for (const { state, computeEnvironmentOrder = [] } of await Promise.all(seen)) {
      assert.deepEqual({ state, environments: computeEnvironmentOrder.length }, { state: 'ENABLED', environments: 1 });
    }
    assert.deepEqual(await environmentsNow(world), [`${after} ENABLED`]);
    assert.deepEqual(told(await planFor(aws, spot)), []);
  }));

test('a job that runs longer than anybody waits leaves the old environment disabled, and running again goes on', () =>
  withBatch(async (world, aws) => {
    await apply(await planFor(aws, { type: 'FARGATE' }));
    await registerScript(world.client, {});
    const end = join(world.world.directory, 'end');
    const running = await submitScript(world.client, until(end), { jobQueue: 'unit-feeds', jobName: 'long' });
    await world.reached(running, 'RUNNING');

    const hurried: Aws = { ...aws, pace: { first: 1, most: 1, limit: 3 } };
    const { failed, applied } = await apply(await planFor(hurried, spot));
    assert.equal(applied.length, 2);
    assert.match(
      failed.map(({ reason }) => reason).join(),
      /^waiting for compute environment "unit-main-917defa6": still running job "long" \(.*\) after 0 s; .* run this again$/,
    );
    assert.equal(existsSync(end), false);
    assert.equal((await describe(world.client, running)).status, 'RUNNING');

    writeFileSync(end, '');
    await world.reached(running, 'SUCCEEDED');
    const again = await planFor(aws, spot);
    assert.deepEqual(told(again), [`delete compute environment "${before}"`]);
    assert.deepEqual((await apply(again)).failed, []);
    assert.equal((await environmentsNow(world)).length, 1);
  }));

test('children of an array count, though their parent only waits', () =>
  withBatch(async (world, aws) => {
    await apply(await planFor(aws, { type: 'FARGATE' }));
    await registerScript(world.client, {});
    const end = join(world.world.directory, 'end');
    const parent = await submitScript(world.client, until(end), {
      jobQueue: 'unit-feeds',
      arrayProperties: { size: 2 },
    });
    await Promise.all([0, 1].map((index) => world.reached(`${parent}:${index}`, 'RUNNING')));
    const waited = new Set<string>();
    const { failed } = await apply(await planFor(aws, spot), (progress) => {
      if (progress.type !== 'waiting' || !progress.forWhat.includes('running job')) return;
      waited.add(progress.forWhat);
      writeFileSync(end, '');
    });
    assert.deepEqual(failed, []);
    assert.match([...waited][0] ?? '', /is running job "job" \(.*:[01]\) and 1 more$/);
  }));

test('an environment with a name of its own is changed in place or not at all', () =>
  withBatch(async (_world, aws) => {
    const given = { 'computeEnvironments.main': 'Batch-CE' };
    await apply(await planFor(aws, { type: 'FARGATE' }, given));
    assert.deepEqual(told(await planFor(aws, { type: 'FARGATE', maxvCpus: 8 }, given)), [
      'update compute environment "Batch-CE"',
    ]);
    await assert.rejects(planFor(aws, spot, given), {
      name: 'PlanError',
      message:
        'planning compute environment "Batch-CE": AWS does not change its type in place; give it another name in config, ' +
        'or none, and the new one is made beside it before this one goes',
    });
    const renamed = await planFor(aws, spot, { 'computeEnvironments.main': 'Batch-CE-2' });
    assert.deepEqual(told(renamed), [
      'delete compute environment "Batch-CE"',
      'create compute environment "Batch-CE-2"',
      'update job queue "unit-feeds"',
    ]);
    assert.deepEqual((await apply(renamed)).failed, []);
  }));
