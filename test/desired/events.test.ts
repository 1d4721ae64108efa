import assert from 'node:assert/strict';
import test from 'node:test';
import { desiredDeadLetterQueues } from '../../scripts/desired/dead-letters.ts';
import { desiredRules, desiredScheduleGroups, desiredSchedules } from '../../scripts/desired/events.ts';
import { desiredSubscriptions, desiredTopics, ourSubscriptions } from '../../scripts/desired/messages.ts';
import { desiredRoles } from '../../scripts/desired/roles.ts';
import { desiredLogGroups } from '../../scripts/desired/storage.ts';
import { environmentOf } from '../../scripts/desired/submissions.ts';
import { site, smallConfig } from './small-config.ts';

const inRegion = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const submit = { jobName: 'Often', jobQueue: 'feeds', jobDefinition: 'plain' };
const scheduled = (entry: object) => smallConfig({ schedules: { often: { submit, ...entry } } });

const target = {
  id: 'schedule-to-batch',
  arn: inRegion('lambda', 'function:unit-schedule-to-batch'),
  retries: 185,
  maximumAgeSeconds: 21_600,
  deadLetterArn: inRegion('sqs', 'unit-undelivered-schedules'),
  other: {},
};
const submitted = { jobName: 'Often', jobQueue: 'unit-feeds', jobDefinition: 'unit-plain' };

test("a schedule carries the submission and the event's own time and id to schedule-to-batch", () => {
  const config = smallConfig();
  assert.deepEqual(desiredRules(site, config), [
    {
      name: 'unit-nightly',
      protect: false,
      description: 'every night',
      expression: 'cron(0 3 * * ? *)',
      pattern: null,
      state: 'ENABLED',
      roleArn: null,
      targets: [
        {
          ...target,
          input: {
            jobName: 'Nightly',
            jobQueue: 'unit-feeds',
            jobDefinition: 'unit-watcher',
            containerOverrides: {
              environment: [
                { name: 'FEED_URL', value: 'https://example.com/feed.xml' },
                { name: 'PARTS', value: '2' },
              ],
            },
            event: { id: '<id>', time: '<time>' },
          },
          paths: { id: '$.id', time: '$.time' },
        },
      ],
    },
  ]);
  assert.deepEqual([...desiredSchedules(site, config), ...desiredScheduleGroups(site, config)], []);
});

test('a map or a list as the value of a variable is sent as its JSON, in a submission and in a definition', () => {
  const environment = {
    FEED_SETTINGS: { id: '@id', fields: { title: { maxLength: 5 } } },
    PLACES: ['a', 2],
    PLAIN: 'x',
  };
  const variables = [
    { name: 'FEED_SETTINGS', value: '{"id":"@id","fields":{"title":{"maxLength":5}}}' },
    { name: 'PLACES', value: '["a",2]' },
    { name: 'PLAIN', value: 'x' },
  ];
  const config = smallConfig({
    jobDefinitions: { plain: { image: 'busybox', vcpus: 1, memory: 2048, environment } },
    schedules: { often: { rate: '5 minutes', submit: { ...submit, environment } } },
  });
  const [rule] = desiredRules(site, config);
  assert.deepEqual(rule?.targets[0]?.input, {
    ...submitted,
    containerOverrides: { environment: variables },
    event: { id: '<id>', time: '<time>' },
  });
  assert.deepEqual(
    environmentOf(config.jobDefinitions['plain']?.environment ?? {}),
    Object.fromEntries(variables.map(({ name, value }) => [name, value])),
  );
});

test('a schedule that is switched off or has a rate becomes a rule that is disabled or has a rate', () => {
  const [rule] = desiredRules(site, scheduled({ rate: '5 minutes', enabled: false, protect: true }));
  assert.deepEqual(
    [rule?.expression, rule?.state, rule?.description, rule?.protect],
    ['rate(5 minutes)', 'DISABLED', '', true],
  );
});

test('a rule on events tells events apart by their ids: several can come in one second', () => {
  const eventPattern = { source: ['aws.s3'], detail: { bucket: { name: ['orders'] } } };
  const [rule] = desiredRules(site, scheduled({ eventPattern }));
  assert.deepEqual([rule?.expression, rule?.pattern], [null, eventPattern]);
  assert.deepEqual(rule?.targets, [
    { ...target, input: { ...submitted, event: { id: '<id>' } }, paths: { id: '$.id' } },
  ]);
});

