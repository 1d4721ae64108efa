import assert from 'node:assert/strict';
import test from 'node:test';
import { DescribeJobDefinitionsCommand, type JobDefinition } from '@aws-sdk/client-batch';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import {
  desiredComputeEnvironments,
  desiredJobDefinitions,
  desiredJobQueues,
  desiredSchedulingPolicies,
} from '../../scripts/desired/batch.ts';
import { computeEnvironmentKind } from '../../scripts/kinds/compute-environment.ts';
import { jobDefinitionKind } from '../../scripts/kinds/job-definition.ts';
import { jobQueueKind } from '../../scripts/kinds/job-queue.ts';
import { schedulingPolicyKind } from '../../scripts/kinds/scheduling-policy.ts';
import { applyPlan } from '../../scripts/reconcile/apply.ts';
import { type Plan, titled } from '../../scripts/reconcile/change.ts';
import { refusalsOf } from '../../scripts/reconcile/guard.ts';
import type { Permit } from '../../scripts/reconcile/kind.ts';
import { makePlan, makeRemoval } from '../../scripts/reconcile/plan.ts';
import { type ResourceSet, resourceSet } from '../../scripts/reconcile/resource-set.ts';
import { environment, smallConfig, site as unit } from '../desired/small-config.ts';
import { batchWorld, describe, registerScript, submitScript } from '../local-aws/services/batch/batch-world.ts';
import { account } from './contract.ts';
import { withLocalAws } from './with-local-aws.ts';

const owner = 'baton/test';
const site = { ...unit, account };
const { network } = environment;

function setsOf(aws: Aws, changes: Record<string, unknown>): ResourceSet[] {
  const config = smallConfig({ schedules: {}, topics: {}, jobDefinitions: {}, ...changes });
  const environments = desiredComputeEnvironments(site, config, network);
  return [
    resourceSet(computeEnvironmentKind(aws, environments), environments),
    resourceSet(schedulingPolicyKind(aws), desiredSchedulingPolicies(site, config)),
    resourceSet(jobQueueKind(aws), desiredJobQueues(site, config, network)),
    resourceSet(jobDefinitionKind(aws), desiredJobDefinitions(site, config, network, new Map())),
  ];
}

const planFor = (aws: Aws, changes: Record<string, unknown>): Promise<Plan> => makePlan(setsOf(aws, changes), owner);

async function apply(plan: Plan, permits: readonly Permit[] = []): Promise<readonly string[]> {
  const { signal } = new AbortController();
  const { failed } = await applyPlan(plan, { signal, permits: new Set(permits), report: () => {} });
  return failed.map(({ change, reason }) => `${titled(change.ref)}: ${reason}`);
}

