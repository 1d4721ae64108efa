import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { builtScript } from '../support/built-script.ts';
import { readWorkflow } from './files.ts';
import { runBash } from './runner/shell.ts';

const { steps = [] } = readWorkflow('.github/workflows/apply-environment.yml').jobs['apply'] ?? {};
const apply = steps.find(({ name }) => name === 'Apply the plan')?.run ?? '';

/** What apply is started with. */
async function startedWith(t: TestContext, permits: string) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-permits-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'npm'), '#!/bin/sh\necho "$@"\n');
  chmodSync(join(folder, 'npm'), 0o755);
  const env = {
    PATH: `${folder}:${process.env['PATH']}`,
    ENVIRONMENT: 'staging',
    PERMITS: permits,
    RUNNER_TEMP: folder,
  };
  const { code, log } = await runBash(apply, { cwd: folder, temporary: folder, env });
  return { code, log: log.replaceAll(folder, '') };
}

const plain = 'run --silent reconcile -- apply --environment staging --plan /plan/plan.json';

test('apply is started with the plan, and with what was permitted by hand', async (t) => {
  assert.deepEqual(await startedWith(t, ''), { code: 0, log: `${plain}\n` });
  const flags = ['--allow-deletions', '--allow-protected', '--delete-objects', '--terminate-jobs'];
  assert.deepEqual(await startedWith(t, flags.join(' ')), { code: 0, log: `${plain} ${flags.join(' ')}\n` });
  const help = execFileSync(process.execPath, [builtScript('reconcile'), 'apply', '--help'], { encoding: 'utf8' });
  for (const flag of flags) assert.ok(help.includes(` ${flag} `), flag);
});

test('nothing else gets in with the permits', async (t) => {
  for (const [permits, flag] of [
    ['--yes', '--yes'],
    ['--allow-deletions --config=/tmp', '--config=/tmp'],
    ['*', '*'],
    ['$(exit 3)', '$(exit'],
  ] as const) {
    assert.deepEqual(await startedWith(t, permits), { code: 1, log: `::error::nothing is permitted by ${flag}\n` });
  }
});
