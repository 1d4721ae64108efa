import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const hasProc = existsSync('/proc/self/task');
const run = promisify(execFile);

/** How often a container's memory is looked at, in milliseconds of real time: a process grows by the wall's clock. */
const interval = hasProc ? 250 : 1_000;

/** Watches a process and all its descendants; calls once when together they hold more than `limit` bytes. */
export function watchResidentMemory(pid: number, limit: number, onExceeded: () => void): { stop(): void } {
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    clearInterval(timer);
  };
  const judge = (bytes: number): void => {
    if (stopped || bytes <= limit) return;
    stop();
    onExceeded();
  };
  const timer = setInterval(() => {
    if (hasProc) judge(residentBytes(pid));
    else residentBytesByPs(pid).then(judge, stop);
  }, interval);
  timer.unref();
  return { stop };
}

function residentBytes(pid: number): number {
  const status = readProc(`/proc/${pid}/status`);
  const own = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  return childrenOf(pid).reduce((sum, child) => sum + residentBytes(child), own);
}

function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    readProc(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .filter((each) => each !== '')
      .map(Number),
  );
}

function threadsOf(pid: number): string[] {
  return existsSync(`/proc/${pid}/task`) ? withoutTheGone(() => readdirSync(`/proc/${pid}/task`), []) : [];
}

const readProc = (path: string): string => withoutTheGone(() => readFileSync(path, 'utf8'), '');

/** A process may end between two looks at it: what is gone holds nothing. */
function withoutTheGone<T>(look: () => T, absent: T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return absent;
    throw error;
  }
}

/** Where there is no /proc (macOS): one table of all processes. */
async function residentBytesByPs(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-axo', 'pid=,ppid=,rss=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const bytesOf = (parent: number): number =>
    rows
      .filter(([, ppid]) => ppid === parent)
      .reduce((sum, [child = 0, , kilobytes = 0]) => sum + kilobytes * 1024 + bytesOf(child), 0);
  const own = rows.find(([each]) => each === pid)?.[2] ?? 0;
  return own * 1024 + bytesOf(pid);
}
