/** Jobs are run, followed, looked at, stopped and replayed as the operate role, in an environment whose roles are bounded. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { SQS } from '@aws-sdk/client-sqs';
import { operateCalls } from '../../scripts/bootstrap/calls.ts';
import { apply } from '../../scripts/control/commands/apply.ts';
import { replay } from '../../scripts/operate/replay/replay.ts';
import { status } from '../../scripts/operate/status/command.ts';
import { trigger } from '../../scripts/operate/trigger/command.ts';
import { hasty } from '../operate/shell-world.ts';
import { account, githubWorld, region } from './github-world.ts';
import { namesOf } from './lists.ts';
import { unused } from './use.ts';

const size = { vcpus: 0.5, memory: 1024, image: 'shell' };
const submit = { jobQueue: 'feeds', jobDefinition: 'shell' };

const config = {
  computeEnvironments: { main: { type: 'FARGATE', maxvCpus: 1 } },
  jobQueues: { feeds: { computeEnvironments: ['main'] } },
  jobDefinitions: {
    shell: {
      ...size,
      command: ['-c', 'Ref::script'],
      parameters: { script: 'echo hello' },
      grants: [{ write: 'bucket.feeds' }],
    },
    large: { ...size, vcpus: 2, memory: 4096 },
  },
  schedules: {
    nightly: { cron: '0 3 * * ? *', submit: { ...submit, jobName: 'nightly' } },
    zoned: { cron: '0 3 * * ? *', timezone: 'Europe/Berlin', submit: { ...submit, jobName: 'zoned' } },
  },
  topics: { changed: { submit: { ...submit, jobName: 'consume', messageVariable: 'MESSAGE' } } },
  buckets: { feeds: {} },
  alerts: { emails: ['ops@example.com'] },
};

/** Puts into the queues of dead letters what Lambda gave up, and what EventBridge could not hand over. */
async function loseLetters(settings: NonNullable<ConstructorParameters<typeof SQS>[0]>): Promise<void> {
  const sqs = new SQS(settings);
  const urlOf = async (name: string) => (await sqs.getQueueUrl({ QueueName: `unit-${name}` })).QueueUrl;
  const functionArn = `arn:aws:lambda:${region}:${account}:function:unit-schedule-to-batch`;
  const payload = { ...submit, jobQueue: 'unit-feeds', jobDefinition: 'unit-shell', jobName: 'lost' };
  const given = {
    version: '1.0',
    timestamp: '2026-11-25T12:00:00.000Z',
    requestContext: { requestId: 'a', functionArn, condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: payload,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorMessage: 'no' },
  };
  const rule = `arn:aws:events:${region}:${account}:rule/unit-nightly`;
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const event = { version: '0', id: 'b', source: 'aws.events', time: '2026-11-25T03:00:00Z', resources: [rule] };
  await sqs.sendMessage({ QueueUrl: await urlOf('failed-invocations'), MessageBody: JSON.stringify(given) });
  await sqs.sendMessage({
    QueueUrl: await urlOf('undelivered-schedules'),
    MessageBody: JSON.stringify(event),
    MessageAttributes: { RULE_ARN: text(rule), TARGET_ARN: text(functionArn), ERROR_CODE: text('SDK_CLIENT_ERROR') },
  });
  sqs.destroy();
}

test('the operate role runs, follows, stops and shows jobs, replays letters, and may do nothing besides', async (t) => {
  const { bootstrap, flags, iam, person, run, sent, world, write } = await githubWorld(t);
  write(config);
  assert.equal((await bootstrap()).code, 0);
  const applied = await run('apply', () => apply({ ...flags, yes: true }));
  assert.deepEqual([applied.code, applied.err], [0, '']);
  const root = mkdtempSync(join(tmpdir(), 'baton-shell-'));
  t.after(() => rmSync(root, { recursive: true }));
  const shell = { root, entrypoint: ['sh'], command: [], environment: {}, workingDirectory: '/' };
  world.ports.images = { pull: async () => shell };

  type TriggerFlags = Parameters<typeof trigger>[1];
  const triggered = (name: string | undefined, more: Partial<TriggerFlags> = {}) =>
    run('operate', () => trigger(name, { ...flags, set: {}, param: {}, wait: true, ...more }, hasty));
  const hello = await triggered('nightly');
  assert.deepEqual([hello.code, hello.err], [0, '']);
  assert.match(hello.out, /│ hello/);
  assert.equal((await triggered('shell', { param: { script: 'exit 3' } })).code, 3);
  assert.equal((await triggered('shell', { array: 2 })).code, 0);
  const stuck = await triggered('large', { queue: 'feeds', timeout: 600 });
  assert.deepEqual([stuck.code, stuck.err], [124, '']);
  const id = /job ([0-9a-f-]{36})/.exec(stuck.out)?.[1] ?? '';
  const stopped = await triggered(undefined, { stop: id });
  assert.deepEqual([stopped.code, stopped.err], [0, '']);
  await loseLetters(person);
  const shown = await run('operate', () => status({ ...flags, last: 3 }));
  assert.deepEqual([shown.code, shown.err], [0, '']);
  const looked = await run('operate', () => replay({ ...flags, limit: 100, show: true }));
  assert.deepEqual([looked.code, looked.err], [0, '']);
  const replayed = await run('operate', () => replay({ ...flags, limit: 100, yes: true }));
  assert.deepEqual([replayed.code, replayed.err], [0, '']);
  assert.match(replayed.out, /^2 replayed$/m);

  const as = sent.get('github-unit-operate');
  assert.ok(as);
  assert.deepEqual([...as.operations.keys()].sort(), namesOf(operateCalls));
  assert.deepEqual(await unused(iam, 'github-unit-operate', [...as.needs.values()]), []);
  const refused = await run('operate', () => apply({ ...flags, yes: true }));
  assert.equal(refused.code, 1);
  assert.match(refused.err, /reading live state .*the credentials do not allow it/);
});
