import assert from 'node:assert/strict';
import test, { after, beforeEach } from 'node:test';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { AwsError } from '../../../scripts/local-aws/wire/errors.ts';
import { contextWith, startAws, stateBucket } from '../aws.ts';

const aws = await startAws();
const { handler } = await import('../../../lambdas/schedule-to-batch/handler.ts');

const constants = { jobName: 'Lambda-Broadbean', jobQueue: 'feeds', jobDefinition: 'feedstream-Broadbean' };
/** Each test has an event of its own, hence a job name of its own. */
let day = 0;
const nextEvent = () => {
  day += 1;
  return { id: `event-${day}`, time: new Date(Date.UTC(2026, 10, day, 3)).toISOString() };
};
const nameOf = ({ time }: { time: string }): string =>
  `Lambda-Broadbean-${time.slice(0, 10).replaceAll('-', '')}T030000Z`;
const submittedAs = (name: string): number => aws.batch.submitted.filter(({ jobName }) => jobName === name).length;
const invoke = (input: unknown, milliseconds = 10_000) => handler(input, contextWith(milliseconds));

async function claim(name: string): Promise<unknown> {
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: stateBucket, Key: `claims/${name}` }));
  return JSON.parse((await Body?.transformToString()) ?? '');
}

const lines: unknown[] = [];
const print = console.log;
console.log = (line: string) => void lines.push(JSON.parse(line));
beforeEach(() => {
  lines.length = 0;
  aws.batch.before = () => {};
  aws.batch.after = () => {};
});
after(async () => {
  console.log = print;
  await aws.close();
});

test("a rule's plain constant is submitted as it stands, each time", async () => {
  const input = { jobName: 'Lambda-Broadbean', jobQueue: 'feeds', jobDefinition: 'feedstream-Broadbean' };
  const [first, second] = [await invoke(input), await invoke(input)];
  assert.deepEqual(aws.batch.submitted, [input, input]);
  assert.deepEqual([first, second], [{ jobId: 'job-1' }, { jobId: 'job-2' }]);
  assert.deepEqual(lines.slice(0, 2), [{ event: input }, { response: { jobId: 'job-1' } }]);
});

test('values that are numbers or booleans reach AWS as strings, and the environment may be a map', async () => {
  const list = [
    { name: 'PARALLELISM', value: 15 },
    { name: 'GZIPPED', value: true },
  ];
  const resourceRequirements = [{ type: 'MEMORY', value: 2048 }];
  await invoke({
    ...constants,
    containerOverrides: { environment: list, resourceRequirements },
    parameters: { tries: 3 },
  });
  await invoke({ ...constants, containerOverrides: { environment: { PARALLELISM: 15, GZIPPED: true } } });
  const environment = [
    { name: 'PARALLELISM', value: '15' },
    { name: 'GZIPPED', value: 'true' },
  ];
  const [withList, withMap] = aws.batch.submitted.slice(-2);
  assert.deepEqual(withList?.containerOverrides, {
    environment,
    resourceRequirements: [{ type: 'MEMORY', value: '2048' }],
  });
  assert.deepEqual(withList?.parameters, { tries: '3' });
  assert.deepEqual(withMap?.containerOverrides, { environment });
});

test('deliveries of one event, one after the other, lead to one job named after its time', async () => {
  const event = nextEvent();
  const first = await invoke({ ...constants, event });
  const again = await invoke({ ...constants, event: { ...event, id: 'delivered again under another id' } });
  assert.deepEqual(again, first);
  assert.equal(submittedAs(nameOf(event)), 1);
  assert.equal(aws.batch.submitted.at(-1)?.jobName, nameOf(event));
  assert.deepEqual(lines.at(-2), { alreadySubmitted: nameOf(event), ...first });
});

test('an event without a time has its id in the name: two in one second are two jobs, one twice is one', async () => {
  const [one, other] = ['9f3c', 'a0b1'];
  const first = await invoke({ ...constants, event: { id: one } });
  assert.deepEqual(await invoke({ ...constants, event: { id: one } }), first);
  await invoke({ ...constants, event: { id: other } });
  assert.equal(submittedAs(`Lambda-Broadbean-${one}`), 1);
  assert.equal(submittedAs(`Lambda-Broadbean-${other}`), 1);
});

test('deliveries of one event at the same time lead to one job', async () => {
  const event = nextEvent();
  aws.batch.before = () => new Promise((resolve) => setTimeout(resolve, 50));
  const answers = await Promise.all(Array.from({ length: 8 }, () => invoke({ ...constants, event })));
  assert.equal(new Set(answers.map(({ jobId }) => jobId)).size, 1);
  assert.equal(submittedAs(nameOf(event)), 1);
});

