import assert from 'node:assert/strict';
import test from 'node:test';
import { edited, type Loading, load, mistakes, small } from './folder.ts';

const compute = 'config/compute.yaml';
const jobs = 'config/jobs.yaml';
const events = 'config/events.yaml';
const environment = 'config/environments/test.yaml';
const more = (content: string) => ({ ...small, 'config/more.yaml': content });

test('the config of an environment is everything in the files with references resolved', (t) => {
  const { site, config, environment: own } = load(t, small);
  assert.deepEqual(site, {
    project: 'shop',
    environment: 'test',
    account: '012345678901',
    region: 'eu-west-1',
    prefix: 'test',
    given: {},
  });
  assert.deepEqual(own.network, { subnets: ['subnet-1'], securityGroupIds: ['sg-1'], assignPublicIp: false });
  assert.deepEqual(config.jobDefinitions['import']?.environment, { BUCKET: 'test-orders-012345678901-eu-west-1' });
  assert.deepEqual(config.schedules['nightly']?.submit?.environment, { URL: 'https://example.com/orders' });
  assert.deepEqual(config.jobQueues['main'], {
    protect: false,
    priority: 1,
    computeEnvironments: ['fargate'],
    state: 'ENABLED',
    timeLimits: [],
  });
});

test('numbers and truths stay what they are until AWS is told', (t) => {
  const block = `BUCKET: \${bucket.orders}`;
  const { config } = load(t, edited(jobs, block, 'COUNT: 15\n      SHARE: 0.5\n      DRY: true\n      TEXT: "007"'));
  assert.deepEqual(config.jobDefinitions['import']?.environment, { COUNT: 15, SHARE: 0.5, DRY: true, TEXT: '007' });
});

const syntax: readonly (readonly [what: string, files: Record<string, string>, message: string, how?: Loading])[] = [
  [
    'an environment that does not exist',
    small,
    'config/environments/tset.yaml:1:1 there is no environment "tset"; did you mean "test"?',
    { environment: 'tset' },
  ],
  [
    'an environment outside its folder',
    small,
    'config/environments/../project.yaml:1:1 there is no environment "../project"; there are: test',
    { environment: '../project' },
  ],
  ['a folder that is not there', small, 'nowhere:1:1 there is no such folder', { directory: 'nowhere' }],
  ['an empty file', more(''), 'config/more.yaml:1:1 is empty: describe something in it or delete the file'],
  ['a file of comments', more('# x\n'), 'config/more.yaml:1:1 is empty: describe something in it or delete the file'],
  [
    'a file that is no map',
    more('hello\n'),
    'config/more.yaml:1:1 must be a map of sections, such as "jobQueues:" with its entries indented below',
  ],
  [
    'a file that would not be read',
    { ...small, 'config/more.yml': 'a: 1' },
    'config/more.yml:1:1 is not read: files of the config end in .yaml',
  ],
  [
    'an alias',
    more('a: &x 1\nb: *x\n'),
    'config/more.yaml:2:4 b: aliases are not supported: write the value out, or quote it ("*x") if it is text',
  ],
  [
    'a cron that begins with a star',
    edited(events, '0 3 * *', '* 3 * *'),
    'config/events.yaml:3:11 a value that begins with "*" or "&" must be quoted',
  ],
  ['a tab', more('buckets:\n\tb: {}\n'), 'config/more.yaml:2:1 tabs cannot indent; use spaces'],
  ['a colon in a value', more('a: b: c\n'), 'config/more.yaml:1:4 a value with ": " inside must be quoted'],
  [
    'a cron that begins with a star and a step',
    edited(events, '0 3 * *', '*/5 * * *'),
    'config/events.yaml:3:11 a value that begins with "*" or "&" must be quoted',
  ],
  [
    'a line that is indented too far',
    edited(events, '      jobQueue', '        jobQueue'),
    'config/events.yaml:5:16 the line below is indented deeper, as if it belonged to this value; line it up with its neighbours',
  ],
  [
    'a line that is not indented enough',
    edited(events, '      jobQueue', '    jobQueue'),
    'config/events.yaml:6:15 the line below is indented deeper, as if it belonged to this value; line it up with its neighbours',
  ],
  [
    'a tab among spaces',
    edited(jobs, '    vcpus: 0.5', '  \t vcpus: 0.5'),
    'config/jobs.yaml:4:3 tabs cannot indent; use spaces',
  ],
  [
    'a colon without a space',
    edited(events, 'jobQueue: main', 'jobQueue:main'),
    'config/events.yaml:6:7 a space is missing after "jobQueue:"',
  ],
  [
    'a quote that is not closed',
    edited(events, 'jobName: nightly', 'jobName: "nightly'),
    'config/events.yaml:5:16 the quote that begins here is not closed',
  ],
  [
    'a value that goes on after its quotes',
    more('a: "b" c\n'),
    'config/more.yaml:1:8 stands behind a value in quotes; put the quotes around the whole',
  ],
  [
    'a merge conflict',
    edited(
      events,
      '    submit',
      '<<<<<<< HEAD\n    enabled: true\n=======\n    enabled: false\n>>>>>>> other\n    submit',
    ),
    'config/events.yaml:4:1 a merge conflict was left here; keep one of its two sides',
  ],
  ['a list that is not closed', more('a: [b, c\n'), 'config/more.yaml:2:1 "]" is missing before this'],
  [
    'a sign that YAML keeps for itself',
    more('a: @b\n'),
    'config/more.yaml:1:4 a value that begins with "@" must be quoted',
  ],
  ['a tag', edited(events, '0 3 *', '!foo 0 3 *'), 'config/events.yaml:3:11 unresolved tag: !foo'],
  [
    'two documents in a file',
    more('a: 1\n---\nb: 2\n'),
    'config/more.yaml:2:1 holds more than one document ("---"); put each into a file of its own',
  ],
  [
    'a key that is set twice',
    edited(events, '  orders: {}', '  orders: {}\n  orders: {}'),
    'config/events.yaml:19:3 buckets.orders: is already set at config/events.yaml:18:3; keep one of the two',
  ],
  [
    'an entry of two files',
    more('buckets:\n  orders: {}\n'),
    'config/more.yaml:2:3 buckets.orders: is already described at config/events.yaml:18:3; keep one of the two',
  ],
  [
    'a field of two files',
    more('project: other\n'),
    'config/project.yaml:1:1 project: is already described at config/more.yaml:1:1; keep one of the two',
  ],
];

