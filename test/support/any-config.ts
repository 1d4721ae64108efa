import {
  type Arbitrary,
  array,
  constant,
  constantFrom,
  dictionary,
  oneof,
  option,
  record,
  toStringMethod,
} from 'fast-check';
import { stringify } from 'yaml';
import { anyDefinition, anyPolicy, anyQueue, onEc2, onFargate, some, yes } from './any-batch.ts';

type Entry = Readonly<Record<string, unknown>>;
type Entries = Readonly<Record<string, Entry>>;

const kmsKey = constantFrom('arn:aws:kms:eu-central-1:111122223333:key/1234');
const variables = constantFrom({}, { PARTS: 2, FLAG: true }, { URL: 'https://example.com/?a=b&c=d', QUOTE: '"' });
const emails = constantFrom([], ['ops@example.com'], ['b@example.com', 'a@example.com']);

/** Up to three entries. */
const entries = (entry: Arbitrary<Entry>): Arbitrary<Entries> =>
  dictionary(constantFrom('alpha', 'beta', 'gamma'), entry, { maxKeys: 3 });

/** What a submission says beside its names, which are given it when all are known. */
const submission = some({
  environment: variables,
  command: constantFrom(['node', 'other.mjs'], ['say', 'Ref::page']),
  parameters: constant({ page: '2' }),
}).map(({ command, ...fields }) => ({
  ...fields,
  ...(command !== undefined && { command, parameters: { page: '2' } }),
}));

const schedule = {
  description: constantFrom('every night', 'ünïcödé'),
  enabled: yes,
  protect: yes,
  override: constantFrom({}, { RetryPolicy: { MaximumRetryAttempts: 3 } }, { DeadLetterConfig: null }),
};

const zoned = some({
  timezone: constantFrom('UTC', 'Europe/Berlin'),
  flexibleWindow: constantFrom('5m', '2h'),
  startDate: constantFrom('2020-01-01T00:00:00Z', '2098-01-01T00:00:00'),
  endDate: constantFrom('2021-01-01T00:00:00Z', '2099-12-31T00:00:00Z'),
}).map(({ startDate, endDate, ...fields }) => ({
  ...fields,
  ...(endDate !== undefined && { endDate }),
  // It comes before the end.
  ...(startDate !== undefined && {
    startDate: endDate === '2021-01-01T00:00:00Z' ? '2020-01-01T00:00:00Z' : startDate,
  }),
}));

const merged = (...parts: readonly Arbitrary<object>[]): Arbitrary<Entry> =>
  record(Object.fromEntries(parts.map((part, at) => [String(at), part]))).map((all) =>
    Object.assign({}, ...Object.values(all)),
  );

const submitted = record({ submit: submission });
const onTime = constantFrom({ cron: '0 3 * * ? *' }, { cron: '0/5 8-17 ? * MON-FRI *' }, { rate: '1 hour' });
const expected = some({ expectSuccessWithin: constantFrom('4d', '7d') });
const once = constantFrom({ at: '2098-12-24T03:00:00' }, { at: '2020-12-24T03:00:00' });
const events = constantFrom(
  { eventPattern: { source: ['aws.s3'] } },
  { eventPattern: { source: ['shop'], detail: { size: [{ numeric: ['>', 0] }], name: [{ prefix: 'a' }] } } },
);
const targets = constantFrom(
  [{ Id: 'theirs', Arn: 'arn:aws:sqs:eu-central-1:111122223333:theirs' }],
  [
    { Id: 'b', Arn: 'arn:aws:sqs:eu-central-1:111122223333:theirs', Input: '{"a": 1}' },
    { Id: 'a', Arn: 'arn:aws:sns:eu-central-1:111122223333:theirs', InputPath: '$.detail' },
  ],
);

const { override: _, ...withoutOverride } = schedule;

const anySchedule: Arbitrary<Entry> = oneof(
  merged(onTime, some(schedule), submitted, expected),
  merged(onTime, some(schedule), zoned, submitted, expected),
  merged(once, some(schedule), some({ timezone: constantFrom('Europe/Berlin') }), submitted),
  merged(events, some(schedule), submitted, expected),
  merged(oneof(onTime, events), some(withoutOverride), record({ targets })),
);

const anyTopic = merged(
  some({ protect: yes, kmsKey, emails, override: constantFrom({ DisplayName: 'Feeds' }, {}) }),
  option(
    merged(
      submitted,
      oneof(
        constant({}),
        record(
          {
            filter: constantFrom({ store: ['berlin'] }, { store: [{ prefix: 'a' }], size: [{ numeric: ['>', 1] }] }),
            filterScope: constantFrom('MessageAttributes', 'MessageBody'),
          },
          { requiredKeys: ['filter'] },
        ),
      ),
    ),
    { nil: {} },
  ),
);

const anyBucket = some({
  protect: yes,
  versioning: yes,
  kmsKey,
  expire: array(
    constantFrom(
      { prefix: 'old/', after: '2d' },
      { noncurrentAfter: '48h' },
      { prefix: 'x/', after: '1d', noncurrentAfter: '3d' },
    ),
    { maxLength: 2 },
  ),
  transition: array(
    constantFrom(
      { prefix: 'archive/', after: '90d', storageClass: 'GLACIER' },
      { after: '30d', storageClass: 'STANDARD_IA' },
    ),
    { maxLength: 2 },
  ),
});

const alerts = some({
  emails,
  failedJobs: yes,
  blockedQueues: yes,
  deadLetters: yes,
  functionErrors: yes,
  failedInvocations: yes,
});

