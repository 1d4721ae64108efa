import assert from 'node:assert/strict';
import test from 'node:test';
import { edited, mistakes, small } from './folder.ts';

type Files = Readonly<Record<string, string>>;
type Row = readonly [what: string, files: Files, ...messages: string[]];

const jobs = (from: string, to: string): Files => edited('config/jobs.yaml', from, to);
const events = (from: string, to: string): Files => edited('config/events.yaml', from, to);
const compute = (from: string, to: string): Files => edited('config/compute.yaml', from, to);
const more = (content: string): Files => ({ ...small, 'config/more.yaml': content });
const cron = (expression: string): Files => events('0 3 * * ? *', expression);
const atCron = (message: string): string => `config/events.yaml:3:11 schedules.nightly.cron: ${message}`;
const exits = (rules: string): Files => jobs('attempts: 2', `attempts: 2\n    evaluateOnExit:\n${rules}`);
const last = '      - { action: EXIT, onReason: "*" }';
const report = (extra: string): Files => jobs('image: alpine:3', `image: alpine:3\n    ${extra}`);

const links: readonly Row[] = [
  [
    'a compute environment nobody described',
    compute('[fargate]', '[fargat]'),
    'config/compute.yaml:5:27 jobQueues.main.computeEnvironments[0]: "fargat" names no compute environment; did you mean "fargate"?',
  ],
  [
    'a compute environment twice in a queue',
    compute('[fargate]', '[fargate, fargate]'),
    'config/compute.yaml:5:36 jobQueues.main.computeEnvironments[1]: "fargate" is in this list already',
  ],
  [
    'a fourth compute environment',
    compute('[fargate]', '[a, b, c, d]'),
    'config/compute.yaml:5:26 jobQueues.main.computeEnvironments: a list must have at most 3 entries',
  ],
  [
    'a queue nobody described',
    events('jobQueue: main', 'jobQueue: mian'),
    'config/events.yaml:6:17 schedules.nightly.submit.jobQueue: "mian" names no job queue; did you mean "main"?',
  ],
  [
    'a definition nobody described',
    events('jobDefinition: import', 'jobDefinition: export'),
    'config/events.yaml:7:22 schedules.nightly.submit.jobDefinition: "export" names no job definition; did you mean "import"?',
  ],
  [
    'a bucket nobody described',
    jobs('read: bucket.orders', 'read: bucket.order'),
    'config/jobs.yaml:10:15 jobDefinitions.import.grants[0].read: "bucket.order" names no bucket; did you mean "orders"?',
  ],
  [
    'a topic nobody described',
    jobs('topic.imported', 'topic.x'),
    'config/jobs.yaml:11:18 jobDefinitions.import.grants[1].publish: "topic.x" names no topic; there are: imported',
  ],
  [
    'reading a topic',
    jobs('read: bucket.orders', 'read: topic.imported'),
    'config/jobs.yaml:10:15 jobDefinitions.import.grants[0].read: "topic.imported" must be bucket.NAME: "read" is granted on a bucket',
  ],
  [
    'publishing to a bucket',
    jobs('topic.imported', 'bucket.orders'),
    'config/jobs.yaml:11:18 jobDefinitions.import.grants[1].publish: "bucket.orders" must be topic.NAME: "publish" is granted on a topic',
  ],
  [
    'a grant on a bare name',
    jobs('read: bucket.orders', 'read: orders'),
    'config/jobs.yaml:10:15 jobDefinitions.import.grants[0].read: "orders" must be bucket.NAME: "read" is granted on a bucket',
  ],
];

const sizes: readonly Row[] = [
  [
    'a vCPU count that Fargate does not sell',
    jobs('vcpus: 0.5', 'vcpus: 3'),
    'config/jobs.yaml:4:12 jobDefinitions.import.vcpus: 3 must be 0.25, 0.5, 1, 2, 4, 8, 16 or 32 on Fargate',
  ],
  [
    'memory below what goes with 0.25 vCPU',
    jobs('vcpus: 0.5\n    memory: 1024', 'vcpus: 0.25\n    memory: 256'),
    'config/jobs.yaml:5:13 jobDefinitions.import.memory: 256 must be 512, 1024 or 2048 (MiB) for 0.25 vCPU on Fargate',
  ],
  [
    'memory between the steps of 0.5 vCPU',
    jobs('memory: 1024', 'memory: 1536'),
    'config/jobs.yaml:5:13 jobDefinitions.import.memory: 1536 must be 1024, 2048, 3072 or 4096 (MiB) for 0.5 vCPU on Fargate',
  ],
  [
    'a job bigger than its queue',
    jobs('vcpus: 0.5\n    memory: 1024', 'vcpus: 8\n    memory: 16384'),
    'config/events.yaml:6:17 schedules.nightly.submit.jobQueue: "main" has compute environments of at most 4 vCPU, and "import" needs 8: the job would never start',
  ],
];

