import assert from 'node:assert/strict';
import test from 'node:test';
import type { RunEnd, Started } from './runner/workflow.ts';
import { logOf, summaryOf, workflowWorld } from './workflow-world.ts';

test('a job that is triggered streams its log and decides the run: one that succeeds, one that exits with 3, one that never starts', async (t) => {
  const { operations, run } = await workflowWorld(t);
  const trigger = (inputs: NonNullable<Started['inputs']>): Promise<RunEnd> =>
    run('trigger', {
      event: 'workflow_dispatch',
      commit: operations.main(),
      inputs: { environment: 'staging', queue: 'main', ...inputs },
    });
  const branch = await run('trigger', {
    event: 'workflow_dispatch',
    ref: 'refs/heads/more',
    commit: operations.main(),
    inputs: { environment: 'staging', job: 'greet' },
  });
  assert.equal(branch.result, 'failure');
  assert.match(
    logOf(branch, 'trigger'),
    /^::error::trigger runs from main only: .*\nProcess completed with exit code 1/,
  );

  // What is typed reaches the job as it is, and no shell.
  const good = await trigger({ job: 'greet', variables: 'WHOM=a b; $(exit 9) "c" \'*\'\\nEXIT_CODE=0\n' });
  assert.equal(good.result, 'success', logOf(good, 'trigger'));
  // What the job prints is no command to GitHub's runner.
  assert.match(logOf(good, 'trigger'), /^::stop-commands::([0-9a-f]{32})\n[\s\S]*\n│ hello[\s\S]*\n::\1::\n$/);
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