/** `one` of `…:job-definition/one:7` */
const nameOf = (arn: string): string => arn.replace(/^.*\//, '').replace(/:\d+$/, '');

const told = (plan: Plan): string[] => plan.changes.map(({ action, ref }) => `${action} ${titled(ref)}`);
const inOrder = ({ changes }: Plan): Record<string, string[]> =>
  Object.fromEntries(changes.map(({ ref, after }) => [titled(ref), after.map(titled)]));

test('instances become Spot instances and back in place', () =>
  withLocalAws(async (aws) => {
    const main = (type: string) => ({ computeEnvironments: { main: { type, maxvCpus: 4, instanceRole: 'theirs' } } });
    assert.deepEqual(await apply(await planFor(aws, main('EC2'))), []);
    for (const type of ['SPOT', 'EC2']) {
      const plan = await planFor(aws, main(type));
      assert.deepEqual(
        plan.changes.map(({ action }) => action),
        ['update'],
      );
      assert.deepEqual(await apply(plan), []);
      assert.deepEqual(told(await planFor(aws, main(type))), []);
    }
  }));

const withPolicy = (schedulingPolicy?: string) => ({
  schedulingPolicies: { one: {}, other: {} },
  jobQueues: { feeds: { computeEnvironments: ['main'], ...(schedulingPolicy && { schedulingPolicy }) } },
});

test('which image AWS has chosen is no difference where config leaves that to AWS', () =>
  withLocalAws(async (aws) => {
    const fields = { type: 'EC2', maxvCpus: 4, instanceRole: 'theirs' };
    const main = (more = {}) => ({ computeEnvironments: { main: { ...fields, ...more } } });
    // What AWS takes for GPUs; the embedded one would take another.
    const chosen = main({ ec2Configuration: [{ imageType: 'ECS_AL2_NVIDIA' }] });
    assert.deepEqual(await apply(await planFor(aws, chosen)), []);
    assert.deepEqual(told(await planFor(aws, main())), []);
    const other = main({ ec2Configuration: [{ imageType: 'ECS_AL2' }] });
    assert.deepEqual(told(await planFor(aws, other)), ['update compute environment "unit-main-eb51b398"']);
  }));

test('a queue exchanges its scheduling policy in place, and is replaced when it gets or loses one', () =>
  withLocalAws(async (aws) => {
    assert.deepEqual(await apply(await planFor(aws, withPolicy())), []);
    for (const [policy, action] of [
      ['one', 'replace'],
      ['other', 'update'],
      [undefined, 'replace'],
    ] as const) {
      const plan = await planFor(aws, withPolicy(policy));
      assert.deepEqual(told(plan), [`${action} job queue "unit-feeds"`]);
      assert.deepEqual(await apply(plan), []);
      assert.deepEqual(told(await planFor(aws, withPolicy(policy))), []);
    }
  }));

test('what a queue refers to is made before it and outlives it', () =>
  withLocalAws(async (aws) => {
    const made = await planFor(aws, withPolicy('one'));
    const environmentName = 'compute environment "unit-main-917defa6"';
    assert.deepEqual(inOrder(made)['job queue "unit-feeds"'], [environmentName, 'scheduling policy "unit-one"']);
    assert.deepEqual(await apply(made), []);
    const removal = await makeRemoval(setsOf(aws, withPolicy('one')), owner);
    assert.deepEqual(inOrder(removal)[environmentName], ['job queue "unit-feeds"']);
    assert.deepEqual(inOrder(removal)['scheduling policy "unit-one"'], ['job queue "unit-feeds"']);
    assert.deepEqual(await apply(removal), []);
  }));

test('a queue with active jobs is deleted only where that is permitted, also when they came after the plan', async () => {
  await using world = await batchWorld();
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws = awsClients({ region: site.region, owner, endpoint: world.world.endpoint(), credentials });
  try {
    await apply(await planFor(aws, {}));
    await registerScript(world.client, {});
    const before = await makeRemoval(setsOf(aws, {}), owner);
    assert.deepEqual(refusalsOf(before), []);

    const running = await submitScript(world.client, 'setInterval(() => {}, 1e6)', { jobQueue: 'unit-feeds' });
    await world.reached(running, 'RUNNING');
    await submitScript(world.client, '0', { jobQueue: 'unit-feeds', dependsOn: [{ jobId: running }] });
    const reason = 'deleting it would end them; let them finish, or permit it';
    assert.deepEqual(await apply(before), [
      `job queue "unit-feeds": job queue "unit-feeds" has 2 active jobs, and ${reason}`,
    ]);
    assert.equal((await describe(world.client, running)).status, 'RUNNING');

    const definitions = jobDefinitionKind(aws);
    const { jobDefinition = '' } = await describe(world.client, running);
    const [used] = (await definitions.list([nameOf(jobDefinition)])).observed;
    assert.deepEqual(used && (await definitions.lossOf?.(used.live)), {
      what: '2 unfinished jobs of it',
      permit: 'jobs',
    });

    const after = await makeRemoval(setsOf(aws, {}), owner);
    assert.deepEqual(refusalsOf(after), [
      { permit: 'jobs', because: ['job queue "unit-feeds" would be deleted with 2 active jobs'] },
    ]);
    assert.deepEqual(await apply(after, ['jobs']), []);
    assert.equal((await describe(world.client, running)).status, 'FAILED');
  } finally {
    aws.close();
  }
});

const definition = (fields: Record<string, unknown>) => ({
  jobDefinitions: { one: { image: 'alpine:3', vcpus: 1, memory: 2048, ...fields } },
});

async function revisions(aws: Aws): Promise<JobDefinition[]> {
  const { jobDefinitions = [] } = await aws.batch.send(new DescribeJobDefinitionsCommand({ status: 'ACTIVE' }));
  return jobDefinitions;
}

test('protecting a definition, or tagging it, registers no revision; letting go of it frees all of them', () =>
  withLocalAws(async (aws) => {
    await apply(await planFor(aws, definition({})));
    const marked = { protect: true, override: { tags: { team: 'feeds' } } };
    await apply(await planFor(aws, definition(marked)));
    assert.deepEqual(
      (await revisions(aws)).map(({ revision, tags }) => ({ revision, tags })),
      [{ revision: 1, tags: { 'baton:owner': owner, 'baton:protect': 'true', team: 'feeds' } }],
    );
    await apply(await planFor(aws, definition({ ...marked, memory: 4096 })));
    const free = await planFor(aws, definition({ memory: 4096 }));
    assert.deepEqual(
      free.changes.flatMap((change) => (change.action === 'update' ? change.fields.map(({ path }) => path) : [])),
      ['other.tags', 'protect'],
    );
    assert.deepEqual(await apply(free), []);
    assert.deepEqual(
      (await revisions(aws)).map(({ revision, tags = {} }) => [revision, tags['baton:protect']]),
      [
        [2, undefined],
        [1, undefined],
      ],
    );
    assert.deepEqual(told(await planFor(aws, definition({ memory: 4096 }))), []);
  }));

test('a plan warns of more queues and compute environments than an account has room for', () =>
  withLocalAws(async (aws) => {
    const names = Array.from({ length: 51 }, (_, index) => `e${index}`);
    const computeEnvironments = Object.fromEntries(names.map((name) => [name, { type: 'FARGATE', maxvCpus: 1 }]));
    const jobQueues = Object.fromEntries(names.map((name) => [name, { computeEnvironments: ['e0'] }]));
    const { notes } = await planFor(aws, { computeEnvironments, jobQueues });
    assert.deepEqual(
      notes.map((note) => note.replace(/ unless.*/, '')),
      [
        'compute environments: there would be 51, and AWS allows 50',
        'job queues: there would be 51, and AWS allows 50',
      ],
    );
  }));
