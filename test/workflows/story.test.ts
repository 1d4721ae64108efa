import assert from 'node:assert/strict';
import test from 'node:test';
import { repository } from './fake-github.ts';
import { environments } from './operations-repository.ts';
import type { Started } from './runner/workflow.ts';
import { logOf, results, summaryOf, workflowWorld } from './workflow-world.ts';

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
  const { operations, github, batch, run } = await workflowWorld(t);
  const before = operations.main();
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

  // Somebody changes production behind the config, and once more while the plan waits for its approval. What is run again is
  // the run of a commit that main has left behind: it does not bring that back.
  const change = async (priority: number): Promise<void> => {
    await batch.updateJobQueue({ jobQueue: 'production-main', priority });
  };
  await change(7);
  const again = await run('apply', { event: 'push', commit: before, onApproval: () => change(9) });
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