const definitions: readonly Row[] = [
  [
    'a folder without a Dockerfile',
    jobs('jobs/import', 'jobs/imprt'),
    'config/jobs.yaml:3:12 jobDefinitions.import.image: "jobs/imprt" is no folder of this repository with a Dockerfile; did you mean "jobs/import"?',
  ],
  [
    'an image reference with a space',
    jobs('alpine:3', 'alpine 3'),
    'config/jobs.yaml:13:12 jobDefinitions.report.image: "alpine 3" must be an image reference: letters, digits and . _ : / @ # - only',
  ],
  [
    'an image reference over 255 characters',
    jobs('alpine:3', 'a'.repeat(256)),
    `config/jobs.yaml:13:12 jobDefinitions.report.image: "${'a'.repeat(76)}... must have at most 255 characters`,
  ],
  [
    'a timeout under a minute',
    report('timeout: 59s'),
    'config/jobs.yaml:14:14 jobDefinitions.report.timeout: "59s" must be at least 60s: Batch takes no shorter one',
  ],
  [
    'a timeout without a unit',
    report('timeout: 900'),
    'config/jobs.yaml:14:14 jobDefinitions.report.timeout: 900 must be a whole number with a unit: 90s, 15m, 2h or 1d',
  ],
  [
    'a timeout in words',
    report('timeout: 15 minutes'),
    'config/jobs.yaml:14:14 jobDefinitions.report.timeout: "15 minutes" must be a whole number with a unit: 90s, 15m, 2h or 1d',
  ],
  [
    'an empty argument',
    report('command: [sh, ""]'),
    'config/jobs.yaml:14:19 jobDefinitions.report.command[1]: "" must not be empty: Batch refuses empty arguments',
  ],
  [
    'a variable that belongs to Batch',
    report('environment: { AWS_BATCH_JOB_ID: x }'),
    'config/jobs.yaml:14:20 jobDefinitions.report.environment.AWS_BATCH_JOB_ID: "AWS_BATCH_JOB_ID" must not begin with AWS_BATCH: these names belong to Batch',
  ],
  [
    'a variable no shell could set',
    report('environment: { my-url: x }'),
    'config/jobs.yaml:14:20 jobDefinitions.report.environment.my-url: "my-url" must be a variable name: letters, digits and "_", not beginning with a digit',
  ],
  [
    'a number that would lose its zeros',
    report('environment: { AGENT: 007 }'),
    'config/jobs.yaml:14:27 jobDefinitions.report.environment.AGENT: 007 would become "7"; put it in quotes to keep it as it is',
  ],
  [
    'a definition over 24 KiB',
    report(`environment: { BIG: ${'x'.repeat(23_000)} }`),
    'config/jobs.yaml:12:3 jobDefinitions.report: is too large: about 25169 bytes, and Batch takes 24576',
  ],
];

const retries: readonly Row[] = [
  [
    'exit rules for a single attempt',
    report(`evaluateOnExit:\n${last}`),
    'config/jobs.yaml:15:7 jobDefinitions.report.evaluateOnExit: needs attempts of 2 or more: with one attempt nothing is ever retried',
  ],
  [
    'exit rules that leave something open',
    exits('      - { action: RETRY, onStatusReason: "Host EC2*" }'),
    'config/jobs.yaml:8:7 jobDefinitions.import.evaluateOnExit: must end in { action: EXIT, onReason: "*" }: what matches no rule is retried',
  ],
  [
    'exit rules that end in an EXIT on less than everything',
    exits('      - { action: EXIT, onReason: "*", onExitCode: "1" }'),
    'config/jobs.yaml:8:7 jobDefinitions.import.evaluateOnExit: must end in { action: EXIT, onReason: "*" }: what matches no rule is retried',
  ],
  [
    'an exit rule without a pattern',
    exits(`      - { action: RETRY }\n${last}`),
    'config/jobs.yaml:8:9 jobDefinitions.import.evaluateOnExit[0]: needs one of onReason, onStatusReason, onExitCode',
  ],
  [
    'a star in the middle of a pattern',
    exits(`      - { action: RETRY, onReason: "Host*EC2" }\n${last}`),
    'config/jobs.yaml:8:36 jobDefinitions.import.evaluateOnExit[0].onReason: "Host*EC2" must hold letters, digits, ".", ":" and spaces only, with "*" at its end at most',
  ],
  [
    'a hyphen in a pattern',
    exits(`      - { action: RETRY, onStatusReason: "spot-host" }\n${last}`),
    'config/jobs.yaml:8:42 jobDefinitions.import.evaluateOnExit[0].onStatusReason: "spot-host" must hold letters, digits, ".", ":" and spaces only, with "*" at its end at most',
  ],
  [
    'a word as an exit code',
    exits(`      - { action: RETRY, onExitCode: "one" }\n${last}`),
    'config/jobs.yaml:8:38 jobDefinitions.import.evaluateOnExit[0].onExitCode: "one" must hold digits only, with "*" at its end at most',
  ],
  [
    'six exit rules',
    exits(Array.from({ length: 6 }, () => last).join('\n')),
    'config/jobs.yaml:8:7 jobDefinitions.import.evaluateOnExit: a list must have at most 5 entries',
  ],
  [
    'eleven attempts',
    jobs('attempts: 2', 'attempts: 11'),
    'config/jobs.yaml:6:15 jobDefinitions.import.attempts: 11 must be at most 10',
  ],
];