test('after a crash between claiming and submitting, the next delivery submits when the claim has run out', async () => {
  const event = nextEvent();
  let end = (_error: Error): void => {};
  aws.batch.before = () => new Promise((_resolve, reject) => (end = reject));
  const crashed = invoke({ ...constants, event }, 1_300);
  while (!(await exists(nameOf(event))));
  aws.batch.before = () => {};
  const { jobId } = await invoke({ ...constants, event });
  assert.equal(submittedAs(nameOf(event)), 1);
  end(new AwsError('ServerException', 'never seen by anybody', 500));
  await assert.rejects(crashed);
  assert.deepEqual(pick(await claim(nameOf(event))), { status: 'submitted', jobId });
});

const pick = (state: unknown) =>
  typeof state === 'object' && state !== null && 'status' in state && 'jobId' in state
    ? { status: state.status, jobId: state.jobId }
    : state;

async function exists(name: string): Promise<boolean> {
  return claim(name).then(
    () => true,
    () => false,
  );
}

test('after a crash between submitting and writing the id down, the job is found by its name', async () => {
  const event = nextEvent();
  const { jobId } = await invoke({ ...constants, event });
  const { of } = readOf(await claim(nameOf(event)));
  const Body = JSON.stringify({ status: 'held', of, until: Date.now() + 60_000 });
  await aws.s3.send(new PutObjectCommand({ Bucket: stateBucket, Key: `claims/${nameOf(event)}`, Body }));
  assert.deepEqual(await invoke({ ...constants, event }), { jobId });
  assert.equal(submittedAs(nameOf(event)), 1);
  assert.deepEqual(pick(await claim(nameOf(event))), { status: 'submitted', jobId });
});

const readOf = (state: unknown): { of: unknown } =>
  typeof state === 'object' && state !== null && 'of' in state ? { of: state.of } : assert.fail('no claim');

test('when the answer to a submission was lost, the next delivery finds the job', async () => {
  const event = nextEvent();
  aws.batch.after = () => {
    throw new AwsError('ServerException', 'lost', 500);
  };
  await assert.rejects(invoke({ ...constants, event }), /lost/);
  aws.batch.after = () => {};
  const { jobId } = await invoke({ ...constants, event });
  assert.equal(jobId, `job-${aws.batch.submitted.length}`);
  assert.equal(submittedAs(nameOf(event)), 1);
});

test('a submission that AWS refuses says what was submitted to what, and the next delivery need not wait', async () => {
  const event = nextEvent();
  aws.batch.before = () => {
    throw new AwsError('ClientException', 'JobQueue feeds not found.', 400);
  };
  await assert.rejects(invoke({ ...constants, event }), {
    message: `submitting job "${nameOf(event)}" to queue "feeds" with definition "feedstream-Broadbean": ClientException: JobQueue feeds not found.`,
  });
  aws.batch.before = () => {};
  await invoke({ ...constants, event });
  assert.equal(submittedAs(nameOf(event)), 1);
});

test('a throttled submission is repeated', async () => {
  const event = nextEvent();
  let calls = 0;
  aws.batch.before = () => {
    calls += 1;
    if (calls === 1) throw new AwsError('TooManyRequestsException', 'Too Many Requests', 429);
  };
  await invoke({ ...constants, event });
  assert.deepEqual([calls, submittedAs(nameOf(event))], [2, 1]);
});

test('two schedules with one job name at one time are a mistake that is told', async () => {
  const event = nextEvent();
  await invoke({ ...constants, event });
  await assert.rejects(
    invoke({ ...constants, jobDefinition: 'another', event }),
    /give each schedule and topic a jobName of its own/,
  );
});

test('a delivery that cannot wait for another to finish fails, so that Lambda tries it again', async () => {
  const event = nextEvent();
  let release = () => {};
  aws.batch.before = () => new Promise((resolve) => (release = resolve));
  const first = invoke({ ...constants, event });
  while (!(await exists(nameOf(event))));
  await assert.rejects(invoke({ ...constants, event }, 1_200), /another invocation holds the claim on its name/);
  release();
  await first;
});

test('input that no job can be submitted from is refused with the field and what it should be', async () => {
  const cases: [unknown, RegExp][] = [
    ['text', /the input is "text"; it must be an object/],
    [{ ...constants, jobQueue: undefined }, /the input.jobQueue is missing; it must be a string/],
    [{ ...constants, jobName: 'has space' }, /the input.jobName is "has space": a job name starts with/],
    [{ ...constants, arrayProperties: { size: 2 } }, /the input has the unknown field arrayProperties; known: jobName/],
    [
      { ...constants, containerOverrides: { environment: { A: null } } },
      /containerOverrides.environment.A is null; it must be a string/,
    ],
    [{ ...constants, event: { id: 'x', time: 'noon' } }, /event.time is "noon"; it must be an ISO 8601 time/],
  ];
  for (const [input, message] of cases) await assert.rejects(invoke(input), message);
});
