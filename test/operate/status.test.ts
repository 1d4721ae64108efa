import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { tagPaused } from '../../scripts/aws/pause-tags.ts';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { type StatusSurroundings, status } from '../../scripts/operate/status/command.ts';
import { shellWorld } from './shell-world.ts';

const more = `
schedules:
  zoned: { cron: 30 6 * * ? *, timezone: Europe/Berlin, flexibleWindow: 15m, submit: { jobName: Zoned, jobQueue: main, jobDefinition: shell } }
  off: { rate: 5 minutes, enabled: false, submit: { jobName: Off, jobQueue: main, jobDefinition: shell } }
  often: { rate: 1 day, submit: { jobName: Greet-often, jobQueue: main, jobDefinition: shell } }
  told: { eventPattern: { source: [aws.s3] }, submit: { jobName: Told, jobQueue: main, jobDefinition: shell } }
  past: { at: "2020-01-01T00:00:00", submit: { jobName: Past, jobQueue: main, jobDefinition: shell } }
topics:
  asked: { submit: { jobName: asked, jobQueue: side, jobDefinition: once, messageVariable: MESSAGE } }
alerts: { emails: [ops@example.com] }
`;

const noon = Date.UTC(2026, 10, 25, 12);

/** Says a time, and stops after so many pictures. */
function around(now: () => number, pictures = 1): StatusSurroundings {
  const controller = new AbortController();
  let left = pictures;
  return {
    clock: {
      now,
      wait: async () => {
        await setImmediate();
        left -= 1;
        if (left === 0) controller.abort('SIGINT');
      },
    },
    stops: () => ({ signal: controller.signal, again: () => {}, [Symbol.dispose]: () => {} }),
    zone: 'Europe/Berlin',
  };
}

