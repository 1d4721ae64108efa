import assert from 'node:assert/strict';
import test from 'node:test';
import { AwsError } from '../../../../scripts/local-aws/wire/errors.ts';
import { worldStart } from '../../../support/local-world.ts';
import { arn, deadQueue, hour, roleArn, scheduleOf, startScheduler, submitter } from './scheduler-world.ts';

const times = (invoked: readonly { readonly at: string }[]): readonly string[] => invoked.map(({ at }) => at);

test('a cron schedule invokes its target at its times in its zone', async (context) => {
  const { world, scheduler, invoked } = await startScheduler(context);
  await scheduler.createSchedule(scheduleOf('cron(0 6 * * ? *)', { ScheduleExpressionTimezone: 'Europe/Berlin' }));
  await world.clock.advanceTo(worldStart + 72 * hour);
  assert.deepEqual(times(invoked), ['2026-11-23T05:00:00', '2026-11-24T05:00:00', '2026-11-25T05:00:00']);
});

test('an input has its keywords replaced, with another id for each invocation', async (context) => {
  const { world, scheduler, invoked } = await startScheduler(context);
  const words = ['scheduled-time', 'schedule-arn', 'execution-id', 'attempt-number', 'else'];
  const Input = JSON.stringify(words.map((word) => `<aws.scheduler.${word}>`));
  const Target = { Arn: submitter, RoleArn: roleArn, Input };
  await scheduler.createSchedule(scheduleOf('cron(30 6 * * ? *)', { Target }));
  await world.clock.advanceTo(worldStart + 48 * hour);
  const [first = [], second = []] = invoked.map(({ payload }): readonly string[] => JSON.parse(payload));
  assert.deepEqual(
    first.map((text, index) => (index === 2 ? /^[\da-f]{16}$/.test(text) : text)),
    ['2026-11-23T06:30:00Z', arn('scheduler', 'schedule/default/feed'), true, '1', '<aws.scheduler.else>'],
  );
  assert.notEqual(first[2], second[2]);
});

test('without an input the target gets a notification', async (context) => {
  const { world, scheduler, invoked } = await startScheduler(context);
  await scheduler.createSchedule(scheduleOf('at(2026-11-23T04:00:00)'));
  await world.clock.advanceTo(worldStart + hour);
  const { id, ...event } = JSON.parse(invoked[0]?.payload ?? '');
  assert.equal(typeof id, 'string');
  assert.deepEqual(event, {
    version: '0',
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: '123456789012',
    time: '2026-11-23T04:00:00Z',
    region: 'eu-central-1',
    resources: [arn('scheduler', 'schedule/default/feed')],
    detail: '{}',
  });
});

test('a one-time schedule invokes once and stays listed, or goes when it shall', async (context) => {
  const { world, scheduler, invoked } = await startScheduler(context);
  await scheduler.createSchedule(scheduleOf('at(2026-11-23T04:00:00)', { Name: 'stays' }));
  await scheduler.createSchedule(
    scheduleOf('at(2026-11-23T05:00:00)', {
      Name: 'goes',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      ActionAfterCompletion: 'DELETE',
    }),
  );
  await scheduler.createSchedule(
    scheduleOf('at(2026-11-01T00:00:00)', { Name: 'past', ActionAfterCompletion: 'DELETE' }),
  );
  await world.clock.advanceTo(worldStart + 24 * hour);
  assert.deepEqual(times(invoked), ['2026-11-23T04:00:00', '2026-11-23T04:00:00']);
  const names = (await scheduler.listSchedules({})).Schedules?.map(({ Name, State }) => `${Name} ${State}`);
  assert.deepEqual(names, ['past ENABLED', 'stays ENABLED']);
});

test('a rate begins at once, or at its start date, and ends with its end date', async (context) => {
  const { world, scheduler, invoked } = await startScheduler(context);
  const at = (hours: number): Date => new Date(worldStart + hours * hour);
  const queue = { Arn: arn('sqs', 'later'), RoleArn: roleArn };
  await scheduler.createSchedule(scheduleOf('rate(4 hours)'));
  await scheduler.createSchedule(
    scheduleOf('rate(2 hours)', {
      Name: 'later',
      StartDate: at(1.5),
      EndDate: at(5.5),
      Target: queue,
      ActionAfterCompletion: 'DELETE',
    }),
  );
  await world.clock.advanceTo(worldStart + 10 * hour);
  const of = (to: string) => times(invoked.filter((each) => each.to === to)).map((time) => time.slice(11, 16));
  assert.deepEqual(of(submitter), ['03:00', '07:00', '11:00']);
  assert.deepEqual(of(queue.Arn), ['04:30', '06:30', '08:30']);
  await assert.rejects(scheduler.getSchedule({ Name: 'later' }), { name: 'ResourceNotFoundException' });
});

