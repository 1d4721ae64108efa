import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { LocalProcess } from './local-process.ts';

/** The address of a feed that is never answered: whoever reads it is still reading when the interruption comes. */
async function endlessFeed(t: TestContext): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    // The reader is killed, which may reset the connection.
    sockets.push(socket.on('error', () => socket.destroy()).resume());
  }).listen(0, '127.0.0.1');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}/feed.xml`;
}

test('Ctrl-C while a job runs ends the job and everything else, and says no more', async (t) => {
  const process = new LocalProcess(t, ['start', '--feed', await endlessFeed(t)]);
  const before = await process.printed(/^ {2}\d\d:\d\d:\d\d {2}RUNNING .*\n/m);
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
  assert.match(out, /^(secret .*\n)*plan {3}\d+ resources to create\n$/);
  await process.assertNothingLeft();
});
