import assert from 'node:assert/strict';
import test from 'node:test';
import { CancelJobCommand, DescribeJobsCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { batchWorld, describe, furnish, registerScript, role, start, submitScript } from './batch-world.ts';

test('a job goes from submission to success, and every change but the submission is an event', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(aws.client, 'console.log("hello")');
  await aws.clock.idle();
  const job = await describe(aws.client, jobId);
  assert.equal(job.status, 'SUCCEEDED');
  assert.equal(job.statusReason, 'Essential container in task exited');
  assert.equal(job.container?.exitCode, 0);
  assert.ok((job.createdAt ?? 0) >= start && (job.startedAt ?? 0) >= (job.createdAt ?? 0));
  assert.ok((job.stoppedAt ?? 0) >= (job.startedAt ?? 0));
  assert.deepEqual(aws.statuses(jobId), ['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
});

test('an event carries the job the way DescribeJobs shows it', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(aws.client, '0');
  await aws.clock.idle();
  const last = aws.events.at(-1);
  assert.deepEqual(last?.resources, [`arn:aws:batch:eu-central-1:123456789012:job/${jobId}`]);
  assert.equal(last?.source, 'aws.batch');
  assert.deepEqual(
    JSON.parse(JSON.stringify(last?.detail)),
    JSON.parse(JSON.stringify(await describe(aws.client, jobId))),
  );
});

test('the log stream of an attempt is named after definition and task and holds both outputs in their order', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(
    aws.client,
    'for (let i = 0; i < 50; i++) { console.log("out " + i); console.error("err " + i); }',
  );
  await aws.clock.idle();
  const { container } = await describe(aws.client, jobId);
  const stream = `script/default/${container?.taskArn?.split('/').at(-1)}`;
  assert.equal(container?.logStreamName, stream);
  const expected = Array.from({ length: 50 }, (_, i) => [`out ${i}`, `err ${i}`]).flat();
  assert.deepEqual([...aws.logs], [[`/aws/batch/job ${stream}`, expected]]);
});

test('a definition that names a log group logs there, and the stream exists as soon as the job runs', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await registerScript(aws.client, {
    logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/feeds', 'awslogs-stream-prefix': 'p' } },
  });
  const jobId = await submitScript(aws.client, 'setInterval(() => {}, 1e6)');
  await aws.reached(jobId, 'RUNNING');
  assert.match([...aws.logs.keys()].join(), /^\/feeds p\/default\/[0-9a-f]{32}$/);
});

test('a job runs with the environment that Batch gives it, and with nothing of the environment of this process', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await registerScript(aws.client, {
    jobRoleArn: role('job'),
    environment: [
      { name: 'OVERRIDDEN', value: 'definition' },
      { name: 'FROM_DEFINITION', value: 'definition' },
    ],
  });
  const jobId = await submitScript(aws.client, 'console.log(JSON.stringify(process.env))', {
    containerOverrides: { environment: [{ name: 'OVERRIDDEN', value: 'submission' }] },
  });
  await aws.clock.idle();
  const { HOME, TMPDIR, PWD, OLDPWD, SHLVL, _, AWS_CONTAINER_CREDENTIALS_FULL_URI, ...environment } = JSON.parse(
    [...aws.logs.values()].flat().join(''),
  );
  assert.deepEqual(environment, {
    FROM_IMAGE: 'image',
    OVERRIDDEN: 'submission',
    FROM_DEFINITION: 'definition',
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_BATCH_JOB_ID: jobId,
    AWS_BATCH_JOB_ATTEMPT: '1',
    AWS_BATCH_JQ_NAME: 'feeds',
    AWS_BATCH_CE_NAME: 'env',
    AWS_ENDPOINT_URL: aws.world.endpoint(),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    PATH: process.env['PATH'],
  });
  assert.equal(HOME, TMPDIR);
  assert.match(AWS_CONTAINER_CREDENTIALS_FULL_URI, /^http:\/\/127\.0\.0\.1:\d+\/_local\/credentials\/[0-9a-f-]{36}$/);
});

test('a job gets the credentials of its role from its own address, which is gone when the job is', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await registerScript(aws.client, { jobRoleArn: role('job') });
  await submitScript(
    aws.client,
    'const url = process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI; console.log(url); console.log(await (await fetch(url)).text())',
  );
  await aws.clock.idle();
  const [url = '', credentials = ''] = [...aws.logs.values()].flat();
  const { RoleArn, AccessKeyId, Token, Expiration } = JSON.parse(credentials);
  assert.deepEqual([RoleArn, AccessKeyId, Token], [role('job'), 'ASIAecs-tasks.amazonaws.com', role('job')]);
  // An hour on the clock of the wall, which is the container's.
  assert.ok(Math.abs(Date.parse(Expiration) - Date.now() - 3_600_000) < 60_000, Expiration);
  assert.equal((await fetch(url)).status, 404);
});

