import assert from 'node:assert/strict';
import test from 'node:test';
import type { CreateScheduleCommandInput, Target } from '@aws-sdk/client-scheduler';
import { worldStart } from '../../../support/local-world.ts';
import { taggedResources } from '../../../support/tagged-resources.ts';
import { arn, deadQueue, hour, roleArn, scheduleOf, startScheduler, submitter } from './scheduler-world.ts';

test('a schedule is answered with the defaults that AWS fills in', async (context) => {
  const { scheduler } = await startScheduler(context);
  const { ScheduleArn } = await scheduler.createSchedule(scheduleOf('cron(0 6 * * ? *)'));
  assert.equal(ScheduleArn, arn('scheduler', 'schedule/default/feed'));
  const { $metadata, ...schedule } = await scheduler.getSchedule({ Name: 'feed' });
  assert.deepEqual(schedule, {
    Name: 'feed',
    GroupName: 'default',
    Arn: ScheduleArn,
    CreationDate: new Date(worldStart),
    LastModificationDate: new Date(worldStart),
    State: 'ENABLED',
    ScheduleExpression: 'cron(0 6 * * ? *)',
    ScheduleExpressionTimezone: 'UTC',
    ActionAfterCompletion: 'NONE',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: submitter,
      RoleArn: roleArn,
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    },
  });
});

test('UpdateSchedule replaces everything: what it omits is the default again', async (context) => {
  const { world, scheduler } = await startScheduler(context);
  const Target = {
    Arn: submitter,
    RoleArn: roleArn,
    Input: '{}',
    DeadLetterConfig: { Arn: deadQueue },
    RetryPolicy: { MaximumRetryAttempts: 3 },
  };
  await scheduler.createSchedule(
    scheduleOf('at(2027-01-01T06:00:00)', {
      Description: 'first',
      State: 'DISABLED',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      ActionAfterCompletion: 'DELETE',
      Target,
    }),
  );
  assert.deepEqual((await scheduler.getSchedule({ Name: 'feed' })).Target, {
    ...Target,
    RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 3 },
  });
  await world.clock.advanceTo(worldStart + hour);
  await scheduler.updateSchedule(scheduleOf('rate(1 hour)'));
  const schedule = await scheduler.getSchedule({ Name: 'feed' });
  assert.deepEqual(
    [schedule.Description, schedule.State, schedule.ScheduleExpressionTimezone, schedule.ActionAfterCompletion],
    [undefined, 'ENABLED', 'UTC', 'NONE'],
  );
  assert.deepEqual([schedule.Target?.Input, schedule.Target?.DeadLetterConfig], [undefined, undefined]);
  assert.deepEqual(schedule.CreationDate, new Date(worldStart));
  assert.deepEqual(schedule.LastModificationDate, new Date(worldStart + hour));
});

test('a name is taken once in a group, and a call that is repeated with its token succeeds', async (context) => {
  const { scheduler } = await startScheduler(context);
  await scheduler.createScheduleGroup({ Name: 'feeds' });
  const input = scheduleOf('rate(1 hour)', { GroupName: 'feeds', ClientToken: 'once' });
  const { ScheduleArn } = await scheduler.createSchedule(input);
  assert.equal((await scheduler.createSchedule(input)).ScheduleArn, ScheduleArn);
  await scheduler.createSchedule({ ...input, GroupName: 'default' });
  await assert.rejects(scheduler.createSchedule({ ...input, ClientToken: 'twice' }), {
    name: 'ConflictException',
    message: 'Schedule feed already exists.',
  });
  await assert.rejects(scheduler.createSchedule({ ...input, GroupName: 'none' }), {
    name: 'ResourceNotFoundException',
    message: 'Schedule group none does not exist.',
  });
  for (const call of [scheduler.getSchedule({ Name: 'x' }), scheduler.deleteSchedule({ Name: 'x' })])
    await assert.rejects(call, { name: 'ResourceNotFoundException', message: 'Schedule x does not exist.' });
});

