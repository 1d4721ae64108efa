import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'node:test';
import { LocalProcess } from './local-process.ts';

const refusals: readonly (readonly [title: string, args: readonly string[], message: RegExp])[] = [
  [
    'a feed that does not exist',
    ['start', '--feed', 'no-such-feed.xml'],
    /^error: option '--feed <file\|url>' argument 'no-such-feed\.xml' is invalid\. there is no such file\n$/,
  ],
  ['an unknown option', ['start', '--quietly'], /^error: unknown option '--quietly'\n$/],
  ['a port that is none', ['up', '--port', '8700x'], /argument '8700x' is invalid\. a port is from 0 to 65535\n$/],
];
for (const [title, args, message] of refusals) {
  test(`${title} is refused in one line`, async (t) => {
    const { code, out, err } = await new LocalProcess(t, args).ended;
    assert.deepEqual({ code, out }, { code: 1, out: '' });
    assert.match(err, message);
  });
}

test('a port that is taken is told in one line, with the way out', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const address = other.address();
  assert.ok(typeof address === 'object' && address !== null);
  const process = new LocalProcess(t, ['up', '--port', String(address.port)]);
  assert.deepEqual(await process.ended, {
    code: 1,
    out: '',
    err: `starting the embedded AWS: listen EADDRINUSE: address already in use 127.0.0.1:${address.port}; another "npm run local" may be running; --port 0 takes free ports for everything\n`,
  });
  await process.assertNothingLeft();
});
