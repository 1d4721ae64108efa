import { readdirSync, readFileSync } from 'node:fs';

/** The highest resident memory (bytes) that a process of a tree reached, by its command line. Linux only: it reads /proc. */
export interface PeakMemory {
  readonly command: string;
  readonly bytes: number;
}

/** Watches a process and its descendants until stopped; short-lived children count as well as the sampling allows. */
export function watchMemory(root: number, everyMilliseconds = 50): { stop(): readonly PeakMemory[] } {
  const peaks = new Map<number, PeakMemory>();
  const sample = (): void => {
    for (const pid of descendants(root)) {
      const peak = readPeak(pid);
      if (peak !== undefined) peaks.set(pid, peak);
    }
  };
  const timer = setInterval(sample, everyMilliseconds);
  return {
    stop: () => {
      clearInterval(timer);
      return [...peaks.values()].sort((a, b) => b.bytes - a.bytes);
    },
  };
}

function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(Number(entry));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function parentOf(pid: number): number | undefined {
  const status = readProcFile(pid, 'status');
  return status === undefined ? undefined : Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
}

/** VmHWM is the kernel's own high-water mark, so that a peak between two samples is not missed. */
function readPeak(pid: number): PeakMemory | undefined {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readProcFile(pid, 'status') ?? '')?.[1];
  const command = readProcFile(pid, 'cmdline')?.split('\0').join(' ').trim();
  return kilobytes === undefined ? undefined : { command: command ?? String(pid), bytes: Number(kilobytes) * 1024 };
}

/** `undefined` once the process is gone, which may happen between any two reads. */
function readProcFile(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}