test('what an override says of the target holds, and the rest stays', () => {
  const override = {
    RetryPolicy: { MaximumRetryAttempts: 0 },
    DeadLetterConfig: null,
    RoleArn: 'arn:aws:iam::111122223333:role/own',
  };
  const [rule] = desiredRules(site, scheduled({ rate: '1 day', override }));
  const event = { id: '<id>', time: '<time>' };
  assert.deepEqual(rule?.targets, [
    {
      ...target,
      input: { ...submitted, event },
      paths: { id: '$.id', time: '$.time' },
      retries: 0,
      deadLetterArn: null,
      other: { RoleArn: 'arn:aws:iam::111122223333:role/own' },
    },
  ]);
});

test('targets stand as they are written, and what EventBridge does not know is refused', () => {
  const queue = { Id: 'b', Arn: inRegion('sqs', 'work'), Input: '{"kind": "hourly"}' };
  const job = { Id: 'a', Arn: inRegion('batch', 'job-queue/x'), BatchParameters: { JobDefinition: 'd', JobName: 'n' } };
  const written = (...targets: object[]) =>
    desiredRules(site, scheduled({ submit: undefined, rate: '1 hour', targets }));
  const [rule] = written(queue, job);
  const plain = { paths: {}, retries: 185, maximumAgeSeconds: 86_400, deadLetterArn: null };
  assert.deepEqual(rule?.targets, [
    { ...plain, id: 'a', arn: job.Arn, input: null, other: { BatchParameters: job.BatchParameters } },
    { ...plain, id: 'b', arn: queue.Arn, input: { kind: 'hourly' }, other: {} },
  ]);
  assert.throws(() => written({ ...queue, RolArn: 'x' }), /a target of a rule\.RolArn is no field of the request/);
});

test('a time zone makes a schedule of Scheduler, in the group of the environment, with a role of its own', () => {
  const config = scheduled({
    cron: '30 6 * * ? *',
    timezone: 'Europe/Berlin',
    flexibleWindow: '15m',
    startDate: '2099-01-01T00:00:00',
    endDate: '2099-02-01T00:00:00+01:00',
    protect: true,
  });
  assert.deepEqual(desiredSchedules(site, config), [
    {
      name: 'unit-schedules/unit-often',
      protect: true,
      description: '',
      expression: 'cron(30 6 * * ? *)',
      timezone: 'Europe/Berlin',
      startDate: '2099-01-01T00:00:00.000Z',
      endDate: '2099-01-31T23:00:00.000Z',
      state: 'ENABLED',
      flexibleWindow: 15,
      afterCompletion: 'NONE',
      kmsKeyArn: null,
      target: {
        arn: target.arn,
        roleArn: 'arn:aws:iam::111122223333:role/unit-scheduler',
        input: {
          ...submitted,
          event: { id: '<aws.scheduler.execution-id>', time: '<aws.scheduler.scheduled-time>' },
        },
        retries: 185,
        maximumAgeSeconds: 21_600,
        deadLetterArn: target.deadLetterArn,
        other: {},
      },
    },
  ]);
  assert.deepEqual(desiredScheduleGroups(site, config), [{ name: 'unit-schedules' }]);
  assert.deepEqual(desiredRules(site, config), []);
  const role = desiredRoles(site, config).find(({ name }) => name === 'unit-scheduler');
  assert.deepEqual(
    role?.inline['grants']?.Statement.map(({ Action, Resource }) => [Action, Resource]),
    [
      [['lambda:InvokeFunction'], [target.arn]],
      [['sqs:SendMessage'], [target.deadLetterArn]],
    ],
  );
});

test('a schedule with a target of its own in Scheduler has it as it is written', () => {
  const own = {
    Arn: inRegion('sqs', 'work'),
    RoleArn: 'arn:aws:iam::111122223333:role/own',
    SqsParameters: { MessageGroupId: 'g' },
  };
  const config = scheduled({ submit: undefined, at: '2099-01-01T03:00:00', targets: [own] });
  const [schedule] = desiredSchedules(site, config);
  assert.deepEqual(
    [schedule?.expression, schedule?.timezone, schedule?.target.other],
    ['at(2099-01-01T03:00:00)', 'UTC', { SqsParameters: own.SqsParameters }],
  );
  assert.equal(schedule?.target.roleArn, own.RoleArn);
  assert.ok(!desiredRoles(site, config).some(({ name }) => name === 'unit-scheduler'));
});

