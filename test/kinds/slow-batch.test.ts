import assert from 'node:assert/strict';
import test from 'node:test';
import * as batch from '@aws-sdk/client-batch';
import { computeEnvironmentKind } from '../../scripts/kinds/compute-environment.ts';
import type { ComputeEnvironmentSpec } from '../../scripts/kinds/compute-environment-spec.ts';
import { jobDefinitionKind } from '../../scripts/kinds/job-definition.ts';
import { jobQueueKind } from '../../scripts/kinds/job-queue.ts';
import { AwsError } from '../../scripts/local-aws/wire/errors.ts';
import { defineService, type Handlers } from '../../scripts/local-aws/wire/service.ts';
import { awsServing, heardStep } from './served.ts';

const serveBatch = (handlers: Handlers<typeof batch>) => ({
  batch: () => defineService(batch, batch.BatchClient)(handlers),
});

const environment: ComputeEnvironmentSpec = {
  name: 'main',
  protect: false,
  type: 'FARGATE',
  state: 'ENABLED',
  maxvCpus: 4,
  subnets: ['subnet-0a'],
  securityGroupIds: ['sg-1'],
  instances: {},
  updatePolicy: {},
  other: {},
};

const anyQueue = { jobQueueName: 'feeds', jobQueueArn: 'arn:queue', state: 'ENABLED', priority: 1 } as const;

const detail = (status: batch.CEStatus, state: batch.CEState = 'ENABLED', statusReason = '') => ({
  computeEnvironmentName: 'main',
  computeEnvironmentArn: 'arn:aws:batch:eu-central-1:123456789012:compute-environment/main',
  status,
  state,
  statusReason,
  tags: { 'baton:owner': 'baton/test' },
});

test('a compute environment is waited for until it is VALID', async (context) => {
  const statuses: (batch.CEStatus | undefined)[] = [undefined, 'CREATING', 'CREATING', 'VALID'];
  let created = false;
  const aws = await awsServing(
    context,
    serveBatch({
      DescribeComputeEnvironments: () => {
        const status = created ? statuses.shift() : undefined;
        return { computeEnvironments: status === undefined ? [] : [detail(status)] };
      },
      CreateComputeEnvironment: () => {
        created = true;
        return {};
      },
    }),
  );
  const { heard, step } = heardStep();
  await computeEnvironmentKind(aws).create(environment, step);
  assert.deepEqual(heard, [
    'compute environment "main" is not seen yet',
    ...Array(2).fill('compute environment "main" is CREATING'),
  ]);
});

test('a compute environment that becomes INVALID fails with the reason AWS gives', async (context) => {
  let created = false;
  const reason = 'CLIENT_ERROR - subnet subnet-0a does not exist';
  const aws = await awsServing(
    context,
    serveBatch({
      DescribeComputeEnvironments: () => ({
        computeEnvironments: created ? [detail('INVALID', 'ENABLED', reason)] : [],
      }),
      CreateComputeEnvironment: () => {
        created = true;
        return {};
      },
    }),
  );
  await assert.rejects(
    computeEnvironmentKind(aws).create(environment, heardStep().step),
    new Error(`compute environment "main" is INVALID (${reason})`),
  );
});

test('a compute environment is disabled, deleted once no queue holds it, and waited for until it is gone', async (context) => {
  const calls: string[] = [];
  let held = 2;
  let live: batch.ComputeEnvironmentDetail | undefined = detail('VALID');
  const aws = await awsServing(
    context,
    serveBatch({
      DescribeComputeEnvironments: () => {
        const computeEnvironments = live === undefined ? [] : [live];
        if (live?.status === 'DELETING') live = undefined;
        return { computeEnvironments };
      },
      UpdateComputeEnvironment: ({ state }) => {
        calls.push(`state ${state}`);
        live = detail('VALID', 'DISABLED');
        return {};
      },
      DescribeJobQueues: () => ({ jobQueues: [] }),
      DeleteComputeEnvironment: () => {
        calls.push('delete');
        if (held-- > 0)
          throw new AwsError('ClientException', 'Cannot delete, found existing JobQueue relationship', 400);
        live = detail('DELETING', 'DISABLED');
        return {};
      },
    }),
  );
  const kind = computeEnvironmentKind(aws);
  const [observed] = (await kind.list(['main'])).observed;
  assert.ok(observed);
  const { heard, step } = heardStep();
  await kind.delete(observed.live, step);
  assert.deepEqual(calls, ['state DISABLED', 'delete', 'delete', 'delete']);
  assert.deepEqual(heard, [
    ...Array(2).fill('compute environment "main" is still attached to a job queue'),
    'compute environment "main" is DELETING',
  ]);
});

const clusterArn = 'arn:aws:ecs:eu-central-1:123456789012:cluster/AWSBatch-main-1';
const taskIn = (cluster: string) => `arn:aws:ecs:eu-central-1:123456789012:task/${cluster}/0123`;