const fields: typeof syntax = [
  [
    'a word for a number',
    edited(compute, ': 4', ': four'),
    'config/compute.yaml:2:39 computeEnvironments.fargate.maxvCpus: "four" must be a number',
  ],
  [
    'a choice',
    edited(compute, 'FARGATE,', 'FARGAT,'),
    'config/compute.yaml:2:20 computeEnvironments.fargate.type: "FARGAT" must be FARGATE or FARGATE_SPOT or EC2 or SPOT',
  ],
  [
    'a field that is missing',
    edited(jobs, '    memory: 1024\n', ''),
    'config/jobs.yaml:2:3 jobDefinitions.import.memory: is missing: it must be a number',
  ],
  [
    'a number over its limit',
    edited(jobs, 'attempts: 2', 'attempts: 11'),
    'config/jobs.yaml:6:15 jobDefinitions.import.attempts: 11 must be at most 10',
  ],
  [
    'a number in quotes',
    edited(jobs, 'vcpus: 0.5', 'vcpus: "0.5"'),
    'config/jobs.yaml:4:12 jobDefinitions.import.vcpus: "0.5" must be a number: take the quotes away',
  ],
  [
    'a size with its unit',
    edited(jobs, 'memory: 1024', 'memory: 1GB'),
    'config/jobs.yaml:5:13 jobDefinitions.import.memory: "1GB" must be a whole number of MiB, such as 1024',
  ],
  [
    'one name for a list',
    edited(compute, '[fargate]', 'fargate'),
    'config/compute.yaml:5:26 jobQueues.main.computeEnvironments: "fargate" must be a list of names: [fargate]',
  ],
  [
    'a line for a command',
    edited(jobs, 'attempts: 2', 'command: node main.mjs'),
    'config/jobs.yaml:6:14 jobDefinitions.import.command: "node main.mjs" must be a list of program and arguments: [node, main.mjs]',
  ],
  [
    'variables as Batch lists them',
    edited(jobs, `      BUCKET: \${bucket.orders}`, '      - { name: BUCKET, value: x }'),
    'config/jobs.yaml:8:7 jobDefinitions.import.environment: a list must be a map of variables, each NAME: value',
  ],
  [
    'the id of something else',
    edited(environment, '[subnet-1]', '[vpc-1]'),
    'config/environments/test.yaml:5:13 network.subnets[0]: "vpc-1" must be an id that begins with subnet-',
  ],
  [
    'a reference where a name is wanted',
    edited(jobs, 'read: bucket.orders', `read: \${bucket.orders}`),
    `config/jobs.yaml:10:15 jobDefinitions.import.grants[0].read: \${bucket.orders} ("test-orders-012345678901-eu-west-1") must be bucket.NAME: "read" is granted on a bucket`,
  ],
  [
    'an empty list',
    edited(compute, '[fargate]', '[]'),
    'config/compute.yaml:5:26 jobQueues.main.computeEnvironments: a list must have at least 1 entries',
  ],
  [
    'an unknown field',
    edited(jobs, 'attempts', 'atempts'),
    'config/jobs.yaml:6:5 jobDefinitions.import.atempts: is no field here; did you mean "attempts"?',
  ],
  [
    'an unknown section',
    more('queues: {}\n'),
    'config/more.yaml:1:1 queues: is no field here; there are: alerts, buckets, computeEnvironments, jobDefinitions, jobQueues, project, schedules, schedulingPolicies, topics',
  ],
  [
    'a name',
    more('buckets:\n  My_Bucket: {}\n'),
    'config/more.yaml:2:3 buckets.My_Bucket: "My_Bucket" must start with a letter and hold only a-z, 0-9 and "-", at most 63 characters',
  ],
  [
    'an entry without settings',
    edited(events, 'orders: {}', 'orders:'),
    'config/events.yaml:18:10 buckets.orders: (nothing) must be a map of fields ({} for none)',
  ],
  [
    'a list for a map',
    edited(events, 'orders: {}', 'orders: []'),
    'config/events.yaml:18:11 buckets.orders: a list must be a map of fields ({} for none)',
  ],
  [
    'nothing for a variable',
    edited(jobs, `\${bucket.orders}`, ''),
    'config/jobs.yaml:8:15 jobDefinitions.import.environment.BUCKET: (nothing) must be text, a number, true/false, or a map or list that the job gets as JSON',
  ],
  [
    'an account without quotes',
    edited(environment, '"012345678901"', '012345678901'),
    'config/environments/test.yaml:1:10 account: 012345678901 must be the 12 digits of an AWS account, in quotes',
  ],
  [
    'an account that is too short',
    edited(environment, '"012345678901"', '"12"'),
    'config/environments/test.yaml:1:10 account: "12" must be the 12 digits of an AWS account, in quotes',
  ],
  [
    'a region',
    edited(environment, 'eu-west-1', 'ireland'),
    'config/environments/test.yaml:2:9 region: "ireland" must be an AWS region, such as eu-central-1',
  ],
  [
    'a prefix that is too long',
    edited(environment, 'prefix: test', 'prefix: a-very-long-prefix-it-is'),
    'config/environments/test.yaml:3:9 prefix: "a-very-long-prefix-it-is" must start with a letter and hold only a-z, 0-9 and "-", at most 20 characters',
  ],
  [
    'a number as a variable',
    edited(environment, 'https://example.com/orders', '12'),
    'config/environments/test.yaml:8:8 variables.url: 12 must be text, in quotes if it looks like a number',
  ],
  [
    'a text field with a number',
    edited(jobs, 'image: alpine:3', 'image: 3'),
    'config/jobs.yaml:13:12 jobDefinitions.report.image: 3 must be text: put it in quotes',
  ],
  [
    'a verb nobody knows',
    edited(jobs, 'read: bucket', 'raed: bucket'),
    'config/jobs.yaml:10:9 jobDefinitions.import.grants[0]: a map of raed must be one of "read: bucket.NAME", "write: bucket.NAME", "readWrite: bucket.NAME", "publish: topic.NAME"',
  ],
  [
    'a variable nobody defined',
    small,
    'config/environments/test.yaml:8:3 variables.ulr: was given, but this environment has no variable "ulr"; did you mean "url"?',
    { variables: { ulr: 'x' } },
  ],
];

