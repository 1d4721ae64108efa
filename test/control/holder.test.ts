import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import test from 'node:test';
import { holderName, isDeadHolder } from '../../scripts/control/holder.ts';

test('a workflow on GitHub holds by the address of its run, a person by machine and process', () => {
  const github = {
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'shop/ops',
    GITHUB_RUN_ID: '42',
  };
  assert.equal(holderName(github), 'https://github.com/shop/ops/actions/runs/42');
  assert.ok(holderName({}).endsWith(`@${hostname()}, pid ${process.pid}`));
});

test('only a process of this machine can be known to be dead', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  const dead = holderName({}).replace(/\d+$/, String(pid));
  assert.equal(isDeadHolder(dead), true);
  assert.equal(isDeadHolder(holderName({})), false);
  assert.equal(isDeadHolder(dead.replace(`@${hostname()}`, '@elsewhere')), false);
  assert.equal(isDeadHolder('https://github.com/shop/ops/actions/runs/42'), false);
});
