import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { LineSplitter } from './output-lines.ts';

export interface ProcessCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Called with whole lines, standard output and standard error in the order they were written. */
  readonly onLines: (lines: readonly string[]) => void;
}

export interface ProcessGroup {
  readonly pid: number;
  /** The exit code, 128 + n for a signal; resolves once all its output has been handed over and the group is gone. */
  readonly exited: Promise<number>;
  /** SIGTERM goes to the first process alone, as `docker stop` sends it; SIGKILL to the whole group. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/**
 * Runs the command in a process group with a leash: a shell that waits on file descriptor 3, whose other end is ours. When
 * this process dies, however hard, the leash sees the end of it and kills the group. Standard error joins standard output
 * before the program starts, so that their order is kept.
 */
const leashed = '( (read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & ); exec "$@" 2>&1 3<&-';

/** How long, in milliseconds, the output of a group that is gone may take to end: a process that left the group can hold it. */
const outputGrace = 500;

/** Starts a command as the leader of a process group of its own; rejects when it cannot be started at all. */
export function startProcessGroup(command: ProcessCommand): Promise<ProcessGroup> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', leashed, 'sh', command.program, ...command.args], {
      cwd: command.workingDirectory,
      env: command.environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    const lines = new LineSplitter();
    const hand = (text: readonly string[]): void => {
      if (text.length > 0) command.onLines(text);
    };
    child.stdout?.setEncoding('utf8');
    child.stdout?.on('data', (chunk: string) => hand(lines.push(chunk)));
    child.once('error', reject);
    const exited = new Promise<number>((settle) => {
      let grace: NodeJS.Timeout | undefined;
      // The end of a container's first process is the end of the container.
      child.once('exit', () => {
        killGroup(child.pid);
        // What lies in the pipe is read in the turn of the event loop after the timer's.
        grace = setTimeout(() => setImmediate(() => child.stdout?.destroy()), outputGrace);
      });
      child.once('close', (code, signal) => {
        clearTimeout(grace);
        hand(lines.end());
        settle(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
    child.once('spawn', () => {
      const { pid } = child;
      if (pid === undefined) return;
      resolve({ pid, exited, kill: (signal) => (signal === 'SIGKILL' ? killGroup(pid) : child.kill(signal)) });
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** ESRCH: no such group. EPERM: macOS's answer for a group of zombies. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM');
}
