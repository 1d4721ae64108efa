import assert from 'node:assert/strict';
import test from 'node:test';
import { LocalProcess } from './local-process.ts';

test('Ctrl-C while a job runs ends the job and everything else, and says no more', async (t) => {
  const process = new LocalProcess(t, ['start']);
  const before = await process.printed(/^ {2}03:00:0\d {2}RUNNING .*\n/m);
  // The job, the Lambda that submitted it, and the shells that hold their leashes.
  assert.notDeepEqual(process.running(), []);
  process.kill('SIGINT');
  assert.deepEqual(await process.ended, { code: 130, out: before, err: '' });
  await process.assertNothingLeft();
});

test('a request to end that comes while the config is applied leaves nothing either', async (t) => {
  const process = new LocalProcess(t, ['up', '--port', '0']);
  await process.printed(/^plan .*\n/m);
  process.kill('SIGTERM');
  const { code, out, err } = await process.ended;
  assert.deepEqual({ code, err }, { code: 143, err: '' });
  assert.match(out, /^plan {3}\d+ resources to create\n$/);
  await process.assertNothingLeft();
});
