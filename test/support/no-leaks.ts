/** Preloaded into every test file's process: whatever is still open or running once its tests are done fails the file. */
import { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { after } from 'node:test';

/** Milliseconds that sockets and timers get to close after the last test. */
const grace = 1_000;

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && !child.killed && child.exitCode === null && child.signalCode === null;

const hasProcess = (message: unknown): message is { process: ChildProcess } =>
  typeof message === 'object' && message !== null && 'process' in message && message.process instanceof ChildProcess;

if (process.env['NODE_TEST_CONTEXT'] !== undefined) {
  const children = new Set<ChildProcess>();
  subscribe('child_process', (message) => {
    if (hasProcess(message)) children.add(message.process);
  });
  after(() => {
    setTimeout(() => {
      console.error(`still open after the last test: ${process.getActiveResourcesInfo().join(', ')}`);
      process.exit(1);
    }, grace).unref();
  });
  process.on('exit', () => {
    for (const child of [...children].filter(isRunning)) {
      console.error(`child process left running: ${child.pid} ${child.spawnargs.join(' ')}`);
      child.kill('SIGKILL');
      process.exitCode = 1;
    }
  });
}