const times: readonly Row[] = [
  [
    'a schedule without a time',
    events('    cron: 0 3 * * ? *\n', ''),
    'config/events.yaml:2:3 schedules.nightly: needs one of cron, such as "0 3 * * ? *", rate, such as "5 minutes", at, or eventPattern',
  ],
  [
    'a schedule with two times',
    cron('0 3 * * ? *\n    rate: 5 minutes'),
    'config/events.yaml:4:11 schedules.nightly.rate: "5 minutes" stands beside cron: only one of the two says when',
  ],
  [
    'a minute that no hour has',
    cron('61 3 * * ? *'),
    atCron('"61 3 * * ? *" is no cron of EventBridge: minutes "61" is out of range; allowed are 0-59 and , - * /'),
  ],
  [
    'two days and no question mark',
    cron('0 3 * * * *'),
    atCron(
      '"0 3 * * * *" is no cron of EventBridge: day-of-month "*" and day-of-week "*" cannot stand together; exactly one of the two must be "?"',
    ),
  ],
  [
    'a cron of Unix for one day of the week',
    cron('0 3 * * 1'),
    atCron(
      '"0 3 * * 1" has five fields, as Unix has; EventBridge has a sixth, the year, and a "?" for one of the days: 0 3 ? * 1 * (1 is Sunday)',
    ),
  ],
  [
    'a rate in short',
    events('cron: 0 3 * * ? *', 'rate: 5m'),
    'config/events.yaml:3:11 schedules.nightly.rate: "5m" is no rate of EventBridge: rate "5m" is not understood; allowed are a number above 0 and a unit, such as 5 minutes',
  ],
  [
    'an empty variable of a definition',
    jobs(`BUCKET: \${bucket.orders}`, 'BUCKET: ""'),
    'config/jobs.yaml:8:15 jobDefinitions.import.environment.BUCKET: "" must not be empty: Batch forgets it; leave the variable out',
  ],
  [
    'a cron of five fields',
    cron('0 3 * * ?'),
    atCron(
      '"0 3 * * ?" has five fields, as Unix has; EventBridge has a sixth, the year, and a "?" for one of the days: 0 3 * * ? *',
    ),
  ],
  [
    'a cron copied from the console',
    cron('cron(0 3 * * ? *)'),
    atCron('"cron(0 3 * * ? *)" must be written without "cron(…)": the field says it already'),
  ],
  ['a day that no year has', cron('0 3 30 2 ? *'), atCron('"0 3 30 2 ? *" never comes: no day of any year fits')],
  [
    'a rate of the wrong number',
    events('cron: 0 3 * * ? *', 'rate: 5 minute'),
    'config/events.yaml:3:11 schedules.nightly.rate: "5 minute" is no rate of EventBridge: rate unit "minute" does not go with 5; allowed are minutes, hours, days',
  ],
];