test('a topic that submits is subscribed to, a quiet one is not', () => {
  const config = smallConfig();
  assert.deepEqual(
    desiredTopics(site, config).map(({ name, policy, attributes }) => ({ name, attributes, policy: policy.Statement })),
    ['unit-changed', 'unit-quiet'].map((name) => ({
      name,
      attributes: {},
      policy: [
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: ['sns:Publish'],
          Resource: [inRegion('sns', name)],
          Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
        },
      ],
    })),
  );
  assert.deepEqual(desiredSubscriptions(site, config), [
    {
      name: 'unit-changed/unit-topic-to-batch',
      topicArn: inRegion('sns', 'unit-changed'),
      protocol: 'lambda',
      endpoint: inRegion('lambda', 'function:unit-topic-to-batch'),
      deadLetterArn: inRegion('sqs', 'unit-undelivered-messages'),
      filter: null,
      filterScope: 'MessageAttributes',
    },
  ]);
  assert.deepEqual([...ourSubscriptions(site, config).listedTopics], []);
});

test('a topic has the attributes, the policy, the filter and the addresses that config says', () => {
  const kmsKey = inRegion('kms', 'key/1234');
  const Policy = { Statement: { Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' } };
  const config = smallConfig({
    topics: {
      changed: {
        submit: { ...submit, messageVariable: 'MESSAGE' },
        filter: { store: ['berlin'] },
        filterScope: 'MessageBody',
        emails: ['ops@example.com'],
        kmsKey,
        protect: true,
        override: { DisplayName: 'changes', SignatureVersion: 2, DeliveryPolicy: '{"http":{}}', Policy },
      },
    },
  });
  const [topic] = desiredTopics(site, config);
  assert.deepEqual(topic?.attributes, {
    DisplayName: 'changes',
    SignatureVersion: '2',
    DeliveryPolicy: { http: {} },
    KmsMasterKeyId: kmsKey,
  });
  assert.deepEqual([topic?.protect, topic?.policy.Statement[0]?.Effect], [true, 'Allow']);
  assert.deepEqual(
    desiredSubscriptions(site, config).map(({ name, protocol, filter, filterScope }) => ({
      name,
      protocol,
      filter,
      filterScope,
    })),
    [
      {
        name: 'unit-changed/unit-topic-to-batch',
        protocol: 'lambda',
        filter: { store: ['berlin'] },
        filterScope: 'MessageBody',
      },
      {
        name: 'unit-changed/ops@example.com',
        protocol: 'email',
        filter: null,
        filterScope: 'MessageAttributes',
      },
    ],
  );
  assert.deepEqual([...ourSubscriptions(site, config).listedTopics], ['unit-changed']);
  const job = desiredRoles(site, config).find(({ name }) => name === 'unit-job-watcher');
  assert.deepEqual(
    job?.inline['grants']?.Statement.filter(({ Resource }) => Resource?.includes(kmsKey)).map(({ Action }) => Action),
    [['kms:Decrypt', 'kms:GenerateDataKey']],
  );
});

test('what nothing uses is not made', () => {
  const made = (changes: Record<string, unknown>) => {
    const config = smallConfig(changes);
    return [
      ...desiredDeadLetterQueues(site, config),
      ...desiredRoles(site, config),
      ...desiredLogGroups(site, config),
    ].map(({ name }) => name);
  };
  const always = ['unit-execution', 'unit-job-watcher', '/aws/batch/unit'];
  assert.deepEqual(made({ schedules: {}, topics: { changed: {} } }), always);
  assert.deepEqual(made({ topics: { changed: {} } }), [
    'unit-undelivered-schedules',
    'unit-failed-invocations',
    'unit-execution',
    'unit-schedule-to-batch',
    'unit-job-watcher',
    '/aws/batch/unit',
    '/aws/lambda/unit-schedule-to-batch',
  ]);
});
