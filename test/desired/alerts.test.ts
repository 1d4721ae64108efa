import assert from 'node:assert/strict';
import test from 'node:test';
import { desiredAlarms } from '../../scripts/desired/alarms.ts';
import { desiredAlertRules } from '../../scripts/desired/alert-rules.ts';
import { desiredRules } from '../../scripts/desired/events.ts';
import { desiredSubscriptions, desiredTopics } from '../../scripts/desired/messages.ts';
import { site, smallConfig } from './small-config.ts';

const inRegion = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const alerts = { emails: ['ops@example.com'] };
const submit = { jobName: 'Nightly', jobQueue: 'feeds', jobDefinition: 'watcher' };

function made(changes: Record<string, unknown>) {
  const config = smallConfig(changes);
  const rules = [...desiredRules(site, config), ...desiredAlertRules(site, config)];
  return { config, rules, alarms: desiredAlarms(site, config, rules), topics: desiredTopics(site, config) };
}

test('without an address nothing is made of alerts, not even what waits for successes', () => {
  const { rules, alarms, topics, config } = made({
    schedules: { nightly: { cron: '0 3 * * ? *', expectSuccessWithin: '26h', submit } },
  });
  assert.deepEqual([rules.length, alarms, topics.length], [1, [], 2]);
  assert.equal(desiredSubscriptions(site, config).length, 1);
});

test('with an address there is a topic that rules, and our own alarms, publish to', () => {
  const { topics, config } = made({ alerts });
  const topic = topics.find(({ name }) => name === 'unit-alerts');
  assert.deepEqual(
    topic?.policy.Statement.map(({ Sid, Principal, Condition }) => [Sid, Principal, Condition]),
    [
      ['TlsOnly', '*', { Bool: { 'aws:SecureTransport': ['false'] } }],
      ['TellOfEvents', { Service: ['events.amazonaws.com'] }, undefined],
      [
        'TellOfAlarms',
        { Service: ['cloudwatch.amazonaws.com'] },
        {
          ArnLike: { 'aws:SourceArn': [inRegion('cloudwatch', 'alarm:unit-*')] },
          StringEquals: { 'aws:SourceAccount': ['111122223333'] },
        },
      ],
    ],
  );
  const addresses = desiredSubscriptions(site, config).filter(({ protocol }) => protocol === 'email');
  assert.deepEqual(
    addresses.map(({ name }) => name),
    ['unit-alerts/ops@example.com'],
  );
});

test('each thing to be told of has its rule or alarm, and can be left out', () => {
  const names = (changes: Record<string, unknown>) => {
    const { rules, alarms } = made(changes);
    return [...rules, ...alarms].map(({ name }) => name);
  };
  assert.deepEqual(names({ alerts }), [
    'unit-nightly',
    'unit-alert.failed-jobs',
    'unit-alert.blocked-queues',
    'unit-dead-letters.undelivered-schedules',
    'unit-dead-letters.undelivered-messages',
    'unit-dead-letters.failed-invocations',
    'unit-errors.schedule-to-batch',
    'unit-errors.topic-to-batch',
    'unit-failed-invocations.unit-nightly',
    'unit-failed-invocations.unit-alert.failed-jobs',
    'unit-failed-invocations.unit-alert.blocked-queues',
  ]);
  const none = {
    failedJobs: false,
    blockedQueues: false,
    deadLetters: false,
    functionErrors: false,
    failedInvocations: false,
  };
  assert.deepEqual(names({ alerts: { ...alerts, ...none } }), ['unit-nightly']);
  const zoned = { nightly: { cron: '0 3 * * ? *', timezone: 'Europe/Berlin', submit } };
  const groups = names({ alerts, schedules: zoned }).filter((name) => name.startsWith('unit-schedule-'));
  assert.deepEqual(groups, ['unit-schedule-errors', 'unit-schedule-drops']);
});

test('a failed job is told of with its reason, its queue and where to look, and not each part of an array', () => {
  const { rules } = made({ alerts });
  const rule = rules.find(({ name }) => name === 'unit-alert.failed-jobs');
  assert.deepEqual(rule?.pattern, {
    source: ['aws.batch'],
    'detail-type': ['Batch Job State Change'],
    detail: {
      status: ['FAILED'],
      jobQueue: [{ prefix: inRegion('batch', 'job-queue/unit-') }],
      arrayProperties: { index: [{ exists: false }] },
    },
  });
  assert.deepEqual(rule?.targets[0]?.input, {
    alert: 'job <name> failed in test',
    reason: '<reason>',
    queue: '<queue>',
    job: 'https://eu-central-1.console.aws.amazon.com/batch/home?region=eu-central-1#jobs/detail/<id>',
    log: 'log group /aws/batch/unit, stream <stream>',
    look: 'aws batch describe-jobs --jobs <id> --region eu-central-1',
  });
});