const submitted: readonly Row[] = [
  [
    'a job name that begins with a hyphen',
    events('nightly-import', '-import'),
    'config/events.yaml:5:16 schedules.nightly.submit.jobName: "-import" must begin with a letter or digit and hold at most 128 letters, digits, "-" and "_"',
  ],
  [
    'a job name with a space',
    events('nightly-import', 'nightly import'),
    'config/events.yaml:5:16 schedules.nightly.submit.jobName: "nightly import" must begin with a letter or digit and hold at most 128 letters, digits, "-" and "_"',
  ],
  [
    'a job name over 128 characters',
    events('nightly-import', 'n'.repeat(129)),
    `config/events.yaml:5:16 schedules.nightly.submit.jobName: "${'n'.repeat(76)}... must begin with a letter or digit and hold at most 128 letters, digits, "-" and "_"`,
  ],
  [
    'a job name of two submissions',
    events('jobName: report', 'jobName: nightly-import'),
    'config/events.yaml:13:16 topics.imported.submit.jobName: "nightly-import" is the jobName of schedules.nightly.submit as well; each needs its own, or one may pass for both',
  ],
  [
    'an angle in a constant',
    events(`URL: \${var.url}`, 'URL: "a<b"'),
    'config/events.yaml:9:14 schedules.nightly.submit.environment.URL: "a<b" must hold no "<" or ">": EventBridge takes them for placeholders of its input transformer',
  ],
  [
    'an angle that comes from a variable',
    edited('config/environments/test.yaml', 'https://example.com/orders', '"x>y"'),
    `config/events.yaml:9:14 schedules.nightly.submit.environment.URL: \${var.url} ("x>y") must hold no "<" or ">": EventBridge takes them for placeholders of its input transformer`,
  ],
  [
    'an angle in a command',
    events('jobName: nightly', 'command: [sh, "a > b"]\n      jobName: nightly'),
    'config/events.yaml:5:21 schedules.nightly.submit.command[1]: "a > b" must hold no "<" or ">": EventBridge takes them for placeholders of its input transformer',
  ],
  [
    'an input over 8,192 bytes',
    events(`URL: \${var.url}`, `URL: "${'é'.repeat(4_000)}"`),
    'config/events.yaml:4:5 schedules.nightly.submit: makes a target input of 8210 bytes, and EventBridge takes 8192; put what is large into S3',
  ],
  [
    'overrides over 8,192 characters',
    events('messageVariable: MESSAGE', `messageVariable: MESSAGE\n      environment: { BIG: ${'x'.repeat(8_192)} }`),
    'config/events.yaml:12:5 topics.imported.submit: environment and command make 8235 characters; a container takes 8192',
  ],
  [
    'a message variable that belongs to Batch',
    events('MESSAGE', 'AWS_BATCH_MESSAGE'),
    'config/events.yaml:16:24 topics.imported.submit.messageVariable: "AWS_BATCH_MESSAGE" must not begin with AWS_BATCH: these names belong to Batch',
  ],
  [
    'a variable in the place of the message',
    events('messageVariable: MESSAGE', 'messageVariable: MESSAGE\n      environment: { MESSAGE: x }'),
    'config/events.yaml:17:22 topics.imported.submit.environment.MESSAGE: "MESSAGE" is the messageVariable as well: the message takes its place',
  ],
  [
    'jobs that start each other for ever',
    events('jobDefinition: report', 'jobDefinition: import'),
    'config/events.yaml:15:22 topics.imported.submit.jobDefinition: "import" closes a circle of jobs that start each other: import → topic imported → import',
  ],
];

const many = (section: string, count: number, entry: string): Files =>
  more(
    `${section}:\n${Array.from({ length: count }, (_, index) => `  n${index}: ${entry.replace('INDEX', String(index))}\n`).join('')}`,
  );
const resources: readonly Row[] = [
  [
    'the bucket that baton keeps for itself',
    events('orders: {}', 'orders: {}\n  state: {}'),
    `config/events.yaml:19:3 buckets.state: would be named "test-state-012345678901-eu-west-1" in AWS, as is baton's own state bucket; choose another name`,
  ],
  [
    'a name that S3 reserves',
    edited('config/environments/test.yaml', 'prefix: test', 'prefix: sthree'),
    'config/events.yaml:18:3 buckets.orders: would be named "sthree-orders-012345678901-eu-west-1", and S3 reserves names in "sthree-"',
  ],
  [
    'an expiry after hours',
    events('orders: {}', 'orders: { expire: [{ after: 36h }] }'),
    'config/events.yaml:18:31 buckets.orders.expire[0].after: "36h" must be whole days, such as 30d: S3 counts in days',
  ],
  [
    'a queue more than an account has room for',
    many('jobQueues', 50, '{ computeEnvironments: [fargate] }'),
    'config/compute.yaml:3:1 jobQueues: has 51 entries, and an account has room for 50',
  ],
  [
    'a compute environment more than an account has room for',
    many('computeEnvironments', 50, '{ type: FARGATE, maxvCpus: 1 }'),
    'config/compute.yaml:1:1 computeEnvironments: has 51 entries, and an account has room for 50',
  ],
];

for (const [what, files, ...messages] of [
  ...links,
  ...sizes,
  ...definitions,
  ...retries,
  ...times,
  ...submitted,
  ...resources,
]) {
  test(`${what} is refused where it stands, with what would be right`, (t) => {
    assert.deepEqual(mistakes(t, files), messages);
  });
}