const refusals: readonly (readonly [
  what: string,
  input: Partial<CreateScheduleCommandInput>,
  message: string | RegExp,
])[] = [
  ...[
    'cron(0 1 * * * *)',
    'cron()',
    'rate(10 seconds)',
    'rate(1 hours)',
    'rate( 10 minutes )',
    ' rate(10 minutes)',
  ].map(
    (expression) =>
      [expression, { ScheduleExpression: expression }, `Invalid Schedule Expression ${expression}.`] as const,
  ),
  ...['at(2021-12-31)', 'at(2021-12-31T23:59:59Z)', 'at(2026-02-30T00:00:00)'].map(
    (expression) =>
      [expression, { ScheduleExpression: expression }, `Invalid Schedule Expression ${expression}.`] as const,
  ),
  ['an unknown time zone', { ScheduleExpressionTimezone: 'Europe/Hamburg' }, /Invalid ScheduleExpressionTimezone/],
  ['a start long past', { StartDate: new Date(worldStart - hour) }, /cannot be earlier than 5 minutes ago/],
  ['an end in the past', { EndDate: new Date(worldStart - 1) }, /cannot be in the past/],
  [
    'an end before the start',
    { StartDate: new Date(worldStart + 2 * hour), EndDate: new Date(worldStart + hour) },
    /must come before the EndDate/,
  ],
  [
    'a window without its length',
    { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } },
    /MaximumWindowInMinutes must be provided/,
  ],
  [
    'a length without a window',
    { FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } },
    /MaximumWindowInMinutes must not be provided/,
  ],
  ['a name with a space', { Name: 'two words' }, /at 'name' failed to satisfy constraint/],
  ...(
    [
      ['a target that is no ARN', { Arn: 'queue' }, /Provided Arn is not in correct format/],
      ['an input for Lambda that is no JSON', { Input: 'feed' }, /must be well-formed JSON/],
      [
        'a role that Scheduler cannot take on',
        { RoleArn: 'arn:aws:iam::123456789012:role/other' },
        'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
      ],
    ] satisfies readonly (readonly [string, Partial<Target>, string | RegExp])[]
  ).map(([what, target, message]) => {
    const Target = { Arn: submitter, RoleArn: roleArn, ...target };
    return [what, { Target }, message] as const;
  }),
];

