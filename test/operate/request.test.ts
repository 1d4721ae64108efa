import assert from 'node:assert/strict';
import test from 'node:test';
import { chosen, type Direction } from '../../scripts/operate/trigger/choice.ts';
import { type Overlay, requestOf } from '../../scripts/operate/trigger/overlay.ts';
import { PlanError } from '../../scripts/reconcile/errors.ts';
import { configFrom } from '../support/written-config.ts';

const definition = { image: 'example.com/tool:1', vcpus: 0.5, memory: 1024 };
const submit = (job: string, queue = 'main', more: object = {}) => ({
  submit: { jobName: `of-${job}`, jobQueue: queue, jobDefinition: job, ...more },
});

const config = {
  computeEnvironments: { fargate: { type: 'FARGATE', maxvCpus: 2 } },
  schedulingPolicies: { fair: {} },
  jobQueues: {
    main: { computeEnvironments: ['fargate'] },
    other: { computeEnvironments: ['fargate'] },
    shared: { computeEnvironments: ['fargate'], schedulingPolicy: 'fair' },
  },
  jobDefinitions: {
    tool: { ...definition, command: ['run', 'Ref::day'], parameters: { day: 'today' } },
    free: definition,
    both: definition,
    fair: definition,
  },
  schedules: {
    nightly: {
      cron: '0 3 * * ? *',
      ...submit('tool', 'main', { environment: { A: '1', B: 2 }, parameters: { day: 'monday' } }),
    },
    zoned: { cron: '0 3 * * ? *', timezone: 'Europe/Berlin', ...submit('both') },
    changed: {
      cron: '0 4 * * ? *',
      submit: { jobName: 'of-changed', jobQueue: 'main', jobDefinition: 'tool' },
      override: {
        Input: '{"jobName":"word","jobQueue":"q","jobDefinition":"d","containerOverrides":{"environment":{"N":1}}}',
        InputTransformer: null,
      },
    },
    of: {
      eventPattern: { source: ['aws.s3'] },
      submit: { jobName: 'of-event', jobQueue: 'main', jobDefinition: 'tool' },
      override: {
        InputTransformer: {
          InputPathsMap: { key: '$.detail.key' },
          InputTemplate: '{"jobName":"e","jobQueue":"q","jobDefinition":"d","parameters":{"key":<key>}}',
        },
      },
    },
    elsewhere: { rate: '1 day', targets: [{ Id: 'x', Arn: 'arn:aws:sqs:eu-central-1:111122223333:unit-x' }] },
    tool: { rate: '1 day', submit: { jobName: 'same-name', jobQueue: 'main', jobDefinition: 'tool' } },
  },
  topics: {
    t: { submit: { jobName: 'by-topic', jobQueue: 'other', jobDefinition: 'both', messageVariable: 'M' } },
    s: {
      submit: {
        jobName: 'by-share',
        jobQueue: 'shared',
        jobDefinition: 'fair',
        shareIdentifier: 'red',
        messageVariable: 'M',
      },
    },
  },
};
const loaded = configFrom(config);
const now = new Date('2026-11-25T18:40:00.123Z');

const request = (job: string, overlay: Partial<Overlay> = {}, direction: Direction = {}) =>
  requestOf(loaded.config, chosen(loaded, job, direction), { set: {}, param: {}, ...overlay }, now);

const problemsOf = (...given: Parameters<typeof request>): readonly string[] => {
  try {
    request(...given);
  } catch (error) {
    if (error instanceof PlanError) return error.problems;
    throw error;
  }
  return [];
};

