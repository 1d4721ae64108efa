import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { Batch } from '@aws-sdk/client-batch';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { FakeGitHub, ids, repository } from './fake-github.ts';
import { account, environments, OperationsRepository } from './operations-repository.ts';
import { createHost, type Host } from './runner/host.ts';
import { type RunEnd, runWorkflow, type Started } from './runner/workflow.ts';

/** What an administrator does once for an environment. */
async function bootstrap({ programs, endpoint }: Host, cwd: string, environment: string): Promise<void> {
  const args = ['--environment', environment, '--repository', repository, '--yes'];
  const known = ['--owner-id', String(ids.owner), '--repository-id', String(ids.repository)];
  await promisify(execFile)(
    join(programs, 'node'),
    ['--import', 'tsx/esm', 'scripts/bootstrap.ts', ...args, ...known],
    { cwd, env: { PATH: process.env['PATH'], HOME: cwd, AWS_ENDPOINT_URL: endpoint } },
  );
}

/** A repository, GitHub, and an account in which both environments are as the first commit says. */
async function world(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-workflows-'));
  const aws = await startLocalAws({ account, region: 'eu-central-1' });
  const github = await FakeGitHub.start();
  const operations = new OperationsRepository(folder);
  const credentials = { accessKeyId: 'person', secretAccessKey: 'person' };
  const batch = new Batch({ endpoint: aws.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
  t.after(async () => {
    batch.destroy();
    await github[Symbol.asyncDispose]();
    await aws.close();
    rmSync(folder, { recursive: true });
  });
  const { endpoint } = aws;
  const host = createHost({ folder, remote: operations.remote, github, endpoint });
  for (const environment of environments) {
    const directory = join(operations.folder, 'config');
    await bootstrap(host, operations.folder, environment);
    const opened = await openEnvironment({ directory, environment, endpoint, root: operations.folder });
    await opened.apply(await opened.plan(), () => {}).finally(() => opened.close());
  }
  const run = (name: string, started: Omit<Started, 'ref'> & { readonly ref?: string }): Promise<RunEnd> =>
    runWorkflow(host, name, { ref: 'refs/heads/main', ...started });
  return { operations, github, batch, run };
}

const results = ({ jobs }: RunEnd): Readonly<Record<string, string>> =>
  Object.fromEntries([...jobs].map(([name, { result }]) => [name, result]));

const logOf = ({ jobs }: RunEnd, name: string): string => jobs.get(name)?.log ?? assert.fail(name);
const summaryOf = ({ jobs }: RunEnd, name: string): string => jobs.get(name)?.summary ?? assert.fail(name);

const pullRequest = (commit: string): Started => ({
  event: 'pull_request',
  ref: 'refs/pull/1/merge',
  commit,
  payload: {
    pull_request: {
      number: 1,
      user: { login: 'somebody' },
      head: { sha: commit, repo: { full_name: repository } },
    },
  },
});

/** What a plan of the change below says, without its digest. */
const planOf = (environment: string): string => `<!-- baton-plan:${environment} -->
### Plan for <code>shop/${environment}</code>: 1 to update; 8 unchanged

<b>~ update</b> job-queue <code>${environment}-main</code>

\`\`\`diff
- priority: 1
+ priority: 5
\`\`\`
`;

const digest = /\n<sub>digest <code>[0-9a-f]{16}<\/code><\/sub>\n/;

test('a change of YAML is planned on its pull request, applied when it is merged, and then there is nothing to do', async (t) => {
  const { operations, github, batch, run } = await world(t);
  const commit = operations.change('more', 'config/shop.yaml', 'priority: 1', 'priority: 5');

  const planned = await run('plan', pullRequest(commit));
  assert.deepEqual(results(planned), {
    validate: 'success',
    'plan staging': 'success',
    'plan production': 'success',
    comment: 'success',
  });
  const byline = `\n<sub>of commit ${commit.slice(0, 10)}, by [this run](https://github.com/${repository}/actions/runs/1)</sub>\n`;
  assert.deepEqual(
    github.bodies(1).map((body) => body.replace(digest, '')),
    environments.map((environment) => `${planOf(environment)}${byline}`),
  );
  assert.equal(summaryOf(planned, 'plan staging').replace(digest, ''), planOf('staging'));

  const priorities = async () => {
    const { jobQueues = [] } = await batch.describeJobQueues({});
    return Object.fromEntries(jobQueues.map(({ jobQueueName = '', priority }) => [jobQueueName, priority]));
  };
  assert.deepEqual(await priorities(), { 'staging-main': 1, 'production-main': 1 });

  const early = await run('apply', { event: 'workflow_dispatch', ref: 'refs/heads/more', commit });
  assert.deepEqual(results(early), {
    'staging / plan': 'failure',
    'staging / apply': 'skipped',
    production: 'skipped',
  });
  assert.match(logOf(early, 'staging / plan'), /^::error::apply runs from main only/);

  github.reviewers.set('production', 1);
  const merged = operations.merge('more');
  const approved: unknown[] = [];
  const applied = await run('apply', {
    event: 'push',
    commit: merged,
    onApproval: async (environment) => {
      approved.push([environment, await priorities()]);
    },
  });
  assert.deepEqual(results(applied), {
    'staging / plan': 'success',
    'staging / apply': 'success',
    'production / plan': 'success',
    'production / apply': 'success',
  });
  // One environment after the other, each when it was approved.
  assert.deepEqual(approved, [
    ['staging', { 'staging-main': 1, 'production-main': 1 }],
    ['production', { 'staging-main': 5, 'production-main': 1 }],
  ]);
  assert.deepEqual(await priorities(), { 'staging-main': 5, 'production-main': 5 });
  assert.match(
    summaryOf(applied, 'production / apply'),
    /^### Applied to production in \d+ s\n\n {4}~ job-queue production-main: done in \d+\.\d s\n {4}1 applied in \d+\.\d s\n$/,
  );

  // Somebody changes production behind the config, and once more while the plan waits for its approval.
  const change = async (priority: number): Promise<void> => {
    await batch.updateJobQueue({ jobQueue: 'production-main', priority });
  };
  await change(7);
  const again = await run('apply', { event: 'push', commit: merged, onApproval: () => change(9) });
  assert.deepEqual(results(again), {
    'staging / plan': 'success',
    'staging / apply': 'skipped',
    'production / plan': 'success',
    'production / apply': 'failure',
  });
  assert.match(
    summaryOf(again, 'staging / plan'),
    /^<!-- .* -->\nNo changes: <code>shop\/staging<\/code> is as the config/,
  );
  const refused = summaryOf(again, 'production / apply');
  assert.match(
    refused,
    /^### Applying to production failed after \d+ s\n\nWhat is done stays\. To go on, choose \*\*Re-run all jobs/,
  );
  assert.match(
    refused,
    / {4}applying to shop\/production: the plan in .* is not what would be done now; nothing was changed/,
  );
  assert.match(refused, / {4}job-queue production-main: was changed since\n {8}~ priority: 7 -> 9\n/);
  assert.equal((await priorities())['production-main'], 9);

  const drift = await run('drift', { event: 'schedule', commit: merged });
  assert.equal(drift.result, 'success');
  assert.deepEqual(
    github.issues.map(({ title }) => title),
    ['Drift in production'],
  );
  assert.match(github.issues[0]?.body ?? '', /\n- priority: 9\n\+ priority: 5\n/);
});

test('a job that is triggered streams its log and decides the run: one that succeeds, one that exits with 3, one that never starts', async (t) => {
  const { operations, run } = await world(t);
  const trigger = (inputs: NonNullable<Started['inputs']>): Promise<RunEnd> =>
    run('trigger', {
      event: 'workflow_dispatch',
      commit: operations.main(),
      inputs: { environment: 'staging', queue: 'main', ...inputs },
    });
  // What is typed reaches the job as it is, and no shell.
  const good = await trigger({ job: 'greet', variables: 'WHOM=a b; $(exit 9) "c" \'*\'\\nEXIT_CODE=0\n' });
  assert.equal(good.result, 'success', logOf(good, 'trigger'));
  assert.match(logOf(good, 'trigger'), / RUNNING\b[\s\S]*\n│ hello, a b; \$\(exit 9\) "c" '\*'\n[\s\S]*SUCCEEDED/);
  assert.match(
    summaryOf(good, 'trigger'),
    /^### SUCCEEDED [\s\S]*\nJob `[0-9a-f-]{36}` in queue `staging-main`[\s\S]*\n\| 1 of 1 \| \S+Z \| \S+Z \| \d+\.\d s \| 0 \|/,
  );

  const bad = await trigger({ job: 'greet', variables: 'WHOM=them\r\nEXIT_CODE=3' });
  assert.equal(bad.result, 'failure');
  assert.match(logOf(bad, 'trigger'), /\n│ hello, them\n[\s\S]*\nProcess completed with exit code 3\.\n$/);
  assert.match(
    summaryOf(bad, 'trigger'),
    /^### FAILED [\s\S]*\n\| 1 of 1 \| .* \| 3 \| Essential container in task exited \|\n/,
  );

  const none = await trigger({ job: 'absent' });
  assert.equal(none.result, 'failure');
  assert.match(logOf(none, 'trigger'), /\nProcess completed with exit code 1\.\n$/);
  assert.match(summaryOf(none, 'trigger'), /^### FAILED .*: never started: .*CannotPullContainerError: /);
});