const expecting = (entry: object) =>
  made({ alerts, schedules: { nightly: { cron: '0 3 * * ? *', submit, ...entry } } });

test('a success that must come is counted by a rule, and an alarm goes off when none was counted', () => {
  const { rules, alarms, topics } = expecting({ expectSuccessWithin: '26h' });
  const rule = rules.find(({ name }) => name === 'unit-alert.succeeded.nightly');
  assert.deepEqual(rule?.pattern, {
    source: ['aws.batch'],
    'detail-type': ['Batch Job State Change'],
    detail: {
      status: ['SUCCEEDED'],
      jobQueue: [inRegion('batch', 'job-queue/unit-feeds')],
      jobName: [{ prefix: 'Nightly-20' }],
    },
  });
  assert.equal(rule?.targets[0]?.arn, inRegion('sns', 'unit-successes'));
  assert.ok(topics.some(({ name }) => name === 'unit-successes'));
  const { description, ...alarm } = alarms.find(({ name }) => name === 'unit-no-success.nightly') ?? {};
  assert.deepEqual(alarm, {
    name: 'unit-no-success.nightly',
    namespace: 'AWS/Events',
    metric: 'Invocations',
    dimensions: { RuleName: 'unit-alert.succeeded.nightly' },
    statistic: 'Sum',
    periodSeconds: 3_600,
    evaluationPeriods: 26,
    datapointsToAlarm: 26,
    threshold: 1,
    comparison: 'LessThanThreshold',
    missingData: 'breaching',
    actionsEnabled: true,
    onAlarm: [inRegion('sns', 'unit-alerts')],
    onOk: [inRegion('sns', 'unit-alerts')],
    onInsufficientData: [],
    other: {},
  });
  assert.match(description ?? '', /^No job of schedule nightly succeeded within 26h, in queue unit-feeds\./);
  assert.match(description ?? '', /aws batch list-jobs .*--filters name=JOB_NAME,values=Nightly-20\*/);
});

test('an alarm looks back in periods that CloudWatch takes', () => {
  const periods = (within: string) => {
    const alarm = expecting({ expectSuccessWithin: within }).alarms.find(({ name }) => /no-success/.test(name));
    return [alarm?.periodSeconds, alarm?.evaluationPeriods];
  };
  assert.deepEqual(['5m', '3h', '24h', '1441m', '7d'].map(periods), [
    [60, 5],
    [60, 180],
    [300, 288],
    [3_600, 25],
    [3_600, 168],
  ]);
});

test('a schedule that is switched off need not succeed', () => {
  const { rules } = expecting({ expectSuccessWithin: '26h', enabled: false });
  assert.deepEqual(
    rules.filter(({ name }) => /succeeded/.test(name)),
    [],
  );
});

test('of a job name that is too long for its suffix, what is left of it is looked for', () => {
  const jobName = 'n'.repeat(120);
  const { rules } = expecting({ expectSuccessWithin: '26h', submit: { ...submit, jobName } });
  const rule = rules.find(({ name }) => /succeeded/.test(name));
  assert.ok(JSON.stringify(rule?.pattern).includes(JSON.stringify([{ prefix: `${'n'.repeat(102)}-` }])));
});

test('what people read fits into what CloudWatch and EventBridge take', () => {
  const { rules, alarms } = made({
    alerts,
    schedules: {
      [`n${'a'.repeat(62)}`]: { cron: '0 3 * * ? *', expectSuccessWithin: '26h', submit },
      zoned: { cron: '0 3 * * ? *', timezone: 'Europe/Berlin', submit: { ...submit, jobName: 'Zoned' } },
    },
  });
  for (const { name, description } of alarms) assert.ok(description.length <= 1_024 && name.length <= 255, name);
  for (const { name, description, pattern } of rules) {
    assert.ok(name.length <= 64 && description.length <= 512 && JSON.stringify(pattern).length <= 2_048, name);
  }
});
