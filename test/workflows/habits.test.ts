import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '../../scripts/config/load.ts';
import { actionFiles, type Job, pinnedActions, readAction, readWorkflow, type Step, workflowFiles } from './files.ts';

const workflows = new Map(workflowFiles.map((file) => [file, readWorkflow(file)]));
const actions = new Map(actionFiles.map((file) => [`./${file.replace('/action.yml', '')}`, readAction(file)]));
const texts = [...workflowFiles, ...actionFiles].map((file) => [file, readFileSync(file, 'utf8')] as const);

interface Placed<T> {
  readonly where: string;
  readonly it: T;
}

const jobs: readonly Placed<Job>[] = [...workflows].flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([name, it]) => ({ where: `${file} ${name}`, it })),
);
const steps: readonly Placed<Step>[] = [
  ...jobs.flatMap(({ where, it }) => it.steps.map((step) => ({ where, it: step }))),
  ...[...actions].flatMap(([where, { runs }]) => runs.steps.map((step) => ({ where, it: step }))),
];

const workflow = (name: string) => workflows.get(`.github/workflows/${name}.yml`) ?? assert.fail(name);

const job = (name: string, of: string): Job => workflow(name).jobs[of] ?? assert.fail(`${name} ${of}`);

/** Places of what a test does not want. */
const places = <T>(all: readonly Placed<T>[], isBad: (it: T) => boolean): readonly string[] =>
  all.filter(({ it }) => isBad(it)).map(({ where, it }) => `${where}: ${JSON.stringify(it)}`);

test('every action of others is pinned by the commit of the table, with its tag in a comment, and none is in vain', () => {
  const used = texts.flatMap(([file, text]) =>
    [...text.matchAll(/uses: (?!\.\/)(.*)/g)].map(([, uses = '']) => ({ file, uses })),
  );
  const expected = Object.entries(pinnedActions).map(([name, { commit, tag }]) => `${name}@${commit} # ${tag}`);
  assert.deepEqual(
    used.filter(({ uses }) => !expected.includes(uses)),
    [],
  );
  assert.deepEqual([...new Set(used.map(({ uses }) => uses))].sort(), expected.sort());
});

