import assert from 'node:assert/strict';
import test from 'node:test';
import { edited, load, mistakes, small } from './folder.ts';

const over = (overrides: string) => edited('config/environments/test.yaml', 'variables:', `${overrides}variables:`);

test('an override changes the field it names and inherits the rest', (t) => {
  const { config } = load(t, over('jobDefinitions:\n  import:\n    memory: 2048\n    environment: { MODE: fast }\n'));
  assert.deepEqual(config.jobDefinitions['import'], {
    image: 'jobs/import',
    architecture: 'X86_64',
    protect: false,
    keepRevisions: 10,
    logOptions: {},
    mountPoints: [],
    platform: 'FARGATE',
    privileged: false,
    propagateTags: false,
    readonlyRootFilesystem: false,
    volumes: [],
    secrets: {},
    vcpus: 0.5,
    memory: 2048,
    attempts: 2,
    environment: { BUCKET: 'test-orders-012345678901-eu-west-1', MODE: 'fast' },
    grants: [{ read: 'bucket.orders' }, { publish: 'topic.imported' }],
  });
});

test('null removes what the config has: a field, so that a rate may take the place of a cron, or an entry', (t) => {
  const { config } = load(
    t,
    over('schedules:\n  nightly: { cron: null, rate: 1 day }\ntopics: { imported: { submit: ~ } }\n'),
  );
  assert.equal(config.schedules['nightly']?.cron, undefined);
  assert.equal(config.schedules['nightly']?.rate, '1 day');
  assert.deepEqual(config.topics, { imported: { protect: false } });
});

test('an entry that was only left empty removes nothing', (t) => {
  assert.deepEqual(mistakes(t, over('topics:\n  imported:\n')), [
    'config/environments/test.yaml:8:12 topics.imported: (nothing) must be a map of fields ({} for none)',
  ]);
});

test('a list replaces the list below it', (t) => {
  const { config } = load(t, over('jobDefinitions:\n  import:\n    grants: [{ write: bucket.orders }]\n'));
  assert.deepEqual(config.jobDefinitions['import']?.grants, [{ write: 'bucket.orders' }]);
});

test('a whole new entry may come with an environment', (t) => {
  const { config } = load(t, over('buckets:\n  archive: { versioning: true }\n'));
  assert.deepEqual(Object.keys(config.buckets), ['orders', 'archive']);
});

test('half an entry that the config does not have is taken for a slip of its name', (t) => {
  assert.deepEqual(mistakes(t, over('computeEnvironments:\n  fragate: { maxvCpus: 8 }\n')), [
    'config/environments/test.yaml:8:3 computeEnvironments.fragate.type: is missing: it must be FARGATE or FARGATE_SPOT or EC2 or SPOT; ' +
      '"computeEnvironments.fragate" has nothing in the base config (did you mean "fargate"?), and what is new needs all its fields',
  ]);
});

test('half a field of an entry that lacks it in the base config is taken for a slip there', (t) => {
  const files = over('schedules:\n  nightly: { submit: { jobName: other } }\n');
  const events = small['config/events.yaml'].replace('    submit:', '    sumbit:');
  const [first] = mistakes(t, { ...files, 'config/events.yaml': events });
  assert.equal(
    first,
    'config/environments/test.yaml:8:14 schedules.nightly.submit.jobQueue: is missing: it must be text; ' +
      '"schedules.nightly.submit" has nothing in the base config (did you mean "sumbit"?), and what is new needs all its fields',
  );
});

test('a mistake in an override is reported in the environment file, one below it in its own', (t) => {
  assert.deepEqual(mistakes(t, over('jobDefinitions:\n  import: { memory: 512 }\n')), [
    'config/environments/test.yaml:8:21 jobDefinitions.import.memory: 512 must be 1024, 2048, 3072 or 4096 (MiB) for 0.5 vCPU on Fargate',
  ]);
  assert.deepEqual(mistakes(t, over('jobDefinitions:\n  import: { vcpus: 1 }\n')), [
    'config/jobs.yaml:5:13 jobDefinitions.import.memory: 1024 must be 2048 to 8192 in steps of 1024 (MiB) for 1 vCPU on Fargate',
  ]);
});

test('an override of no section of the config is no field of an environment', (t) => {
  assert.deepEqual(mistakes(t, over('jobDefinitons: {}\n')), [
    'config/environments/test.yaml:7:1 jobDefinitons: is no field here; did you mean "jobDefinitions"?',
  ]);
});

test('the place of a field is asked for later, in the file that has the last word', (t) => {
  const { placeOf } = load(t, over('jobDefinitions:\n  import: { memory: 2048 }\n'));
  const lineOf = (...path: string[]): string => {
    const { file, line } = placeOf(path);
    return `${file.replace(/.*config\//, '')}:${line}`;
  };
  assert.equal(lineOf('jobDefinitions', 'import', 'memory'), 'environments/test.yaml:8');
  assert.equal(lineOf('jobDefinitions', 'import', 'vcpus'), 'jobs.yaml:4');
  assert.equal(lineOf('jobDefinitions', 'import', 'timeout'), 'jobs.yaml:2');
});