test('what is no schedule is refused with the code and words of AWS, and not created', async (context) => {
  const { scheduler } = await startScheduler(context);
  for (const [what, input, message] of refusals)
    await assert.rejects(scheduler.createSchedule(scheduleOf('rate(1 hour)', input)), (error: Error) => {
      assert.equal(error.name, 'ValidationException', what);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
  assert.deepEqual((await scheduler.listSchedules({})).Schedules, []);
});

test('a target that is not implemented is named', async (context) => {
  const { scheduler } = await startScheduler(context);
  const Target = { Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob', RoleArn: roleArn };
  await assert.rejects(
    scheduler.createSchedule(scheduleOf('rate(1 hour)', { Target })),
    /targets of scheduler are not/,
  );
});

test('schedules are listed page by page, by group, prefix and state', async (context) => {
  const { scheduler } = await startScheduler(context);
  await scheduler.createScheduleGroup({ Name: 'other' });
  for (const [Name, GroupName, State] of [
    ['a-1', 'default', 'ENABLED'],
    ['a-2', 'default', 'DISABLED'],
    ['a-3', 'other', 'ENABLED'],
    ['b-1', 'other', 'ENABLED'],
  ] as const)
    await scheduler.createSchedule(scheduleOf('rate(1 hour)', { Name, GroupName, State }));
  const names = async (input: Parameters<typeof scheduler.listSchedules>[0]) =>
    (await scheduler.listSchedules(input)).Schedules?.map(({ Name }) => Name);
  assert.deepEqual(await names({}), ['a-1', 'a-2', 'a-3', 'b-1']);
  assert.deepEqual(await names({ NamePrefix: 'a', State: 'ENABLED' }), ['a-1', 'a-3']);
  assert.deepEqual(await names({ GroupName: 'other' }), ['a-3', 'b-1']);
  await assert.rejects(names({ GroupName: 'none' }), { name: 'ResourceNotFoundException' });
  const first = await scheduler.listSchedules({ MaxResults: 3 });
  assert.deepEqual(first.Schedules?.[0]?.Target, { Arn: submitter });
  assert.equal(first.Schedules?.length, 3);
  assert.deepEqual(await names({ MaxResults: 3, NextToken: first.NextToken }), ['b-1']);
  await assert.rejects(names({ NextToken: '?' }), { name: 'ValidationException' });
});

test('groups own their schedules and alone have tags', async (context) => {
  const { world, scheduler, invoked } = await startScheduler(context);
  const Tags = [{ Key: 'baton:owner', Value: 'feeds/local' }];
  const { ScheduleGroupArn } = await scheduler.createScheduleGroup({ Name: 'feeds', Tags });
  assert.equal(ScheduleGroupArn, arn('scheduler', 'schedule-group/feeds'));
  await assert.rejects(scheduler.createScheduleGroup({ Name: 'feeds' }), { name: 'ConflictException' });
  assert.equal((await scheduler.getScheduleGroup({ Name: 'feeds' })).State, 'ACTIVE');
  await scheduler.tagResource({ ResourceArn: ScheduleGroupArn, Tags: [{ Key: 'kind', Value: 'group' }] });
  await scheduler.untagResource({ ResourceArn: ScheduleGroupArn, TagKeys: ['none'] });
  assert.deepEqual((await scheduler.listTagsForResource({ ResourceArn: ScheduleGroupArn })).Tags, [
    ...Tags,
    { Key: 'kind', Value: 'group' },
  ]);
  assert.deepEqual(taggedResources(world).find((each) => each.arn === ScheduleGroupArn)?.tags, {
    'baton:owner': 'feeds/local',
    kind: 'group',
  });
  const { ScheduleArn } = await scheduler.createSchedule(scheduleOf('cron(0 4 * * ? *)', { GroupName: 'feeds' }));
  await assert.rejects(scheduler.tagResource({ ResourceArn: ScheduleArn, Tags }), { name: 'ValidationException' });
  const groups = (await scheduler.listScheduleGroups({})).ScheduleGroups?.map(({ Name }) => Name);
  assert.deepEqual(groups, ['default', 'feeds']);
  await scheduler.deleteScheduleGroup({ Name: 'feeds' });
  await world.clock.advanceTo(worldStart + 3 * hour);
  assert.deepEqual(invoked, []);
  await assert.rejects(scheduler.getScheduleGroup({ Name: 'feeds' }), { name: 'ResourceNotFoundException' });
  await assert.rejects(scheduler.deleteScheduleGroup({ Name: 'default' }), { name: 'ValidationException' });
});

test('a group that takes time to go is DELETING, takes no more schedules, and then is gone with those it had', async (context) => {
  const { world, scheduler, invoked } = await startScheduler(context, { settlingMs: 2 * hour });
  await scheduler.createScheduleGroup({ Name: 'feeds' });
  const inGroup = scheduleOf('cron(0 * * * ? *)', { GroupName: 'feeds' });
  await scheduler.createSchedule(inGroup);
  await scheduler.deleteScheduleGroup({ Name: 'feeds' });
  assert.equal((await scheduler.getScheduleGroup({ Name: 'feeds' })).State, 'DELETING');
  const going = { name: 'ConflictException', message: 'Schedule group feeds is being deleted.' };
  await assert.rejects(scheduler.createSchedule({ ...inGroup, Name: 'late' }), going);
  await assert.rejects(scheduler.updateSchedule(inGroup), going);
  await assert.rejects(scheduler.deleteScheduleGroup({ Name: 'feeds' }), going);
  await assert.rejects(scheduler.createScheduleGroup({ Name: 'feeds' }), { name: 'ConflictException' });
  await world.clock.advanceTo(worldStart + hour);
  assert.equal(invoked.length, 1);
  await world.clock.advanceTo(worldStart + 5 * hour);
  await assert.rejects(scheduler.getSchedule(inGroup), { name: 'ResourceNotFoundException' });
  await scheduler.createScheduleGroup({ Name: 'feeds' });
  assert.deepEqual((await scheduler.listSchedules({ GroupName: 'feeds' })).Schedules, []);
});
