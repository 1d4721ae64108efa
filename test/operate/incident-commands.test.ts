import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import test from 'node:test';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { configFolder } from '../support/reconcile-command.ts';

/** A command as people run it, with nobody at the keyboard. */
const run = (args: readonly string[], endpoint: string) =>
  new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), NO_COLOR: '1', AWS_ENDPOINT_URL: endpoint };
    const child = execFile(process.execPath, ['--import', 'tsx/esm', ...args], { env }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });

test('replay and pause are commands with flags of their own, and end with their exit codes', async (t) => {
  await using local = await startLocalAws({ region: 'eu-central-1' });
  const config = configFolder(t);
  const [replay, wrong, pause] = await Promise.all([
    run(['scripts/replay.ts', '-c', config, '--json', '--limit', '2', '--id', 'aaaa', '--id', 'bbbb'], local.endpoint),
    run(['scripts/replay.ts', '-c', config, '--limit', 'no'], local.endpoint),
    run(['scripts/pause.ts', '-c', config, '--reason', 'it is down', '--yes'], local.endpoint),
  ]);
  assert.deepEqual([replay.code, replay.out], [1, '']);
  assert.match(
    replay.err,
    /^looking for dead letters of shop\/local: the id of none begins with "aaaa" or "bbbb"; there are no others$/m,
  );
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /option '--limit <number>' argument 'no' is invalid\. write a number from 1 on/);
  assert.deepEqual([pause.code, pause.out], [1, '']);
  assert.match(pause.err, /^pausing shop\/local: there is no bucket "shop-state-000000000000-eu-central-1"/);
});