test('an environment is shown as it is', async (t) => {
  const world = await shellWorld(t, more);
  const { flags, run, trigger, batch, settle, reached, endpoint } = world;
  const open = async () => {
    const environment = await openEnvironment({ directory: flags.config, environment: 'local', endpoint });
    t.after(environment.close);
    return environment.aws;
  };
  const picture = (flagged: object = {}, at = () => noon) =>
    run(() => status({ ...flags, last: 2, ...flagged }, around(at)));
  const aws = await open();

  await t.test('before anything is applied nothing is there, and that is no failure', async () => {
    const { code, out, err } = await picture();
    assert.deepEqual({ code, err }, { code: 0, err: '' });
    assert.match(
      out,
      /^shop\/local at 2026-11-25T12:00:00Z \(Wed 25 Nov 13:00 Europe\/Berlin\)\n\nnow\n {4}nothing runs/,
    );
    assert.match(out, /^greet +not in AWS +apply makes it$/m);
    assert.match(out, /^past +not in AWS +never again$/m);
  });
  await settle();

  await t.test('what fires next is said in UTC and in local time, and what does not, why', async () => {
    await aws.events.send(new DisableRuleCommand({ Name: 'shop-often' }));
    const { out } = await picture();
    assert.equal(
      out.slice(out.indexOf('\nran')),
      `
ran    started (UTC)  took  result  records  said
greet  nothing
zoned  nothing
off    nothing
often  nothing
told   nothing
past   nothing
asked  nothing
    Batch keeps jobs that have ended for about 7 days only

next   when                              UTC               Europe/Berlin
greet  cron(0 3 * * ? *)                 Thu 26 Nov 03:00  Thu 26 Nov 04:00
zoned  cron(30 6 * * ? *) Europe/Berlin  Thu 26 Nov 05:30  Thu 26 Nov 06:30  within 15 min
off    rate(5 minutes)                   DISABLED                            as config has it
often  rate(1 day)                       DISABLED                            config has it enabled
told   on events
past                                     not in AWS                          never again

dead letters
    none
`,
    );
    const { schedules } = JSON.parse((await picture({ json: true })).out);
    assert.deepEqual(schedules[0], {
      schedule: 'greet',
      expression: 'cron(0 3 * * ? *)',
      state: 'ENABLED',
      next: '2026-11-26T03:00:00.000Z',
    });
  });

  await t.test('what ran is told by schedule and topic: how it ended, what it said, and whether by hand', async () => {
    const say = (line: string) => ({ param: { script: `echo noise; echo '${line}'` } });
    await trigger('greet', { ...say('{"event":"feed changed","records":1200}'), name: 'Greet-20261125T030000Z' });
    await trigger('greet', { param: { script: 'echo "no JSON"; exit 3' } });
    const held = '{"error":"it is held","accept":"npm run trigger -- SCHEDULE -e ENVIRONMENT --set ACCEPT=told-1-0a"}';
    await trigger('told', { param: { script: `echo '${held}'; exit 1` } });
    await trigger('often');
    await trigger('once', {
      ...{ queue: 'side', name: 'asked-message-1', array: 2, json: true },
      ...say('{"event":"feed delivered","records":7}'),
    });
    const { out } = await picture({}, Date.now);
    const ran = out
      .slice(out.indexOf('\nran') + 1, out.indexOf('\nnext'))
      .replaceAll(/[A-Z][a-z]{2} \d\d [A-Z][a-z]{2} \d\d:\d\d/g, 'TIME')
      .replaceAll(/ +\d+(\.\d)? s /g, ' SPAN ')
      .replaceAll(/[0-9a-f-]{36}/g, 'ID');
    assert.deepEqual(
      ran
        .split('\n')
        .slice(1, 6)
        .map((line) => line.replaceAll(/ +/g, ' ')),
      [
        'greet TIME SPAN FAILED 3 by hand',
        ' ID: Essential container in task exited',
        ' TIME SPAN SUCCEEDED 1200 feed changed',
        'zoned nothing',
        'off nothing',
      ],
    );
    assert.match(ran, /^ {4}the log of one: npm run trigger -- --environment local --follow ID$/m);
    assert.match(ran, /^often +TIME SPAN +SUCCEEDED +by hand$/m);
    assert.match(ran, /^asked +TIME SPAN +SUCCEEDED +14 +feed delivered$/m);
    const accept = 'npm run trigger -- told -e local --set ACCEPT=told-1-0a';
    assert.match(ran, new RegExp(`^ {4}ID: it is held\\n {4}to publish it: ${accept}$`, 'm'));
    assert.equal(Math.max(...out.split('\n').map((line) => line.length)) <= 100, true);
    const [greet, , , , told] = JSON.parse((await picture({ json: true, last: 1 })).out).ran;
    assert.equal(told.runs[0].accept, accept);
    assert.deepEqual(
      greet.runs.map(({ status: ended, exitCode, attempts, byHand }: Record<string, unknown>) => ({
        ended,
        exitCode,
        attempts,
        byHand,
      })),
      [{ ended: 'FAILED', exitCode: 3, attempts: 2, byHand: true }],
    );
  });

  await t.test('what runs and what waits is told with the reason, and what is lost or goes off', async () => {
    const idOf = ({ out }: { readonly out: string }): string => /job ([0-9a-f-]{36})/.exec(out)?.[1] ?? '';
    const script = 'echo up; exec sleep 60';
    await reached(
      idOf(await trigger('once', { queue: 'side', name: 'long', param: { script }, wait: false })),
      'RUNNING',
    );
    await reached(idOf(await trigger('shell', { queue: 'main', name: 'behind', wait: false })), 'RUNNABLE');
    await reached(idOf(await trigger('once', { queue: 'side', name: 'array', array: 2, wait: false })), 'PENDING');
    const QueueName = 'shop-failed-invocations';
    const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName }));
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
    world.world.ports.metrics.level('AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName }, 7_260);
    const { MetricAlarms: [alarm] = [] } = await aws.cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: 'shop-' }),
    );
    const AlarmName = alarm?.AlarmName ?? '';
    await aws.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'it is tried' }));

    const { out } = await picture({}, Date.now);
    assert.match(out, /^long +side +RUNNING +\d/m);
    assert.match(out, /^behind +main +RUNNABLE +\d/m);
    assert.match(out, /^ {4}it wants 0\.5 vCPUs, and 1 of 1 are taken by 1 job: long$/m);
    assert.match(
      out,
      /^dead letters +waiting +oldest\nshop-failed-invocations +1 +2 h 01 min\n {4}why, and what they are: npm run replay -- --environment local --show\n\nalarms\n/m,
    );
    assert.match(out, new RegExp(`^ {4}${AlarmName} since .* UTC\\n {8}it is tried$`, 'm'));
    const document = JSON.parse((await picture({ json: true }, Date.now)).out);
    assert.deepEqual(document.deadLetters.at(-1), { queue: QueueName, count: 1, oldest: 7_260 });
    assert.deepEqual(
      document.active.map(({ jobName }: { jobName: string }) => jobName),
      ['long', 'behind', 'array'],
    );
    for (const { jobId } of document.active) await batch.terminateJob({ jobId, reason: 'over' });
  });

  await t.test('a paused environment is said to be so, first of all', async () => {
    await tagPaused(aws, 'shop-state-000000000000-eu-central-1', {
      since: '2026-11-25T11:00:00Z',
      by: 'ann@desk',
      reason: 'the destination is down',
    });
    const { out } = await picture();
    assert.match(
      out,
      /^.*\nPAUSED since 2026-11-25T11:00:00Z by ann@desk \(the destination is down\)\nit ends with: npm run pause -- --environment local --resume\n/,
    );
    assert.match(out, /^often +rate\(1 day\) +DISABLED +paused$/m);
    assert.match(out, /^off +rate\(5 minutes\) +DISABLED +as config has it$/m);
  });

  await t.test(
    'who watches sees it through when AWS is out of reach for a moment, but not what no waiting mends',
    async (t) => {
      const watch = () =>
        run(() =>
          status(
            { ...flags, last: 1, watch: true },
            around(() => noon, 2),
          ),
        );
      const failing = (error: Error): void =>
        void t.mock.method(SQSClient.prototype, 'send', () => Promise.reject(error), { times: 1 });
      failing(Object.assign(new Error('socket hang up'), { $metadata: { attempts: 6 } }));
      const { code, out, err } = await watch();
      assert.deepEqual([code, err], [0, '12:00:00Z  socket hang up; looking again\n']);
      assert.equal(out.match(/^shop\/local at/gm)?.length, 1);
      failing(
        Object.assign(new Error('no'), {
          ...{ name: 'AccessDenied', $fault: 'client', $metadata: { httpStatusCode: 403 } },
        }),
      );
      const refused = await watch();
      assert.equal(refused.code, 1);
      assert.match(refused.err, /^reading how shop\/local is: the credentials do not allow it/);
    },
  );

  await t.test('watched where there is no terminal, one picture follows the other until Ctrl-C', async () => {
    const { code, out } = await run(() =>
      status(
        { ...flags, last: 1, watch: true },
        around(() => noon, 3),
      ),
    );
    assert.equal(code, 0);
    assert.equal(out.match(/^shop\/local at 2026-11-25T12:00:00Z/gm)?.length, 3);
    const lines = await run(() =>
      status(
        { ...flags, last: 1, watch: true, json: true },
        around(() => noon, 2),
      ),
    );
    assert.deepEqual(
      lines.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).paused.by),
      ['ann@desk', 'ann@desk'],
    );
  });
});