test('a workflow may do nothing but what a job says that it needs, with the reason', () => {
  for (const [file, { permissions }] of workflows) assert.deepEqual(permissions, {}, file);
  for (const [file, text] of texts) {
    const granted = text.split('\n').filter((line) => /^ +[a-z-]+: (read|write)\b/.test(line));
    assert.deepEqual(
      granted.filter((line) => !/: (read|write) # to \w+/.test(line)),
      [],
      file,
    );
  }
});

test('no job that may write to GitHub can become a role, and installs no packages', () => {
  const writing = jobs.filter(({ it }) =>
    Object.entries(it.permissions).some(([name, access]) => access === 'write' && name !== 'id-token'),
  );
  assert.equal(writing.length, 2);
  assert.deepEqual(
    places(
      writing,
      ({ permissions, steps: own }) =>
        'id-token' in permissions || own.some(({ uses, run }) => uses?.startsWith('./') || run?.includes('npm')),
    ),
    [],
  );
});

test('nothing that somebody typed reaches a shell but as a variable', () => {
  assert.deepEqual(
    places(steps, ({ run }) => run?.includes('${{') === true),
    [],
  );
  assert.deepEqual(
    texts
      .filter(([, text]) =>
        /pull_request_target|github\.actor|github\.head_ref|secrets\./.test(text.replaceAll(/# .*/g, '')),
      )
      .map(([file]) => file),
    [],
  );
});

test('no checkout leaves its token behind, and no job with credentials of AWS takes packages from a cache', () => {
  const checkouts = steps.filter(({ it }) => it.uses?.startsWith('actions/checkout@'));
  assert.ok(checkouts.length >= jobs.filter(({ it }) => it.uses === undefined).length);
  assert.deepEqual(
    places(checkouts, (step) => step.with['persist-credentials'] !== 'false'),
    [],
  );
  assert.deepEqual(
    places(jobs, (each) => 'id-token' in each.permissions && each.steps.some((step) => 'cache' in step.with)),
    [],
  );
});

test('each shell stops at the first failure, also inside a pipe', () => {
  for (const { where, it } of jobs) {
    const shell = workflows.get(where.split(' ')[0] ?? '')?.defaults?.run.shell;
    if (it.steps.some(({ run }) => run !== undefined)) assert.equal(shell, 'bash', where);
  }
  for (const [where, { runs }] of actions)
    assert.deepEqual(
      runs.steps.filter(({ run, shell }) => run !== undefined && shell !== 'bash'),
      [],
      where,
    );
});

test('what is handed to actions of this repository is what they take', () => {
  const calls = steps.filter(({ it }) => it.uses?.startsWith('./'));
  assert.ok(calls.length > 5);
  for (const { where, it } of calls) {
    const inputs = actions.get(it.uses ?? '')?.inputs ?? assert.fail(`${where}: there is no ${it.uses}`);
    assert.deepEqual(
      Object.keys(it.with).filter((name) => !Object.hasOwn(inputs, name)),
      [],
      where,
    );
    for (const [name, { required }] of Object.entries(inputs))
      assert.ok(!required || name in it.with, `${where} ${name}`);
  }
});

const environments = readdirSync('config/environments')
  .filter((file) => file.endsWith('.yaml') && file !== 'local.yaml')
  .map((file) => file.replace('.yaml', ''))
  // As they are applied.
  .sort((a, b) => Number(a === 'production') - Number(b === 'production') || (a < b ? -1 : 1));

test('the environments are those of config', () => {
  for (const [name, of] of [
    ['plan', 'plan'],
    ['drift', 'plan'],
  ] as const)
    assert.deepEqual(job(name, of).strategy?.matrix, { environment: environments });
  const listed = steps.flatMap(({ it }) => it.env['ENVIRONMENTS'] ?? []);
  assert.deepEqual(
    listed,
    Array.from({ length: 3 }, () => environments.join(' ')),
  );
  const inputOf = (name: string) => workflow(name).on.workflow_dispatch?.inputs['environment'];
  assert.deepEqual(inputOf('trigger')?.options, environments);
  assert.deepEqual(inputOf('apply')?.options, ['all', ...environments]);
  const applied = Object.entries(workflow('apply').jobs);
  assert.deepEqual(
    applied.map(([name, { with: given, needs }]) => [name, given['environment'], needs]),
    environments.map((name, at) => [name, name, environments.slice(Math.max(0, at - 1), at)]),
  );
  assert.equal(job('apply', 'production').with['needs-reviewer'], 'true');
});

test('the jobs to choose from are the job definitions and the schedules of config, in whatever order', () => {
  const offered = workflow('trigger').on.workflow_dispatch?.inputs['job']?.options ?? [];
  for (const environment of environments) {
    const { jobDefinitions, schedules } = loadConfig({ directory: 'config', environment }).config;
    const startable = Object.entries(schedules).flatMap(([name, { submit }]) => (submit === undefined ? [] : [name]));
    // Of a name that is both, the command asks which.
    const choices = [
      ...Object.keys(jobDefinitions).map((name) => (startable.includes(name) ? `jobDefinitions.${name}` : name)),
      ...startable.map((name) => (Object.hasOwn(jobDefinitions, name) ? `schedules.${name}` : name)),
    ];
    const expected = `the options of job in .github/workflows/trigger.yml, for ${environment}: ${choices.join(', ')}`;
    assert.deepEqual(offered.toSorted(), choices.toSorted(), expected);
  }
});

test('what is planned in a pull request is what is applied when it is merged', () => {
  const { paths = [], branches } = workflow('plan').on.pull_request ?? {};
  assert.deepEqual(workflow('apply').on.push, { branches, paths });
  assert.deepEqual(
    paths.filter((path) => !existsSync(path.replace('/**', ''))),
    [],
  );
});

test('whatever is applied is planned and applied from where main is then, not where it was when the run began', () => {
  const ofRuns = jobs.filter(({ where }) => where.includes('/apply-environment.yml'));
  const refs = ofRuns.flatMap(({ it }) =>
    it.steps.flatMap(({ uses, with: { ref } }) => (uses?.startsWith('actions/checkout@') ? [ref] : [])),
  );
  assert.deepEqual(refs, ['main', 'main']);
});

test('only an apply waits for another of its environment, and none is broken off', () => {
  const grouped = jobs.filter(({ it }) => it.concurrency !== undefined);
  assert.deepEqual(
    grouped.map(({ where, it }) => [where, it.concurrency, it.environment]),
    [
      [
        '.github/workflows/apply-environment.yml apply',
        { group: `apply-\${{ inputs.environment }}`, 'cancel-in-progress': 'false' },
        `\${{ inputs.environment }}`,
      ],
    ],
  );
  for (const name of ['apply', 'apply-environment', 'trigger']) assert.equal(workflow(name).concurrency, undefined);
});

test('every command that a step runs is there', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(parse(readFileSync('package.json', 'utf8')));
  const run = steps.flatMap(({ it }) =>
    [...(it.run ?? '').matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name]) => name),
  );
  assert.ok(run.length > 5);
  assert.deepEqual(
    run.filter((name) => name === undefined || !Object.hasOwn(scripts, name)),
    [],
  );
  const files = steps.flatMap(({ it }) => [...(it.run ?? '').matchAll(/node (\S+\.ts)/g)].map(([, file = '']) => file));
  assert.deepEqual(
    files.filter((file) => !existsSync(file)),
    [],
  );
});

test('every job that runs steps ends by itself', () => {
  assert.deepEqual(
    places(jobs, (each) => each.uses === undefined && each['timeout-minutes'] === undefined),
    [],
  );
});

test('Dependabot looks at packages, actions and the base image of every job; config has owners', () => {
  const { updates } = parse(readFileSync('.github/dependabot.yml', 'utf8'));
  assert.ok(Array.isArray(updates));
  const watched = new Map<string, readonly string[]>(
    updates.map((each) => [each['package-ecosystem'], each.directories ?? [each.directory]]),
  );
  assert.deepEqual([...watched.keys()], ['npm', 'github-actions', 'docker']);
  assert.deepEqual(watched.get('github-actions'), ['/', '/.github/actions/*']);
  assert.deepEqual(watched.get('docker'), ['/jobs/*']);
  const dockerfiles = readdirSync('.', { recursive: true, encoding: 'utf8' }).filter(
    (file) => /(^|\/)Dockerfile$/.test(file) && !file.startsWith('node_modules'),
  );
  assert.deepEqual(
    dockerfiles.filter((file) => !/^jobs\/[^/]+\/Dockerfile$/.test(file)),
    [],
  );
  assert.match(readFileSync(join('.github', 'CODEOWNERS'), 'utf8'), /^\/config\/ +@\S+/m);
});