const definitionOrMore = merged(
  anyDefinition,
  some({
    evaluateOnExit: constantFrom(
      [{ action: 'EXIT', onReason: '*' }],
      [
        { action: 'RETRY', onExitCode: '1*', onStatusReason: 'Host EC2*' },
        { action: 'EXIT', onReason: '*' },
      ],
    ),
    secretsKey: kmsKey,
    keepRevisions: constantFrom(1, 20),
  }),
);

const sections = record({
  named: yes,
  fargate: onFargate,
  ec2: option(onEc2, { nil: undefined }),
  queue: anyQueue,
  fair: anyQueue,
  policy: anyPolicy,
  definitions: entries(definitionOrMore),
  submitted: definitionOrMore,
  image: constantFrom('alpine:3', 'jobs/small'),
  grants: yes,
  schedules: entries(anySchedule),
  topics: entries(anyTopic),
  buckets: entries(anyBucket),
  alerts,
});
type Sections = typeof sections extends Arbitrary<infer Drawn> ? Drawn : never;

/** What a definition may not say together with something else that it says. */
function allowed(definition: Entry): Entry {
  const { attempts = 1, retry, evaluateOnExit, secrets = {}, secretsKey, grants, jobRoleArn, ...fields } = definition;
  const tries = Number(attempts);
  const exits = retry === undefined ? evaluateOnExit !== undefined && { evaluateOnExit } : { retry };
  return {
    ...fields,
    attempts: tries,
    ...(tries > 1 && exits),
    secrets,
    ...(secretsKey !== undefined && JSON.stringify(secrets) !== '{}' && { secretsKey }),
    ...(grants === undefined ? jobRoleArn !== undefined && { jobRoleArn } : { grants }),
  };
}

/** It may use everything that there is; only what messages start may not publish, or jobs would start each other for ever. */
const allGrants = ({ topics, buckets }: Sections): Entry => ({
  grants: [
    ...Object.keys(buckets).flatMap((name) => [{ read: `bucket.${name}` }, { write: `bucket.${name}` }]),
    ...Object.keys(topics).map((name) => ({ publish: `topic.${name}` })),
  ],
});

/** Each job has a name of its own, none of which begins like another. */
function withSubmissions(of: Entries, word: string, { ec2, fair }: Sections): Entries {
  const share = fair['schedulingPolicy'] === undefined ? {} : { shareIdentifier: 'a' };
  const spare = { jobQueue: 'spare', ...share };
  return Object.fromEntries(
    Object.entries(of).map(([name, { submit, ...fields }]) => [
      name,
      {
        ...fields,
        ...(submit instanceof Object && {
          submit: {
            ...submit,
            jobName: `${name}-${word}`,
            ...(name === 'beta' && ec2 === undefined ? spare : { jobQueue: 'main' }),
            jobDefinition: 'submitted',
            ...(word === 'message' && { messageVariable: 'MESSAGE' }),
          },
        }),
      },
    ]),
  );
}

function configOf(drawn: Sections): object {
  /** One entry is named in AWS as it was before. */
  const named = (of: Entries, name: string): Entries =>
    drawn.named && of['alpha'] !== undefined ? { ...of, alpha: { ...of['alpha'], name } } : of;
  const { fargate, ec2, queue, fair, policy, definitions, submitted: base, image, grants, schedules, topics } = drawn;
  const { schedulingPolicy: _none, ...plainQueue } = queue;
  const others = Object.entries(definitions).map(([name, fields]) => {
    const granted = grants && fields['jobRoleArn'] === undefined ? allGrants(drawn) : {};
    return [name, allowed({ ...fields, ...granted })] as const;
  });
  const { gpus: _gpus, privileged: _privileged, ...ofFargate } = { gpus: 0, privileged: false, ...base };
  return {
    computeEnvironments: { fargate, ...(ec2 && { ec2 }) },
    schedulingPolicies: { teams: policy, ...named({ alpha: {} }, 'shares') },
    jobQueues: {
      main: { ...plainQueue, computeEnvironments: ['fargate'] },
      ...named({ alpha: { computeEnvironments: ['fargate'] } }, 'work'),
      // Batch moves no queue between the two.
      [ec2 === undefined ? 'spare' : 'large']: {
        ...fair,
        computeEnvironments: [ec2 === undefined ? 'fargate' : 'ec2'],
      },
    },
    jobDefinitions: {
      ...named(Object.fromEntries(others), 'import'),
      submitted: allowed({ ...ofFargate, platform: 'FARGATE', image }),
    },
    schedules: named(withSubmissions(schedules, 'run', drawn), 'nightly'),
    topics: named(withSubmissions(topics, 'message', drawn), 'changes'),
    buckets: named(drawn.buckets, 'their-feeds'),
    alerts: drawn.alerts,
  };
}

/** A repository of the image that it may name, and of functions that build in no time. */
export const anyRepository: Readonly<Record<string, string>> = {
  'jobs/small/Dockerfile': 'FROM busybox\nENTRYPOINT ["sh", "main.sh"]\n',
  'jobs/small/job.yaml': 'process: [sh, main.sh]\n',
  'lambdas/schedule-to-batch/handler.ts': 'export const handler = 1;\n',
  'lambdas/topic-to-batch/handler.ts': 'export const handler = 2;\n',
};

/** Any config of one or a few entries in each section, with any of their fields; valid, and told as YAML. */
export const anyConfig: Arbitrary<object> = sections.map((drawn) => {
  const config = configOf(drawn);
  return Object.defineProperty(config, toStringMethod, {
    value: () => `\n${stringify(config, { aliasDuplicateObjects: false })}`,
  });
});