for (const [what, files, message, how] of [...syntax, ...fields]) {
  test(`${what} is reported where it stands, with what would be right`, (t) => {
    assert.deepEqual(mistakes(t, files, how), [message]);
  });
}

test('all mistakes of all files are reported at once, sorted by place, and counted', (t) => {
  const files = {
    ...small,
    [jobs]: edited(jobs, 'memory: 1024', 'memory: 512')[jobs] ?? '',
    [events]: edited(events, 'jobQueue: main', 'jobQueue: mian')[events] ?? '',
    [environment]: edited(environment, 'eu-west-1', 'x')[environment] ?? '',
  };
  assert.deepEqual(mistakes(t, files), [
    'config/environments/test.yaml:2:9 region: "x" must be an AWS region, such as eu-central-1',
    'config/events.yaml:6:17 schedules.nightly.submit.jobQueue: "mian" names no job queue; did you mean "main"?',
    'config/jobs.yaml:5:13 jobDefinitions.import.memory: 512 must be 1024, 2048, 3072 or 4096 (MiB) for 0.5 vCPU on Fargate',
  ]);
});

test('an entry that the schema refuses still counts as existing for those that name it', (t) => {
  assert.deepEqual(mistakes(t, edited(compute, 'maxvCpus: 4', 'maxvCpus: 0')), [
    'config/compute.yaml:2:39 computeEnvironments.fargate.maxvCpus: 0 must be at least 1',
  ]);
});

test('lines end in CRLF or LF, files begin with a byte order mark or not: places are the same', (t) => {
  const wrong = edited(events, '0 3 * *', '0 25 * *')[events] ?? '';
  const expected = mistakes(t, { ...small, [events]: wrong });
  assert.match(expected[0] ?? '', /^config\/events\.yaml:3:11 /);
  assert.deepEqual(mistakes(t, { ...small, [events]: wrong.replaceAll('\n', '\r\n') }), expected);
  assert.deepEqual(mistakes(t, { ...small, [events]: `\uFEFF${wrong}` }), expected);
});

test('columns count characters, not bytes or halves of characters', (t) => {
  const block = `      environment:\n        URL: \${var.url}`;
  const files = edited(events, block, `      environment: { NAME: "é😀", URL: "\${var.ulr}" }`);
  assert.deepEqual(mistakes(t, files), [
    `config/events.yaml:8:40 schedules.nightly.submit.environment.URL: \${var.ulr}: there is no variable "ulr"; did you mean "url"?`,
  ]);
});
