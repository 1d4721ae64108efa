import { readFileSync } from 'node:fs';

/**
 * Bytes of memory that this process has had at most. Linux counts into `maxRSS` what the process was before it became
 * this program, so that it may be that of its parent; VmHWM is its own.
 */
export function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}
