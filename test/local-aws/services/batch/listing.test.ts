import assert from 'node:assert/strict';
import test from 'node:test';
import {
  DescribeJobsCommand,
  ListJobsCommand,
  type ListJobsCommandInput,
  paginateListJobs,
  SubmitJobCommand,
  type SubmitJobCommandInput,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import { type BatchWorld, batchWorld, describe, furnish, registerScript, submitScript } from './batch-world.ts';

const list = async (aws: BatchWorld, input: ListJobsCommandInput): Promise<(string | undefined)[]> => {
  const { jobSummaryList = [] } = await aws.client.send(new ListJobsCommand({ jobQueue: 'feeds', ...input }));
  return jobSummaryList.map((each) => each.jobName);
};

test('ListJobs shows RUNNING jobs unless it is asked for another status', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await submitScript(aws.client, '0', { jobName: 'ended' });
  await aws.clock.idle();
  await aws.reached(await submitScript(aws.client, 'setInterval(() => {}, 1e6)', { jobName: 'running' }), 'RUNNING');
  assert.deepEqual(await list(aws, {}), ['running']);
  assert.deepEqual(await list(aws, { jobStatus: 'SUCCEEDED' }), ['ended']);
});

test('a filter finds jobs of any status, the latest first', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await submitScript(aws.client, '0', { jobName: 'Feed-1' });
  await aws.clock.idle();
  await aws.clock.advanceTo(aws.clock.now() + 60_000);
  const between = String(aws.clock.now() - 1);
  await submitScript(aws.client, 'process.exit(1)', { jobName: 'feed-2' });
  await aws.clock.idle();
  assert.deepEqual(await list(aws, { filters: [{ name: 'JOB_NAME', values: ['feed-1'] }] }), ['Feed-1']);
  assert.deepEqual(await list(aws, { filters: [{ name: 'JOB_NAME', values: ['feed*'] }] }), ['feed-2', 'Feed-1']);
  assert.deepEqual(await list(aws, { filters: [{ name: 'JOB_DEFINITION', values: ['script'] }] }), [
    'feed-2',
    'Feed-1',
  ]);
  assert.deepEqual(await list(aws, { filters: [{ name: 'JOB_DEFINITION', values: ['scr'] }] }), []);
  assert.deepEqual(await list(aws, { filters: [{ name: 'AFTER_CREATED_AT', values: [between] }] }), ['feed-2']);
  assert.deepEqual(await list(aws, { filters: [{ name: 'BEFORE_CREATED_AT', values: [between] }] }), ['Feed-1']);
});

test('jobs are kept for seven days after their end, the children of an array as long as the array', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(aws.client, '0', { arrayProperties: { size: 2 } });
  const other = await submitScript(aws.client, '0', { dependsOn: [{ jobId: `${jobId}:0` }] });
  await aws.clock.idle();
  const week = 7 * 24 * 60 * 60 * 1000;
  const ids = [jobId, `${jobId}:1`, other];
  const known = async () => (await aws.client.send(new DescribeJobsCommand({ jobs: ids }))).jobs?.length;
  await aws.clock.advanceTo(aws.clock.now() + week - 60_000);
  assert.equal(await known(), 3);
  await aws.clock.advanceTo(aws.clock.now() + 60_000);
  assert.equal(await known(), 0);
});

test('two filters at a time, an unknown filter, and no queue at all are refused', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const name = { name: 'JOB_NAME', values: ['x'] };
  await assert.rejects(list(aws, { filters: [name, name] }), /Only one filter can be used at a time/);
  await assert.rejects(list(aws, { filters: [{ name: 'NOPE', values: ['x'] }] }), { name: 'ClientException' });
  await assert.rejects(aws.client.send(new ListJobsCommand({})), { name: 'ClientException' });
});

test('a long list comes in pages', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  for (let index = 0; index < 5; index += 1) await submitScript(aws.client, '0', { jobName: `job-${index}` });
  await aws.clock.idle();
  const pages: (string | undefined)[][] = [];
  const input = { jobQueue: 'feeds', jobStatus: 'SUCCEEDED' as const };
  for await (const { jobSummaryList = [] } of paginateListJobs({ client: aws.client, pageSize: 2 }, input))
    pages.push(jobSummaryList.map((each) => each.jobName));
  assert.deepEqual(pages, [['job-4', 'job-3'], ['job-2', 'job-1'], ['job-0']]);
});

test('an unversioned definition means its latest active revision', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await registerScript(aws.client, { command: ['0'] });
  const { jobDefinition } = await describe(aws.client, await submitScript(aws.client, '0'));
  assert.equal(jobDefinition, 'arn:aws:batch:eu-central-1:123456789012:job-definition/script:2');
});

const refusals: readonly [string, Partial<SubmitJobCommandInput>, RegExp][] = [
  ['a name that starts with a dash', { jobName: '-job' }, /jobName|Name/i],
  ['a queue that does not exist', { jobQueue: 'none' }, /JobQueue none not found/],
  ['a definition that does not exist', { jobDefinition: 'none' }, /JobDefinition none not found/],
  ['a payload over 30 KiB', { parameters: { a: 'x'.repeat(30_720) } }, /payload|30/],
  ['an array of one', { arrayProperties: { size: 1 } }, /array size must be between 2 and 10000/],
  ['more than 20 dependencies', { dependsOn: Array(21).fill({ jobId: 'x' }) }, /20/],
  ['a dependency that does not exist', { dependsOn: [{ jobId: 'none' }] }, /job none does not exist/],
  ['SEQUENTIAL without an array', { dependsOn: [{ type: 'SEQUENTIAL' }] }, /SEQUENTIAL/],
  ['a timeout under a minute', { timeout: { attemptDurationSeconds: 59 } }, /at least 60/],
  ['eleven attempts', { retryStrategy: { attempts: 11 } }, /between 1 and 10/],
  [
    'rules of retry without attempts',
    { retryStrategy: { evaluateOnExit: [{ onExitCode: '1', action: 'EXIT' }] } },
    /RetryAttempts must be provided/,
  ],
  [
    'a variable of Batch’s own',
    { containerOverrides: { environment: [{ name: 'AWS_BATCH_X', value: '1' }] } },
    /AWS_BATCH/,
  ],
  ['an empty word in the command', { containerOverrides: { command: ['a', ''] } }, /empty string/],
  ['memory in the old field on Fargate', { containerOverrides: { memory: 4096 } }, /not applicable for Fargate/],
];
for (const [what, change, message] of refusals)
  test(`SubmitJob refuses ${what}`, async () => {
    await using aws = await batchWorld();
    await furnish(aws);
    const input = { jobName: 'job', jobQueue: 'feeds', jobDefinition: 'script', ...change };
    await assert.rejects(aws.client.send(new SubmitJobCommand(input)), { name: 'ClientException', message });
  });

test('SubmitJob refuses a size that Fargate does not have, and a disabled queue', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const resourceRequirements = [{ type: 'VCPU' as const, value: '4' }];
  await assert.rejects(
    submitScript(aws.client, '0', { containerOverrides: { resourceRequirements } }),
    /Fargate resource requirements \(4\.00 vCPU, 2048 MiB\) not valid\./,
  );
  await aws.client.send(new UpdateJobQueueCommand({ jobQueue: 'feeds', state: 'DISABLED' }));
  await assert.rejects(submitScript(aws.client, '0'), /feeds in state DISABLED/);
});