test('a schedule is run with exactly what it sends, under a name that is no scheduled run and yet counts as one', () => {
  const { submission, notes } = request('nightly');
  const { jobName, ...rest } = submission;
  assert.match(jobName, /^of-tool-20261125T184000Z-by-hand-[0-9a-f]{4}$/);
  assert.deepEqual(rest, {
    jobQueue: 'unit-main',
    jobDefinition: 'unit-tool',
    containerOverrides: {
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
    parameters: { day: 'monday' },
  });
  assert.deepEqual(notes, []);
  assert.equal(request('zoned').submission.jobDefinition, 'unit-both');
});

test('what is laid over a schedule wins, and a run that is not the schedule’s own does not count as one of it', () => {
  const { submission } = request('nightly', { set: { B: 'x=y', C: '' }, param: { day: 'friday' } });
  assert.match(submission.jobName, /^of-tool-by-hand-20261125T184000Z-[0-9a-f]{4}$/);
  assert.deepEqual(submission.containerOverrides?.environment, [
    { name: 'A', value: '1' },
    { name: 'B', value: 'x=y' },
    { name: 'C', value: '' },
  ]);
  assert.deepEqual(submission.parameters, { day: 'friday' });
  for (const other of [request('nightly', { array: 3 }), request('nightly', {}, { queue: 'other' })]) {
    assert.match(other.submission.jobName, /^of-tool-by-hand-/);
  }
});

test('a target that config has overridden is run as AWS has it, numbers made into texts', () => {
  const { submission } = request('changed');
  assert.match(submission.jobName, /^word-2026/);
  assert.deepEqual(submission.containerOverrides, { environment: [{ name: 'N', value: '1' }] });
});

test('what cannot be run by hand is said to be so: other targets, parts of an event, and one name for two things', () => {
  assert.match(
    problemsOf('elsewhere')[0] ?? '',
    /^running schedule "elsewhere" by hand: it submits no job through baton/,
  );
  assert.match(
    problemsOf('of')[0] ?? '',
    /takes more of the event than id and time, and there is no event; run its job definition "tool"/,
  );
  assert.match(
    problemsOf('tool')[0] ?? '',
    /^running "tool": it is a job definition and a schedule; say jobDefinitions.tool or schedules.tool$/,
  );
  assert.match(request('schedules.tool').submission.jobName, /^same-name-/);
});

test('an unknown job is answered with what is near, and with all there are of both', () => {
  assert.deepEqual(problemsOf('nighly'), [
    'running "nighly": there is no such job; did you mean "nightly"?',
    'job definitions: both, fair, free, tool',
    'schedules: changed, elsewhere, nightly, of, tool, zoned',
  ]);
});

test('a job definition goes where schedules and topics send it, or where it is told to', () => {
  const { submission } = request('jobDefinitions.tool');
  assert.match(submission.jobName, /^tool-by-hand-20261125T184000Z-/);
  assert.equal(submission.jobQueue, 'unit-main');
  assert.deepEqual(problemsOf('free'), [
    'running job definition "free": no schedule and no topic submits it, so config does not say where it goes; say --queue with one of main, other, shared',
  ]);
  assert.match(problemsOf('both')[0] ?? '', /submit it to more than one queue; say --queue with one of main, other$/);
  assert.deepEqual(problemsOf('both', {}, { queue: 'mian' }), [
    'submitting to queue "mian": config has no such queue; did you mean "main"?',
  ]);
  assert.equal(request('both', {}, { queue: 'other' }).submission.jobQueue, 'unit-other');
});

test('a queue of shares gets the share that config knows, or the one that is said', () => {
  assert.equal(request('fair').submission.shareIdentifier, 'red');
  assert.equal(request('fair', {}, { share: 'blue' }).submission.shareIdentifier, 'blue');
  assert.match(
    problemsOf('free', {}, { queue: 'shared' })[0] ?? '',
    /divides what it has by shares, and none is known for this job; say --share$/,
  );
});

test('everything that AWS would refuse is said at once, before anything is submitted', () => {
  assert.deepEqual(
    problemsOf('nightly', {
      set: { AWS_BATCH_JOB_ID: '1', '1A': 'x', LARGE: 'x'.repeat(31_000) },
      param: {},
      name: 'no spaces',
      array: 10_001,
    }).map((problem) => problem.replace('running schedule "nightly": ', '')),
    [
      '--set AWS_BATCH_JOB_ID: must not begin with AWS_BATCH: these names belong to Batch',
      '--set 1A: must be a variable name: letters, digits and "_", not beginning with a digit',
      '--name no spaces: must begin with a letter or digit and hold at most 128 letters, digits, "-" and "_"',
      '--array 10001: must be a whole number from 2 to 10000, or 1 for a plain job',
      'variables and command make 31161 characters, and a container takes 8192; put what is large into S3 and set its key',
      'the submission is 31320 bytes, and Batch takes 30720',
    ],
  );
});

test('a parameter without a place and an array of one are done, and said to be what they are', () => {
  const { submission, notes } = request('nightly', { param: { day: 'x', typo: 'y' }, array: 1 });
  assert.equal(submission.arrayProperties, undefined);
  assert.match(notes[0] ?? '', /^--param typo: job definition "tool" has neither a Ref::typo in its command/);
  assert.equal(notes[1], '--array 1: an array has at least 2 children; submitting one plain job');
  assert.deepEqual(request('nightly', { array: 2 }).submission.arrayProperties, { size: 2 });
});