test('disabling, enabling, changing and deleting a schedule plan its next invocation anew', async (context) => {
  const { world, scheduler, invoked } = await startScheduler(context);
  await scheduler.createSchedule(scheduleOf('cron(0 * * * ? *)', { State: 'DISABLED' }));
  await world.clock.advanceTo(worldStart + 2.5 * hour);
  assert.deepEqual(invoked, []);
  await scheduler.updateSchedule(scheduleOf('cron(0 * * * ? *)'));
  await world.clock.advanceTo(worldStart + 3.5 * hour);
  await scheduler.updateSchedule(scheduleOf('cron(45 * * * ? *)'));
  await world.clock.advanceTo(worldStart + 4.5 * hour);
  await scheduler.deleteSchedule({ Name: 'feed' });
  await world.clock.advanceTo(worldStart + 9 * hour);
  assert.deepEqual(times(invoked), ['2026-11-23T06:00:00', '2026-11-23T06:45:00']);
});

test('a target that throttles is tried again, with the number of the attempt in its input', async (context) => {
  const { world, scheduler, invoked, counted, fail } = await startScheduler(context);
  const Target = { Arn: submitter, RoleArn: roleArn, Input: '"<aws.scheduler.attempt-number>"' };
  await scheduler.createSchedule(scheduleOf('at(2026-11-23T04:00:00)', { Target, ActionAfterCompletion: 'DELETE' }));
  fail(new AwsError('TooManyRequestsException', 'Rate exceeded', 429));
  await world.clock.advanceTo(worldStart + hour + 2_000);
  fail(undefined);
  assert.equal((await scheduler.listSchedules({})).Schedules?.length, 1);
  await world.clock.advanceTo(worldStart + 2 * hour);
  assert.deepEqual(invoked, [{ to: submitter, payload: '"3"', at: '2026-11-23T04:00:03' }]);
  assert.equal((await scheduler.listSchedules({})).Schedules?.length, 0);
  assert.deepEqual(
    counted.map((each) => each.replace('default ', '')),
    [
      'InvocationAttemptCount',
      'TargetErrorCount',
      'InvocationAttemptCount',
      'TargetErrorCount',
      'InvocationAttemptCount',
    ],
  );
});

test('an invocation goes to the dead-letter queue when its retries are over or would not help', async (context) => {
  const { world, scheduler, dead, counted, fail } = await startScheduler(context);
  const Target = { Arn: submitter, RoleArn: roleArn, Input: '{"n":1}', DeadLetterConfig: { Arn: deadQueue } };
  const put = (Name: string, RetryPolicy = {}) =>
    scheduler.createSchedule(scheduleOf('at(2026-11-23T04:00:00)', { Name, Target: { ...Target, RetryPolicy } }));
  await put('few', { MaximumRetryAttempts: 2 });
  await put('short', { MaximumEventAgeInSeconds: 60 });
  fail(new AwsError('ServiceException', 'internal', 500));
  await world.clock.advanceTo(worldStart + 2 * hour);
  const summary = dead.map(({ attributes }) => [attributes['RETRY_ATTEMPTS'], attributes['EXHAUSTED_RETRY_CONDITION']]);
  assert.deepEqual(summary, [
    ['2', 'MaximumRetryAttempts'],
    ['5', 'MaximumEventAgeInSeconds'],
  ]);
  fail(new AwsError('ResourceNotFoundException', 'Function not found', 404));
  await scheduler.createSchedule(scheduleOf('at(2026-11-23T06:00:00)', { Name: 'gone', Target }));
  await world.clock.advanceTo(worldStart + 4 * hour);
  const { EXECUTION_ID, ...attributes } = dead[2]?.attributes ?? {};
  assert.match(String(EXECUTION_ID), /^[\da-f]{16}$/);
  assert.equal(dead[2]?.body, '{"n":1}');
  assert.deepEqual(attributes, {
    ERROR_CODE: 'ResourceNotFoundException',
    ERROR_MESSAGE: 'Function not found',
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: '0',
    SCHEDULED_TIME: '2026-11-23T06:00:00Z',
    SCHEDULE_ARN: arn('scheduler', 'schedule/default/gone'),
    TARGET_ARN: submitter,
  });
  assert.equal(counted.filter((each) => each.endsWith('InvocationsSentToDeadLetterCount')).length, 3);
});

test('an invocation is that of the execution role: it fails when the role may not, or is gone', async (context) => {
  const { world, scheduler, invoked, dead, counted, refused } = await startScheduler(context);
  const Target = { Arn: submitter, RoleArn: roleArn, DeadLetterConfig: { Arn: deadQueue } };
  await scheduler.createSchedule(scheduleOf('cron(0 * * * ? *)', { Target }));
  refused.add('lambda:InvokeFunction');
  await world.clock.advanceTo(worldStart + 1.5 * hour);
  assert.deepEqual(
    dead.map(({ attributes }) => attributes['ERROR_CODE']),
    ['AccessDeniedException'],
  );
  refused.add('sts:AssumeRole');
  await world.clock.advanceTo(worldStart + 2.5 * hour);
  assert.equal(dead.length, 1);
  assert.equal(counted.at(-1), 'default InvocationsFailedToBeSentToDeadLetterCount');
  refused.clear();
  await world.clock.advanceTo(worldStart + 3.5 * hour);
  assert.equal(invoked.length, 1);
});
