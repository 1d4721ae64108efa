import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { JobQueue } from '../../scripts/config/job-queue-schema.ts';
import { dumpExisting } from '../../scripts/control/commands/dump.ts';
import { importResource } from '../../scripts/control/commands/import.ts';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { entryName, withoutDefaults } from '../../scripts/dump/entry.ts';
import { commandsWorld } from '../control/commands-world.ts';
import { makeByHand } from './hand-made.ts';

/** An account in which things were made by hand, and a config that names none of them. */
async function handMade(t: TestContext) {
  const world = await commandsWorld(t);
  const credentials = { accessKeyId: 'person', secretAccessKey: 'person' };
  await makeByHand({ endpoint: world.endpoint, region: 'eu-central-1', credentials });
  const out = join(world.folder, 'found.yaml');
  const dumped = await world.run(() => dumpExisting({ ...world.flags, out }));
  const plan = async () => {
    const environment = await openEnvironment({
      directory: world.folder,
      environment: 'local',
      endpoint: world.endpoint,
    });
    try {
      return (await environment.plan()).changes.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`);
    } finally {
      environment.close();
    }
  };
  return { ...world, dumped, out, plan };
}

const found = [
  ['compute-environment', 'Prod_Fargate'],
  ['compute-environment', 'ec2-gpu'],
  ['scheduling-policy', 'fair'],
  ['job-queue', 'Prod_Queue'],
  ['job-queue', 'gpu'],
  ['job-definition', 'import_feed'],
  ['job-definition', 'train'],
  ['rule', 'Nightly.Import'],
  ['rule', 'uploads'],
  ['topic', 'Feed-Ready'],
] as const;

test('what a hand made is described so well that, once imported, a plan has nothing to change of it', async (t) => {
  const { dumped, flags, plan, run, settle } = await handMade(t);
  const warning =
    'jobDefinitions.import-feed.environment.API_TOKEN looks like a secret: put it into SSM or Secrets Manager, and name it under secrets\n';
  assert.deepEqual(dumped, { code: 0, out: '', err: `${warning}10 resources described, 1 left out\n` });
  for (const [kind, name] of found) {
    const { code, out, err } = await run(() => importResource(kind, name, { ...flags, yes: true }));
    assert.deepEqual({ code, err }, { code: 0, err: '' }, `${kind} ${name}`);
    assert.match(out, /is as config wants it\n/, out);
  }
  const names = new Set<string>(found.map(([, name]) => name));
  const concerned = (await plan()).filter((change) => names.has(change.split(' ')[2] ?? ''));
  assert.deepEqual(concerned, []);
  await settle();
  assert.deepEqual(await plan(), []);
});

test('where there is nothing to describe no file is written, which would be a mistake in the config', async (t) => {
  const world = await commandsWorld(t);
  const out = join(world.folder, 'found.yaml');
  const dumped = await world.run(() => dumpExisting({ ...world.flags, out }));
  assert.deepEqual(dumped, { code: 0, out: '', err: `0 resources described, so "${out}" was not written\n` });
  assert.equal(existsSync(out), false);
});

test('the dump reads like config that somebody wrote: names of its own, no defaults, what is not sayable in comments', async (t) => {
  const { out } = await handMade(t);
  const text = readFileSync(out, 'utf8');
  assert.match(
    text,
    /^# yaml-language-server: \$schema=config\.schema\.json\n# What exists and nobody owns, as config says it\..*\n# Left out of schedules: "idle": it has no target\n/,
  );
  assert.equal(
    text.slice(text.indexOf('jobQueues:'), text.indexOf('  gpu:')),
    `jobQueues:
  prod-queue:
    name: Prod_Queue
    priority: 7
    computeEnvironments:
      - prod-fargate
    timeLimits:
      - reason: MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE
        state: RUNNABLE
        action: CANCEL
        after: 90m
`,
  );
  // Read back, this is the shell's own variable again.
  assert.match(text, /echo \$\$\{HOME\} Ref::page/);
});

test('a dump goes into a file of its own: what was imported since the last one would be missing in its place', async (t) => {
  const { out, run, flags } = await handMade(t);
  const before = readFileSync(out, 'utf8');
  assert.deepEqual(await run(() => dumpExisting({ ...flags, out })), {
    ...{ code: 1, out: '' },
    err: `writing what exists to "${out}": there is such a file already; give another name to --out`,
  });
  assert.equal(readFileSync(out, 'utf8'), before);
  const nowhere = join(flags.config, 'nowhere', 'found.yaml');
  const { code, err } = await run(() => dumpExisting({ ...flags, out: nowhere }));
  assert.equal(code, 1);
  assert.match(err, new RegExp(`^writing what exists to "${nowhere}": ENOENT: [^\n]*$`));
});

test('what is ours already is not described again, and queues name it by its entry', async (t) => {
  const { batch, flags, run, settle } = await commandsWorld(t);
  await settle();
  const { computeEnvironments = [] } = await batch.describeComputeEnvironments({});
  const computeEnvironment = computeEnvironments[0]?.computeEnvironmentArn;
  await batch.createJobQueue({
    jobQueueName: 'beside',
    priority: 1,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment }],
  });
  const { out, err } = await run(() => dumpExisting(flags));
  assert.equal(err, '1 resource described\n');
  assert.equal(
    out.replace(/^(?:#.*\n)+/, ''),
    `jobQueues:
  beside:
    name: beside
    computeEnvironments:
      - fargate
`,
  );
});

test('an entry is called like the thing, in letters that config takes, and like no other', () => {
  assert.deepEqual(
    ['Prod_Queue', 'NightlyImport', '7up', '__', 'a'.repeat(80)].map((name) => entryName(name, new Set())),
    ['prod-queue', 'nightly-import', 'up', 'entry', 'a'.repeat(50)],
  );
  assert.equal(entryName('Feeds', new Set(['feeds', 'feeds-2'])), 'feeds-3');
});

test('only what the schema would not fill in just so is written', () => {
  const fields = { priority: 1, computeEnvironments: ['main'], state: 'ENABLED', timeLimits: [], override: {} };
  assert.deepEqual(withoutDefaults(JobQueue, fields), { computeEnvironments: ['main'] });
});
