import assert from 'node:assert/strict';
import test from 'node:test';
import { edited, load, mistakes, small } from './folder.ts';

type Files = Readonly<Record<string, string>>;
type Row = readonly [what: string, files: Files, ...messages: string[]];

/** The schedule with other lines in place of its time. */
const timed = (...lines: string[]): Files => edited('config/events.yaml', 'cron: 0 3 * * ? *', lines.join('\n    '));
const daily = 'cron: 0 3 * * ? *';
/** A second schedule, with these lines. */
const more = (...lines: string[]): Files => ({
  ...small,
  'config/more.yaml': `schedules:\n  other:\n    ${lines.join('\n    ')}\n`,
});
const job = (name: string): string => `submit: { jobName: ${name}, jobQueue: main, jobDefinition: report }`;
const topic = (lines: string): Files =>
  edited('config/events.yaml', 'buckets:\n', `  quiet:\n    ${lines}\nbuckets:\n`);
const at = (place: string, field: string, message: string): string =>
  `config/events.yaml:${place} schedules.nightly.${field}: ${message}`;
const other = (place: string, field: string, message: string): string =>
  `config/more.yaml:${place} schedules.other${field}: ${message}`;

const rows: readonly Row[] = [
  [
    'a time and an event',
    timed(daily, 'eventPattern: { source: [aws.s3] }'),
    at('4:5', 'eventPattern', 'stands beside cron: only one of the two says when'),
  ],
  [
    'a zone nobody lives in',
    timed(daily, 'timezone: Europe/Atlantis'),
    at('4:15', 'timezone', '"Europe/Atlantis" is no time zone that AWS knows, such as Europe/Berlin or UTC'),
  ],
  [
    'a time that clocks leave out',
    timed('at: "2027-03-28T02:30:00"', 'timezone: Europe/Berlin'),
    at('3:9', 'at', '"2027-03-28T02:30:00" never comes: in Europe/Berlin, clocks are set forward over it'),
  ],
  [
    'a time with a zone in it',
    timed('at: "2027-03-28T02:30:00Z"'),
    at(
      '3:9',
      'at',
      '"2027-03-28T02:30:00Z" is no at of EventBridge: time "2027-03-28T02:30:00Z" is not understood; allowed is yyyy-mm-ddThh:mm:ss, without a time zone',
    ),
  ],
  [
    'an event with a time zone',
    timed('eventPattern: { source: [aws.s3] }', 'timezone: Europe/Berlin'),
    at('4:15', 'timezone', '"Europe/Berlin" stands beside eventPattern: events come when they come'),
  ],
  [
    'an event pattern that fits everything',
    timed('eventPattern: {}'),
    at('3:5', 'eventPattern', 'must say which events: an empty one fits all there are'),
  ],
  [
    'an event pattern longer than EventBridge takes',
    timed(`eventPattern: { source: [${'x'.repeat(2_048)}] }`),
    at('3:5', 'eventPattern', 'makes 2063 characters, and EventBridge takes 2048'),
  ],
  [
    'a window of seconds',
    timed(daily, 'flexibleWindow: 90s'),
    at('4:21', 'flexibleWindow', '"90s" must be whole minutes, 1m to 1440m'),
  ],
  [
    'an end before the start',
    timed(daily, 'startDate: 2027-02-01T00:00:00Z', 'endDate: "2027-01-01T00:00:00"'),
    at('5:14', 'endDate', '"2027-01-01T00:00:00" must come after startDate'),
  ],
  [
    'a start that is no time',
    timed(daily, 'startDate: soon'),
    at('4:16', 'startDate', '"soon" must be a time in UTC, such as 2026-12-24T03:00:00Z'),
  ],
  [
    'a start of what comes once',
    timed('at: "2027-01-01T00:00:00"', 'startDate: "2026-01-01T00:00:00"'),
    at(
      '4:16',
      'startDate',
      '"2026-01-01T00:00:00" says nothing beside at: a time that comes once neither begins nor ends',
    ),
  ],
  ['a schedule that does nothing', more('rate: 1 day'), other('2:3', '', 'needs submit, a job, or targets')],
  [
    'a job and targets',
    more('rate: 1 day', job('x'), 'targets: [{ Id: a, Arn: b }]'),
    other('5:14', '.targets', 'stands beside submit: only one of the two says what is done'),
  ],
  [
    'an override of targets',
    more('rate: 1 day', 'targets: [{ Id: a, Arn: b }]', 'override: { RoleArn: x }'),
    other('5:5', '.override', 'is laid over the target that submit makes; targets are written whole'),
  ],
  [
    'targets without what they need, and one twice',
    more('rate: 1 day', 'targets: [{ Id: a }, { Id: a, Arn: b }]'),
    other('4:15', '.targets[0]', 'needs Arn'),
    other('4:32', '.targets[1].Id', '"a" is the Id of another target of this rule'),
  ],
  [
    'two targets in Scheduler, one with an Id and none with a role',
    more('rate: 1 day', 'timezone: UTC', 'targets: [{ Id: a, Arn: b }, { Arn: b, RoleArn: c }]'),
    other('5:14', '.targets', 'must be one: a schedule with a time zone has one target'),
    other('5:15', '.targets[0]', 'needs RoleArn'),
    other('5:21', '.targets[0].Id', '"a" is no field of a target of Scheduler'),
  ],
  [
    'a success expected sooner than it can come',
    timed('cron: 0 3 ? * MON-FRI *', 'expectSuccessWithin: 26h'),
    at(
      '4:26',
      'expectSuccessWithin',
      '"26h" is shorter than the time between two fires, up to 72 hours: the alarm would go off each time',
    ),
  ],
  [
    'a success expected after more than CloudWatch sees',
    timed(daily, 'expectSuccessWithin: 8d'),
    at('4:26', 'expectSuccessWithin', '"8d" must be whole minutes, 5m to 7d: CloudWatch looks back no further'),
  ],
  [
    'a success expected of what comes once',
    timed('at: "2027-01-01T00:00:00"', 'expectSuccessWithin: 1d'),
    at('4:26', 'expectSuccessWithin', '"1d" stands beside at: what comes once cannot be late again and again'),
  ],
  [
    'a success expected of a target',
    more('rate: 1 hour', 'targets: [{ Id: a, Arn: b }]', 'expectSuccessWithin: 2h'),
    other('5:26', '.expectSuccessWithin', '"2h" needs submit: of other targets nobody knows whether they succeeded'),
  ],
  [
    'a success that another schedule could pass for',
    {
      ...timed(daily, 'expectSuccessWithin: 26h'),
      'config/more.yaml': `schedules:\n  other:\n    rate: 1 day\n    ${job('nightly-import-2026')}\n`,
    },
    at(
      '6:16',
      'submit.jobName',
      '"nightly-import" is how schedules.other.submit.jobName, "nightly-import-2026", begins: its successes would count here',
    ),
  ],
  [
    'a filter without a job, and a scope without a filter',
    { ...topic('filter: { a: [b] }'), 'config/more.yaml': 'topics:\n  third: { filterScope: MessageBody }\n' },
    'config/events.yaml:18:5 topics.quiet.filter: needs submit: it says which messages start a job',
    'config/more.yaml:2:25 topics.third.filterScope: "MessageBody" needs filter: alone it says nothing',
  ],
  [
    'attributes that have a field of their own, or none',
    topic('{ override: { FifoTopic: true } }'),
    'config/events.yaml:18:19 topics.quiet.override.FifoTopic: "FifoTopic" is not set here but by nothing: Lambda does not listen to FIFO topics',
  ],
  [
    'an address that is none, and one twice',
    { ...topic('emails: [a@b.de, a@b.de]'), 'config/more.yaml': 'alerts: { emails: [ops] }\n' },
    'config/events.yaml:18:22 topics.quiet.emails[1]: "a@b.de" is in this list already',
    'config/more.yaml:1:20 alerts.emails[0]: "ops" must be an address, such as ops@example.com',
  ],
  [
    'a topic that baton keeps for itself',
    edited('config/events.yaml', 'buckets:\n', '  alerts: {}\nbuckets:\n'),
    `config/events.yaml:17:3 topics.alerts: would be named "test-alerts" in AWS, as is baton's own topic; choose another name`,
  ],
];

for (const [what, files, ...messages] of rows) {
  test(`${what} is refused where it stands, with what would be right`, (t) => {
    assert.deepEqual(mistakes(t, files), messages);
  });
}

test('schedules of every sort are a config without mistakes', (t) => {
  const entries = [
    ['cron: 30 6 ? * MON-FRI *', 'timezone: Europe/Berlin', 'flexibleWindow: 15m', 'expectSuccessWithin: 4d'],
    ['at: "2027-01-02T08:00:00"', 'timezone: Europe/Berlin'],
    ['rate: 5 minutes', 'startDate: "2027-01-01T00:00:00"', 'endDate: 2027-02-01T00:00:00+01:00'],
    ['eventPattern: { source: [aws.s3], detail: { size: [{ numeric: [">", 0] }] } }', 'expectSuccessWithin: 2h'],
    ['rate: 5 minutes', 'override: { RetryPolicy: { MaximumRetryAttempts: 0 } }'],
  ];
  const text = entries.map((lines, index) => `  s${index}:\n    ${[...lines, job(`s${index}`)].join('\n    ')}\n`);
  const { config } = load(t, { ...small, 'config/more.yaml': `schedules:\n${text.join('')}` });
  assert.equal(Object.keys(config.schedules).length, 6);
});
