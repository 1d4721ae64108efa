import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import * as sdk from '@aws-sdk/client-eventbridge';
import { eventsLimits } from '../../../../scripts/local-aws/limits/events.ts';
import { createEvents } from '../../../../scripts/local-aws/services/events/events.ts';
import { AwsError } from '../../../../scripts/local-aws/wire/errors.ts';
import { defineService } from '../../../../scripts/local-aws/wire/service.ts';
import type { QueueAttribute } from '../../../../scripts/local-aws/world.ts';
import { localWorld, worldStart } from '../../../support/local-world.ts';
import { taggedResources } from '../../../support/tagged-resources.ts';

const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:123456789012:${rest}`;
const submitter = arn('lambda', 'function:schedule-to-batch');
const deadQueue = arn('sqs', 'dead');
const hour = 3_600_000;

/** EventBridge with recording fakes of everything it delivers to; `fail` makes invocations throw. */
async function startEvents(context: TestContext) {
  const invoked: { readonly to: string; readonly payload: string; readonly at: string }[] = [];
  const dead: { readonly body: string; readonly attributes: Readonly<Record<string, QueueAttribute>> }[] = [];
  let failure: AwsError | undefined;
  const record = (to: string, payload: string): void => {
    if (failure !== undefined) throw failure;
    invoked.push({ to, payload, at: new Date(world.clock.now()).toISOString() });
  };
  const world = localWorld(context, {
    identity: {
      credentialsFor: (roleArn) => ({
        accessKeyId: roleArn,
        secretAccessKey: '',
        sessionToken: '',
        expiration: new Date(0),
      }),
      principalOf: () => ({ type: 'account' }),
      roleArn: (name) => arn('iam', `role/${name}`),
      instanceProfileArn: (name) => arn('iam', `instance-profile/${name}`),
      boundaryOf: () => undefined,
    },
    functions: { invokeAsync: (to, payload, invoker) => record(to, `${Object.values(invoker).join(' ')} ${payload}`) },
    topics: { publish: record },
    queues: {
      send: (to, body, _sender, attributes = {}) =>
        to === deadQueue ? void dead.push({ body, attributes }) : record(to, body),
    },
    jobs: {
      submit: ({ jobName, jobQueue, jobDefinition, arrayProperties, retryStrategy }) =>
        record(jobQueue, `${jobName} ${jobDefinition} ${arrayProperties?.size} ${retryStrategy?.attempts}`),
    },
    logs: { append: (group, _stream, entries) => record(group, entries.map(({ message }) => message).join()) },
  });
  const service = createEvents(world);
  const settings = await world.serve({
    events: async () => defineService(sdk, sdk.EventBridgeClient)(service.handlers, eventsLimits),
  });
  const events = new sdk.EventBridge(settings);
  context.after(() => events.destroy());
  return {
    ...{ world, events, invoked, dead, port: service.events },
    fail: (error: AwsError | undefined) => {
      failure = error;
    },
  };
}

const payloads = (invoked: readonly { readonly payload: string }[]): readonly string[] =>
  invoked.map(({ payload }) => payload.replace(/^events\.amazonaws\.com \S+ /, ''));

test('a scheduled rule fires at its times with the event AWS sends', async (context) => {
  const { world, events, invoked } = await startEvents(context);
  const { RuleArn } = await events.putRule({ Name: 'broadbean', ScheduleExpression: 'cron(0 3 * * ? *)' });
  await events.putTargets({ Rule: 'broadbean', Targets: [{ Id: 'submit', Arn: submitter }] });
  await world.clock.advanceTo(worldStart + 72 * hour);
  assert.deepEqual(
    invoked.map(({ at }) => at),
    ['2026-11-24T03:00:00.000Z', '2026-11-25T03:00:00.000Z', '2026-11-26T03:00:00.000Z'],
  );
  assert.ok(invoked[0]?.payload.startsWith(`events.amazonaws.com ${RuleArn} {`));
  const { id, ...event } = JSON.parse(payloads(invoked)[0] ?? '');
  assert.match(id, /^[\da-f-]{36}$/);
  assert.deepEqual(event, {
    version: '0',
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '123456789012',
    time: '2026-11-24T03:00:00Z',
    region: 'eu-central-1',
    resources: [arn('events', 'rule/broadbean')],
    detail: {},
  });
});

test('disabling, enabling, changing and deleting a rule plan its next fire anew', async (context) => {
  const { world, events, invoked } = await startEvents(context);
  const putRule = (expression: string) => events.putRule({ Name: 'r', ScheduleExpression: expression });
  await putRule('cron(0 4 * * ? *)');
  await events.putTargets({ Rule: 'r', Targets: [{ Id: '1', Arn: submitter }] });
  await events.disableRule({ Name: 'r' });
  await world.clock.advanceTo(worldStart + 2 * hour);
  assert.equal(invoked.length, 0);
  await putRule('rate(1 hour)');
  await world.clock.advanceTo(worldStart + 3.5 * hour);
  assert.equal(invoked.length, 1);
  await putRule('rate(1 hour)');
  await world.clock.advanceTo(worldStart + 4 * hour);
  assert.equal(invoked.length, 2, 'a rule put again unchanged keeps its rhythm');
  await events.disableRule({ Name: 'r' });
  await events.enableRule({ Name: 'r' });
  await world.clock.advanceTo(worldStart + 5 * hour);
  assert.equal(invoked.length, 3);
  await events.removeTargets({ Rule: 'r', Ids: ['1'] });
  await events.deleteRule({ Name: 'r' });
  await events.deleteRule({ Name: 'r' });
  await world.clock.advanceTo(worldStart + 9 * hour);
  assert.equal(invoked.length, 3);
});

test('PutRule sets what it is given, takes away what it is not, and leaves the tags of a rule that exists', async (context) => {
  const { events } = await startEvents(context);
  const tags = (value: string) => [{ Key: 'baton:owner', Value: value }];
  await events.putRule({
    Name: 'r',
    ScheduleExpression: 'rate(5 minutes)',
    Description: 'first',
    State: 'DISABLED',
    Tags: tags('a'),
  });
  await events.putRule({ Name: 'r', EventPattern: '{"source":["aws.batch"]}', Tags: tags('b') });
  const { $metadata, ...rule } = await events.describeRule({ Name: 'r' });
  assert.deepEqual(rule, {
    Name: 'r',
    Arn: arn('events', 'rule/r'),
    EventPattern: '{"source":["aws.batch"]}',
    State: 'ENABLED',
    EventBusName: 'default',
    CreatedBy: '123456789012',
  });
  assert.deepEqual((await events.listTagsForResource({ ResourceARN: rule.Arn })).Tags, tags('a'));
});

test('what is no rule is refused with the code and words of AWS', async (context) => {
  const { events } = await startEvents(context);
  const refused = (input: sdk.PutRuleCommandInput, name: string, message: string | RegExp) =>
    assert.rejects(events.putRule(input), { name, message });
  await refused(
    { Name: 'r' },
    'ValidationException',
    'Parameter(s) EventPattern or ScheduleExpression must be specified.',
  );
  await refused(
    { Name: 'r', ScheduleExpression: 'cron(0 3 * * * *)' },
    'ValidationException',
    'Parameter ScheduleExpression is not valid.',
  );
  await refused(
    { Name: 'r', EventPattern: '{"source":"x"}' },
    'InvalidEventPatternException',
    /^Event pattern is not valid\. Reason: /,
  );
  await refused(
    { Name: 'r', ScheduleExpression: 'rate(1 day)', EventBusName: 'other' },
    'ResourceNotFoundException',
    /Event bus other does not exist/,
  );
  await assert.rejects(events.describeRule({ Name: 'r' }), {
    name: 'ResourceNotFoundException',
    message: 'Rule r does not exist on EventBus default.',
  });
});

test('a rule with targets cannot be deleted, and takes no more than five of them', async (context) => {
  const { events } = await startEvents(context);
  await events.putRule({ Name: 'r', ScheduleExpression: 'rate(1 day)' });
  const targets = (count: number) => Array.from({ length: count }, (_, index) => ({ Id: `t${index}`, Arn: submitter }));
  const put = await events.putTargets({ Rule: 'r', Targets: targets(5) });
  assert.deepEqual([put.FailedEntryCount, put.FailedEntries], [0, []]);
  await assert.rejects(events.putTargets({ Rule: 'r', Targets: [{ Id: 't6', Arn: submitter }] }), {
    name: 'LimitExceededException',
    message: 'The requested resource exceeds the maximum number allowed.',
  });
  await assert.rejects(events.deleteRule({ Name: 'r' }), {
    name: 'ValidationException',
    message: "Rule can't be deleted since it has targets.",
  });
  const removed = await events.removeTargets({ Rule: 'r', Ids: ['t0', 'gone'] });
  assert.equal(removed.FailedEntryCount, 1);
  assert.equal(removed.FailedEntries?.[0]?.TargetId, 'gone');
  assert.equal((await events.listTargetsByRule({ Rule: 'r' })).Targets?.length, 4);
});

test('targets that AWS would not take are refused before any is put', async (context) => {
  const { events } = await startEvents(context);
  await events.putRule({ Name: 'r', ScheduleExpression: 'rate(1 day)' });
  const queue = arn('batch', 'job-queue/feeds');
  const bad: readonly (readonly [Omit<sdk.Target, 'Id' | 'Arn'> & { Arn?: string }, RegExp])[] = [
    [{ Arn: 'queue' }, /Provided Arn is not in correct format/],
    [{ Input: '{' }, /JSON syntax error in input for target x/],
    [{ Input: '{}', InputPath: '$' }, /Only one of Input, InputPath, or InputTransformer/],
    [{ InputPath: 'detail' }, /not a valid JSONPath/],
    [{ InputTransformer: { InputTemplate: '"<a>"' } }, /contains invalid placeholder a/],
    [{ InputTransformer: { InputTemplate: '"x"', InputPathsMap: { awsTime: '$.time' } } }, /reserved variable name/],
    [{ Arn: queue, BatchParameters: { JobDefinition: 'd', JobName: 'n' } }, /RoleArn is required for target/],
    [{ Arn: queue, RoleArn: arn('iam', 'role/r') }, /BatchParameters must be specified/],
    [{ Arn: arn('states', 'stateMachine:m') }, /targets of states are not implemented/],
  ];
  for (const [target, message] of bad) {
    const Targets = [
      { Id: 'good', Arn: submitter },
      { Id: 'x', Arn: submitter, ...target },
    ];
    await assert.rejects(events.putTargets({ Rule: 'r', Targets }), message);
  }
  assert.deepEqual((await events.listTargetsByRule({ Rule: 'r' })).Targets, []);
});

test('rules and targets are listed page by page, by prefix and by target', async (context) => {
  const { events } = await startEvents(context);
  for (const name of ['a-1', 'a-2', 'a-3', 'b-1']) {
    await events.putRule({ Name: name, ScheduleExpression: 'rate(1 day)' });
    await events.putTargets({ Rule: name, Targets: [{ Id: '1', Arn: name === 'a-2' ? deadQueue : submitter }] });
  }
  const first = await events.listRules({ NamePrefix: 'a-', Limit: 2 });
  const second = await events.listRules({ NamePrefix: 'a-', Limit: 2, NextToken: first.NextToken ?? '' });
  assert.deepEqual(
    [first, second].map(({ Rules }) => Rules?.map(({ Name }) => Name)),
    [['a-1', 'a-2'], ['a-3']],
  );
  assert.equal(second.NextToken, undefined);
  assert.deepEqual((await events.listRuleNamesByTarget({ TargetArn: submitter })).RuleNames, ['a-1', 'a-3', 'b-1']);
  assert.equal((await events.describeEventBus({})).Arn, arn('events', 'event-bus/default'));
});

test('an event reaches the targets of the rules that it matches, each kind in its own way', async (context) => {
  const { world, events, invoked, port } = await startEvents(context);
  const pattern = JSON.stringify({ source: ['aws.batch'], detail: { status: ['FAILED'] } });
  await events.putRule({ Name: 'failed', EventPattern: pattern });
  await events.putRule({ Name: 'off', EventPattern: pattern, State: 'DISABLED' });
  const Targets = [
    { Id: 'lambda', Arn: submitter, InputPath: '$.detail.status' },
    { Id: 'sqs', Arn: arn('sqs', 'alerts'), Input: '"constant"' },
    {
      Id: 'sns',
      Arn: arn('sns', 'alerts'),
      InputTransformer: { InputTemplate: '"<s>"', InputPathsMap: { s: '$.detail.status' } },
    },
    { Id: 'logs', Arn: arn('logs', 'log-group:/aws/events/x:*'), InputPath: '$.detail.jobName' },
    {
      Id: 'batch',
      ...{ Arn: arn('batch', 'job-queue/feeds'), RoleArn: 'arn:aws:iam::123456789012:role/r' },
      BatchParameters: {
        ...{ JobName: 'again', JobDefinition: 'watcher' },
        ...{ ArrayProperties: { Size: 3 }, RetryStrategy: { Attempts: 2 } },
      },
    },
  ];
  await events.putTargets({ Rule: 'failed', Targets });
  await events.putTargets({ Rule: 'off', Targets });
  const detail = (status: string) => ({ 'detail-type': 'Batch Job State Change', detail: { status, jobName: 'j' } });
  port.put({ source: 'aws.batch', resources: [], ...detail('FAILED') });
  port.put({ source: 'aws.batch', resources: [], ...detail('RUNNING') });
  await world.clock.idle();
  assert.deepEqual(
    invoked.map(({ to }, index) => [to, payloads(invoked)[index]]),
    [
      [submitter, '"FAILED"'],
      [arn('sqs', 'alerts'), '"constant"'],
      [arn('sns', 'alerts'), '"FAILED"'],
      ['/aws/events/x', '"j"'],
      [arn('batch', 'job-queue/feeds'), 'again watcher 3 2'],
    ],
  );
});

test('PutEvents answers entry by entry', async (context) => {
  const { world, events, invoked } = await startEvents(context);
  await events.putRule({ Name: 'r', EventPattern: '{"source":["shop"]}' });
  await events.putTargets({ Rule: 'r', Targets: [{ Id: '1', Arn: submitter }] });
  const entry = { Source: 'shop', DetailType: 'order', Detail: '{"n":1}' };
  const { Entries = [], FailedEntryCount } = await events.putEvents({
    Entries: [
      { ...entry, Resources: ['r1'], Time: new Date('2026-01-02T03:04:05.678Z') },
      { ...entry, Source: '' },
      { ...entry, Detail: 'none' },
      { ...entry, Source: 'aws.batch' },
      { ...entry, EventBusName: 'nowhere' },
    ],
  });
  await world.clock.idle();
  assert.equal(FailedEntryCount, 3);
  assert.deepEqual(
    Entries.map(({ ErrorCode }) => ErrorCode),
    [undefined, 'InvalidArgument', 'MalformedDetail', 'NotAuthorizedForSourceException', undefined],
  );
  assert.equal(invoked.length, 1);
  const { id, time, detail, resources } = JSON.parse(payloads(invoked)[0] ?? '');
  assert.deepEqual([id, time, detail, resources], [Entries[0]?.EventId, '2026-01-02T03:04:05Z', { n: 1 }, ['r1']]);
});

test('a target that fails for a while is tried again with back-off, and gets the event once', async (context) => {
  const { world, events, invoked, dead, fail } = await startEvents(context);
  await events.putRule({ Name: 'r', ScheduleExpression: 'cron(0 4 23 11 ? 2026)' });
  await events.putTargets({ Rule: 'r', Targets: [{ Id: '1', Arn: submitter, DeadLetterConfig: { Arn: deadQueue } }] });
  fail(new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429));
  await world.clock.advanceTo(worldStart + hour + 6_000);
  fail(undefined);
  await world.clock.advanceTo(worldStart + 30 * hour);
  assert.deepEqual([invoked.map(({ at }) => at), dead], [['2026-11-23T04:00:07.000Z'], []]);
});

test('an event that cannot be delivered goes to the dead-letter queue as it came, with what went wrong', async (context) => {
  const { world, events, dead, fail } = await startEvents(context);
  await events.putRule({ Name: 'r', ScheduleExpression: 'cron(0 4 23 11 ? 2026)' });
  const failing = { Arn: submitter, Input: '{"jobName":"x"}', DeadLetterConfig: { Arn: deadQueue } };
  await events.putTargets({
    Rule: 'r',
    Targets: [
      { ...failing, Id: 'attempts', RetryPolicy: { MaximumRetryAttempts: 2 } },
      { ...failing, Id: 'age', RetryPolicy: { MaximumEventAgeInSeconds: 60 } },
      { ...failing, Id: 'defaults' },
    ],
  });
  fail(new AwsError('ServiceException', 'Internal error.', 500));
  await world.clock.advanceTo(worldStart + 26 * hour);
  const attributes = {
    RULE_ARN: arn('events', 'rule/r'),
    TARGET_ARN: submitter,
    ERROR_CODE: 'INTERNAL_ERROR',
    ERROR_MESSAGE: 'Internal error.',
  };
  assert.deepEqual(
    dead.map((letter) => letter.attributes),
    [
      { ...attributes, RETRY_ATTEMPTS: '2', EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts' },
      { ...attributes, RETRY_ATTEMPTS: '5', EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' },
      { ...attributes, RETRY_ATTEMPTS: '185', EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts' },
    ],
  );
  assert.equal(JSON.parse(dead[0]?.body ?? '')['detail-type'], 'Scheduled Event');
});

test('a missing target or permission is not tried again', async (context) => {
  const { world, events, dead, fail, port } = await startEvents(context);
  await events.putRule({ Name: 'r', EventPattern: '{"source":["s"]}' });
  await events.putTargets({ Rule: 'r', Targets: [{ Id: '1', Arn: submitter, DeadLetterConfig: { Arn: deadQueue } }] });
  for (const code of ['ResourceNotFoundException', 'AccessDeniedException']) {
    fail(new AwsError(code, 'no'));
    port.put({ source: 's', 'detail-type': 't', resources: [], detail: {} });
    await world.clock.idle();
  }
  assert.deepEqual(
    dead.map(({ attributes }) => [attributes['ERROR_CODE'], attributes['RETRY_ATTEMPTS']]),
    [
      ['NO_RESOURCE', '0'],
      ['NO_PERMISSIONS', '0'],
    ],
  );
});

test('a pattern can be tried on an event', async (context) => {
  const { events } = await startEvents(context);
  const event = {
    id: '1',
    account: '1',
    source: 's',
    time: 't',
    region: 'r',
    resources: [],
    'detail-type': 'd',
    detail: {},
  };
  const test = (pattern: object, candidate: object) =>
    events.testEventPattern({ EventPattern: JSON.stringify(pattern), Event: JSON.stringify(candidate) });
  assert.equal((await test({ source: ['s'] }, event)).Result, true);
  assert.equal((await test({ source: ['x'] }, event)).Result, false);
  await assert.rejects(test({ source: ['s'] }, { source: 's' }), { name: 'ValidationException' });
  await assert.rejects(test({}, event), { name: 'InvalidEventPatternException' });
});

test('tags can be set and removed, and the tagging API sees them', async (context) => {
  const { world, events } = await startEvents(context);
  const { RuleArn: ResourceARN = '' } = await events.putRule({ Name: 'r', ScheduleExpression: 'rate(1 day)' });
  await events.tagResource({
    ResourceARN,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
  await events.untagResource({ ResourceARN, TagKeys: ['a'] });
  assert.deepEqual(taggedResources(world), [{ arn: ResourceARN, tags: { b: '2' } }]);
  await assert.rejects(events.tagResource({ ResourceARN: `${ResourceARN}x`, Tags: [] }), {
    name: 'ResourceNotFoundException',
  });
});
