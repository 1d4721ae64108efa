import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

export interface BuilderCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Goes to the program's standard input, and is blotted out of whatever the program prints. */
  readonly secret?: string;
}

/** Who waits for a build: they can stop it, and hear every line it prints. */
export interface BuildListener {
  readonly signal: AbortSignal;
  line(text: string): void;
}

type BuilderChild = ChildProcessByStdio<Writable, Readable, Readable>;

/** How long a stopped builder may clean up, in milliseconds. */
const grace = 5_000;

/**
 * Runs a program of a container builder to its end and returns what it printed, in lines. Aborting stops it with all its
 * children, and throws the signal's reason once they are gone.
 * Throws with everything it printed when it fails; ENOENT of the system when it is not installed.
 */
export async function runBuilder(command: BuilderCommand, { signal, line }: BuildListener): Promise<string[]> {
  signal.throwIfAborted();
  const { program, args, environment, secret = '' } = command;
  // A group of its own, because a builder's children outlive it; Ctrl-C reaches it through the signal only.
  const child = spawn(program, args, { env: environment, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const printed: string[] = [];
  const hear = (raw: string): void => {
    const text = blotted(stripVTControlCharacters(raw).trimEnd(), secret);
    if (text === '') return;
    printed.push(text);
    line(text);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear);
  const stop = stopper(child);
  signal.addEventListener('abort', stop.begin, { once: true });
  try {
    const exit = await ended(child, secret);
    signal.throwIfAborted();
    if (exit === 0) return printed;
    const how = typeof exit === 'number' ? `exit code ${exit}` : exit;
    throw new Error([`${program} ${args[0]}: ${how}`, ...printed].join('\n'));
  } finally {
    signal.removeEventListener('abort', stop.begin);
    stop.end();
  }
}

const blotted = (text: string, secret: string): string => (secret === '' ? text : text.replaceAll(secret, '[secret]'));

/** The exit code, or the name of the signal that ended it, once all output is read. */
function ended(child: BuilderChild, input: string): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
    // EPIPE of a program that ended without reading: its exit code says why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Asks the whole group to end. What is left of it goes with its first process, or when the grace is over. */
function stopper(child: BuilderChild): { begin(): void; end(): void } {
  let deadline: NodeJS.Timeout | undefined;
  const finish = (): void => killGroup(child.pid, 'SIGKILL');
  return {
    begin: () => {
      child.once('exit', finish);
      killGroup(child.pid, 'SIGTERM');
      deadline = setTimeout(finish, grace);
    },
    end: () => clearTimeout(deadline),
  };
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: nobody of it is left. EPERM: macOS's answer for a group of zombies.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}
