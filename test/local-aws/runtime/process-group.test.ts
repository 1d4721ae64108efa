import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import test from 'node:test';
import { startProcessGroup } from '../../../scripts/local-aws/runtime/process-group.ts';

const start = (args: readonly string[], onLines: (lines: readonly string[]) => void = () => undefined) =>
  startProcessGroup({ program: process.execPath, args, workingDirectory: tmpdir(), environment: {}, onLines });

test('the exit code is the program’s, or 128 and the signal that ended it', async () => {
  assert.equal(await (await start(['-e', 'process.exit(3)'])).exited, 3);
  const killed = await start(['-e', 'setInterval(() => {}, 1e6)']);
  killed.kill('SIGKILL');
  assert.equal(await killed.exited, 137);
});

test('all output has been handed over when the exit is known, also a last line without its end', async () => {
  const lines: string[] = [];
  const group = await start(['-e', 'process.stdout.write("x\\n".repeat(20000) + "end")'], (more) =>
    lines.push(...more),
  );
  await group.exited;
  assert.deepEqual([lines.length, lines.at(-1)], [20_001, 'end']);
});

test('a process that left the group does not keep its end from being known', { timeout: 10_000 }, async () => {
  const leaver = `
    const options = { detached: true, stdio: ['ignore', 'inherit', 'inherit'] };
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], options);
    console.log(child.pid);
    process.exit(4);
  `;
  const lines: string[] = [];
  const group = await start(['-e', leaver], (more) => lines.push(...more));
  assert.equal(await group.exited, 4);
  process.kill(Number(lines[0]), 'SIGKILL');
});

test('arguments reach the program as they are, whatever a shell would make of them', async () => {
  const lines: string[] = [];
  const args = ['$HOME `id` "a" \'b\'', '*', '', '--x=1; exit 9'];
  const group = await start(['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...args], (more) =>
    lines.push(...more),
  );
  assert.equal(await group.exited, 0);
  assert.deepEqual(JSON.parse(lines.join('')), args);
});

test('a command that cannot be started is an error', async () => {
  const group = startProcessGroup({
    ...{ program: 'true', args: [], environment: {}, onLines: () => undefined },
    workingDirectory: '/nonexistent/folder',
  });
  await assert.rejects(group, { code: 'ENOENT' });
});

test('a group dies with the process that started it, even when that is killed hard', { timeout: 10_000 }, async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  // The program keeps a connection open: its end is the end of the program.
  const program = `require('node:net').connect(${address.port}, '127.0.0.1').on('error', () => {}); setInterval(() => {}, 1e6)`;
  const parent = spawn(process.execPath, ['--import', 'tsx/esm', '--input-type=module', '-e', starterOf(program)], {
    stdio: 'ignore',
  });
  const connection = await new Promise<Socket>((resolve) => server.once('connection', resolve));
  const closed = once(connection.on('error', () => undefined).resume(), 'close');
  parent.kill('SIGKILL');
  await closed;
  server.close();
});

const starterOf = (program: string): string => `
  const { startProcessGroup } = await import('./scripts/local-aws/runtime/process-group.ts');
  await startProcessGroup({
    program: process.execPath, args: ['-e', ${JSON.stringify(program)}], workingDirectory: '/', environment: {}, onLines() {},
  });
`;
