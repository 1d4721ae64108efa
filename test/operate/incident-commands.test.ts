import assert from 'node:assert/strict';
import test from 'node:test';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { configFolder, type Ended, startCommand } from '../support/reconcile-command.ts';

/** A command with nobody at the keyboard. */
const run = (command: string, args: readonly string[], endpoint: string): Promise<Ended> =>
  startCommand(command, args, endpoint).ended;

test('replay and pause are commands with flags of their own, and end with their exit codes', async (t) => {
  await using local = await startLocalAws({ region: 'eu-central-1' });
  const config = configFolder(t);
  const [replay, wrong, pause] = await Promise.all([
    run('replay', ['-c', config, '--json', '--limit', '2', '--id', 'aaaa', '--id', 'bbbb'], local.endpoint),
    run('replay', ['-c', config, '--limit', 'no'], local.endpoint),
    run('pause', ['-c', config, '--reason', 'it is down', '--yes'], local.endpoint),
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
