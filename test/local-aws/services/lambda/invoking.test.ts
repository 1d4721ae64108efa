import assert from 'node:assert/strict';
import test from 'node:test';
import { ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { type LambdaWorld, lambdaWorld } from './lambda-world.ts';

test('a function gets the event and its context, and its answer comes back', async (t) => {
  const { create, invoke } = await lambdaWorld(t);
  const arn = await create(
    'echo',
    'export const handler = async (event, { functionName, invokedFunctionArn }) => ({ event, functionName, invokedFunctionArn });',
  );
  const { error, payload } = await invoke('echo', { greeting: 'grüße', list: [1, null] });
  assert.equal(error, undefined);
  assert.deepEqual(payload, {
    event: { greeting: 'grüße', list: [1, null] },
    functionName: 'echo',
    invokedFunctionArn: arn,
  });
});

test('a function sees its role, its region, the embedded AWS and its own variables, and nothing of this process', async (t) => {
  process.env['A_SECRET_OF_THIS_PROCESS'] = 'secret';
  t.after(() => delete process.env['A_SECRET_OF_THIS_PROCESS']);
  const { world, create, invoke } = await lambdaWorld(t);
  await create('env', 'export const handler = () => process.env;', {
    Environment: { Variables: { OWN: 'yes' } },
    MemorySize: 256,
  });
  const { payload } = await invoke('env');
  assert.ok(typeof payload === 'object' && payload !== null);
  const seen = new Map<string, unknown>(Object.entries(payload));
  const names = [
    'OWN',
    'AWS_ACCESS_KEY_ID',
    'AWS_REGION',
    'AWS_ENDPOINT_URL',
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
    'A_SECRET_OF_THIS_PROCESS',
  ];
  assert.deepEqual(
    names.map((name) => seen.get(name)),
    ['yes', 'KEY-OF-env', 'eu-central-1', world.endpoint(), '256', undefined],
  );
});

test('an error of the handler is an answer with its type, message and trace', async (t) => {
  const { create, invoke } = await lambdaWorld(t);
  await create('fails', 'export const handler = () => { throw new RangeError("too far"); };');
  const { error, payload, log } = await invoke('fails');
  assert.equal(error, 'Unhandled');
  assert.ok(typeof payload === 'object' && payload !== null && 'trace' in payload && Array.isArray(payload.trace));
  assert.deepEqual({ ...payload, trace: [] }, { errorType: 'RangeError', errorMessage: 'too far', trace: [] });
  assert.match(log, /too far/);
});

test('a process serves one invocation after the other, and several processes serve several at once', async (t) => {
  const { create, invoke } = await lambdaWorld(t);
  const source = `
    let served = 0;
    export const handler = async ({ wait }) => {
      served += 1;
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
      return { pid: process.pid, served };
    };`;
  await create('counts', source);
  const [first, second] = [await invoke('counts'), await invoke('counts')];
  assert.deepEqual([first.payload, second.payload].map(served), [1, 2]);
  const both = await Promise.all([invoke('counts', { wait: 50 }), invoke('counts', { wait: 50 })]);
  assert.deepEqual(both.map(({ payload }) => served(payload)).sort(), [1, 3]);
});

const served = (payload: unknown): unknown =>
  typeof payload === 'object' && payload !== null && 'served' in payload ? payload.served : undefined;

test('the log has what the handler wrote between START, END and REPORT, whole lines in their order', async (t) => {
  const { create, invoke, lines } = await lambdaWorld(t);
  await create(
    'talks',
    'export const handler = () => { console.log("one"); console.error("two"); process.stdout.write("three"); };',
  );
  await invoke('talks');
  const all = await lines('talks');
  assert.deepEqual(all.slice(1, 4), ['one', 'two', 'three']);
  assert.match(all[0] ?? '', /^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/);
  assert.match(all[4] ?? '', /^END RequestId: /);
  assert.match(
    all[5] ?? '',
    /^REPORT RequestId: .*\tDuration: .* ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\d* MB\tInit Duration: /,
  );
  assert.equal(all.length, 6);
});

test('a handler that takes longer than its time-out is killed, and the next invocation starts afresh', async (t) => {
  const { clock, create, invoke, lines } = await lambdaWorld(t);
  await create(
    'hangs',
    'let served = 0; export const handler = ({ hang }) => { served += 1; console.log("here"); return hang ? new Promise((resolve) => setTimeout(resolve, 2 ** 30)) : served; };',
  );
  await invoke('hangs');
  const hanging = invoke('hangs', { hang: true });
  while ((await lines('hangs')).filter((line) => line === 'here').length < 2);
  clock.skip(3_000);
  const { error, payload } = await hanging;
  assert.equal(error, 'Unhandled');
  assert.match(JSON.stringify(payload), /"errorType":"Sandbox.Timedout".*Task timed out after 3\.00 seconds/);
  assert.ok((await lines('hangs')).some((line) => line.endsWith('Task timed out after 3.00 seconds')));
  assert.equal((await invoke('hangs')).payload, 1);
});

test('a handler that is missing, does not load, or ends the process fails with the reason', async (t) => {
  const { create, invoke } = await lambdaWorld(t);
  await create('missing', 'export const other = 1;');
  await create('throws', 'throw new TypeError("while loading");');
  await create('exits', 'export const handler = () => process.exit(7);');
  await create('leaves', 'export const handler = () => process.exit(0);');
  await create('dies', 'export const handler = () => new Promise(() => process.kill(process.pid, "SIGKILL"));');
  await create(
    'rejects',
    'export const handler = () => { void Promise.reject(new Error("nobody waits")); return new Promise(() => setInterval(() => {}, 1000)); };',
  );
  const payloads = await Promise.all(
    ['missing', 'throws', 'exits', 'leaves', 'dies', 'rejects'].map(async (name) =>
      JSON.stringify((await invoke(name)).payload),
    ),
  );
  const expected = [
    /Runtime.HandlerNotFound/,
    /"TypeError".*while loading/,
    /Runtime.ExitError.*Error: Runtime exited with error: exit status 7/,
    /Runtime.ExitError.*Error: Runtime exited without providing a reason/,
    /Runtime.ExitError.*Error: Runtime exited with error: signal: killed/,
    /Runtime.UnhandledPromiseRejection.*nobody waits/,
  ];
  for (const [at, pattern] of expected.entries()) assert.match(payloads[at] ?? '', pattern);
});

test('an invocation of nothing, with no JSON, or as a dry run ends before any process starts', async (t) => {
  const { lambda, create } = await lambdaWorld(t);
  await create('echo', 'export const handler = (event) => event;');
  await assert.rejects(lambda.send(new InvokeCommand({ FunctionName: 'nobody' })), {
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:eu-central-1:123456789012:function:nobody',
  });
  await assert.rejects(lambda.send(new InvokeCommand({ FunctionName: 'echo', Payload: '{' })), {
    name: 'InvalidRequestContentException',
  });
  const { StatusCode } = await lambda.send(new InvokeCommand({ FunctionName: 'echo', InvocationType: 'DryRun' }));
  assert.equal(StatusCode, 204);
});

test('what a handler does to the output, or returns that is no JSON, does not keep its answer', async (t) => {
  const { create, invoke } = await lambdaWorld(t);
  await create(
    'mute',
    'process.stdout.write = () => true; export const handler = () => { console.log("unheard"); return () => 1; };',
  );
  assert.deepEqual((await invoke('mute')).payload, null);
});

test('a function deleted while it works answers, and leaves no process', async (t) => {
  const { lambda, create, invoke, lines } = await lambdaWorld(t);
  const source =
    'export const handler = async () => { console.log("here"); await new Promise((resolve) => setTimeout(resolve, 500)); return process.pid; };';
  await create('works', source);
  const answer = invoke('works');
  while (!(await linesSoFar(lines, 'works')).includes('here'));
  await lambda.send(new DeleteFunctionCommand({ FunctionName: 'works' }));
  const { payload } = await answer;
  assert.throws(() => process.kill(Number(payload), 0), { code: 'ESRCH' });
});

/** There is no log group before the first line. */
const linesSoFar = (lines: LambdaWorld['lines'], name: string): Promise<string[]> =>
  lines(name).catch((error: unknown) => {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  });

test('invocations that wait for their turn all fail when the role cannot be assumed any more', async (t) => {
  const { world, create, invoke } = await lambdaWorld(t);
  await create('exits', 'export const handler = () => process.exit(1);');
  const { identity } = world.ports;
  let grants = 8;
  world.ports.identity = {
    ...identity,
    credentialsFor: (...given) => {
      grants -= 1;
      return identity.credentialsFor(grants < 0 ? 'arn:aws:iam::123456789012:role/gone' : given[0], given[1], given[2]);
    },
  };
  const ends = await Promise.allSettled(Array.from({ length: 20 }, () => invoke('exits')));
  assert.deepEqual(
    [
      ends.filter(({ status }) => status === 'fulfilled').length,
      ends.filter(({ status }) => status === 'rejected').length,
    ],
    [8, 12],
  );
});