/** What DescribeJobs says of a job, by its id, until it has been asked twice: then all have ended. */
const kindsOfJobs: Readonly<Record<string, Partial<batch.JobDetail>>> = {
  here: { status: 'RUNNING', container: { taskArn: taskIn('AWSBatch-main-1') } },
  elsewhere: { status: 'RUNNING', container: { taskArn: taskIn('AWSBatch-other-2') } },
  'nodes#0': {
    status: 'RUNNING',
    container: {
      containerInstanceArn: 'arn:aws:ecs:eu-central-1:123456789012:container-instance/AWSBatch-main-1/4567',
    },
  },
  containers: { status: 'RUNNING', ecsProperties: { taskProperties: [{ taskArn: taskIn('AWSBatch-main-1') }] } },
  unplaced: { status: 'STARTING' },
  kubernetes: { status: 'STARTING', eksProperties: {} },
  again: { status: 'RUNNABLE', container: { taskArn: taskIn('AWSBatch-main-1') } },
};

test('a compute environment waits for jobs of every kind that run on it, and for no others', async (context) => {
  const asked: (readonly string[])[] = [];
  let live: batch.ComputeEnvironmentDetail | undefined = { ...detail('VALID', 'DISABLED'), ecsClusterArn: clusterArn };
  const aws = await awsServing(
    context,
    serveBatch({
      DescribeComputeEnvironments: () => ({ computeEnvironments: live === undefined ? [] : [live] }),
      DescribeJobQueues: () => ({ jobQueues: [{ ...anyQueue, status: 'VALID', computeEnvironmentOrder: [] }] }),
      ListJobs: ({ jobStatus }) => ({
        jobSummaryList: Object.entries(kindsOfJobs)
          .filter(([, { status }]) => (status === 'RUNNABLE' ? 'RUNNING' : status) === jobStatus)
          .map(([id]) => ({
            jobId: id.replace('#0', ''),
            jobName: id,
            ...(id.endsWith('#0') && { nodeProperties: { numNodes: 2 } }),
          })),
      }),
      DescribeJobs: ({ jobs }) => {
        asked.push(jobs.toSorted());
        const common = { jobName: 'job', jobQueue: 'arn:queue', jobDefinition: 'arn:definition', startedAt: 1 };
        return {
          jobs: jobs.map(
            (jobId): batch.JobDetail => ({
              ...common,
              status: 'SUCCEEDED',
              ...(asked.length < 3 && kindsOfJobs[jobId]),
              jobId,
            }),
          ),
        };
      },
      DeleteComputeEnvironment: () => {
        live = undefined;
        return {};
      },
    }),
  );
  const kind = computeEnvironmentKind(aws);
  const [observed] = (await kind.list(['main'])).observed;
  assert.ok(observed);
  await kind.delete(observed.live, heardStep().step);
  const waitedFor = ['containers', 'here', 'nodes#0', 'unplaced'];
  assert.deepEqual(asked, [Object.keys(kindsOfJobs).toSorted(), waitedFor, waitedFor]);
});

test('deleted compute environments that linger in lists are not there', async (context) => {
  const aws = await awsServing(
    context,
    serveBatch({ DescribeComputeEnvironments: () => ({ computeEnvironments: [detail('DELETED', 'DISABLED')] }) }),
  );
  assert.deepEqual((await computeEnvironmentKind(aws).list(['main'])).observed, []);
});

test('a queue that is pointed to a new compute environment waits until Batch takes it', async (context) => {
  let refusals = 2;
  const aws = await awsServing(
    context,
    serveBatch({
      DescribeJobQueues: () => ({ jobQueues: [{ ...anyQueue, status: 'VALID', computeEnvironmentOrder: [] }] }),
      UpdateJobQueue: () => {
        if (refusals-- > 0) throw new AwsError('ClientException', 'arn:new is not in VALID state', 400);
        return {};
      },
    }),
  );
  const kind = jobQueueKind(aws);
  const [observed] = (await kind.list(['feeds'])).observed;
  assert.ok(observed);
  const { heard, step } = heardStep();
  await kind.update(
    observed.live,
    { ...jobQueueKind(aws).toSpec(observed.live), computeEnvironments: ['arn:new'] },
    [],
    step,
  );
  assert.deepEqual(heard, Array(2).fill('job queue "feeds" is waiting for its compute environment'));
});

const revision = (number: number, owner?: string): batch.JobDefinition => ({
  jobDefinitionName: 'watcher',
  jobDefinitionArn: `arn:aws:batch:eu-central-1:123456789012:job-definition/watcher:${number}`,
  revision: number,
  type: 'container',
  tags: owner === undefined ? {} : { 'baton:owner': owner },
});

const owners = [
  [
    'that a hand registered without our tag is drift of ours, not somebody else’s',
    ['baton/test', undefined],
    'baton/test',
  ],
  [
    'that was taken over from us is not ours any more, whatever those before it say',
    ['baton/test', 'baton/x'],
    'baton/x',
  ],
  ['that we took over is ours', ['baton/x', 'baton/test'], 'baton/test'],
  ['of nobody is nobody’s', [undefined, undefined], undefined],
] as const;

for (const [what, tags, owner] of owners) {
  test(`a revision ${what}`, async (context) => {
    const jobDefinitions = tags.map((each, before) => revision(before + 1, each));
    const aws = await awsServing(context, serveBatch({ DescribeJobDefinitions: () => ({ jobDefinitions }) }));
    const [observed] = (await jobDefinitionKind(aws).list(['watcher'])).observed;
    assert.deepEqual([observed?.owner, observed?.live.latest.revision], [owner, 2]);
  });
}