test('a job without a role has no address of credentials', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await submitScript(aws.client, 'console.log(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI)');
  await aws.clock.idle();
  assert.deepEqual([...aws.logs.values()], [['undefined']]);
});

test('a role that ECS cannot assume fails the job before anything runs', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await registerScript(aws.client, { jobRoleArn: role('missing') });
  const jobId = await submitScript(aws.client, 'console.log("ran")');
  await aws.clock.idle();
  const job = await describe(aws.client, jobId);
  assert.equal(job.status, 'FAILED');
  assert.match(job.statusReason ?? '', /^ECS was unable to assume the role 'arn:aws:iam::123456789012:role\/missing'/);
  assert.deepEqual(aws.statuses(jobId), ['RUNNABLE', 'STARTING', 'FAILED']);
});

test('an attempt works in a folder of its own, which holds no more than the image at first and is gone afterwards', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await submitScript(
    aws.client,
    'import { readdirSync, writeFileSync } from "node:fs"; console.log(process.cwd(), readdirSync(".").join()); writeFileSync("scratch", "x")',
  );
  await aws.clock.idle();
  const [folder = '', files] = [...aws.logs.values()].flat().join('').split(' ');
  assert.equal(files, 'main.mjs');
  await assert.rejects(
    import('node:fs/promises').then(({ stat }) => stat(folder)),
    { code: 'ENOENT' },
  );
});

test('without a command the image runs its own', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await submitScript(aws.client, '', { containerOverrides: { command: [] } });
  await aws.clock.idle();
  assert.deepEqual([...aws.logs.values()], [['the default command']]);
});

test('Ref:: placeholders take the value of the submission, then of the definition, and stay when there is neither', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  await registerScript(
    aws.client,
    { command: ['console.log("Ref::a", "Ref::b", "Ref::c")'] },
    { parameters: { a: 'definition', b: 'definition' } },
  );
  const jobId = await submitScript(aws.client, '', {
    parameters: { b: 'submission' },
    containerOverrides: { command: undefined },
  });
  await aws.clock.idle();
  assert.deepEqual([...aws.logs.values()], [['definition submission Ref::c']]);
  assert.deepEqual((await describe(aws.client, jobId)).parameters, { a: 'definition', b: 'submission' });
});

test('a running job is terminated with the caller’s reason, and not retried', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(aws.client, 'setInterval(() => {}, 1e6)', { retryStrategy: { attempts: 3 } });
  await aws.reached(jobId, 'RUNNING');
  await aws.client.send(new CancelJobCommand({ jobId, reason: 'too late to cancel' }));
  assert.equal((await describe(aws.client, jobId)).isCancelled, false);
  await aws.client.send(new TerminateJobCommand({ jobId, reason: 'not needed' }));
  await aws.clock.idle();
  const job = await describe(aws.client, jobId);
  assert.deepEqual(
    [job.status, job.statusReason, job.isTerminated, job.container?.exitCode, job.attempts?.length],
    ['FAILED', 'not needed', true, 143, 1],
  );
});

test('a job that ignores SIGTERM is killed 30 seconds later', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  const jobId = await submitScript(
    aws.client,
    'process.on("SIGTERM", () => console.log("ignored")); setInterval(() => {}, 1e6); console.log("ready")',
  );
  await aws.logged('ready');
  await aws.client.send(new TerminateJobCommand({ jobId, reason: 'stop' }));
  await aws.logged('ignored');
  aws.clock.skip(29_000);
  assert.equal((await describe(aws.client, jobId)).status, 'RUNNING');
  aws.clock.skip(1_000);
  await aws.clock.idle();
  assert.equal((await describe(aws.client, jobId)).container?.exitCode, 137);
});

test('DescribeJobs leaves out what it does not know and refuses more than 100 ids', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  assert.deepEqual((await aws.client.send(new DescribeJobsCommand({ jobs: ['none'] }))).jobs, []);
  await assert.rejects(aws.client.send(new DescribeJobsCommand({ jobs: Array(101).fill('none') })), {
    name: 'ClientException',
  });
});

test('a job submitted by a rule is like any other', async () => {
  await using aws = await batchWorld();
  await furnish(aws);
  aws.jobs.submit({ jobName: 'from-a-rule', jobQueue: 'feeds', jobDefinition: 'script' });
  await aws.clock.idle();
  assert.deepEqual([...aws.logs.values()], [['the default command']]);
});
