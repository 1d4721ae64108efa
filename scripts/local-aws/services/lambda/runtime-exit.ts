/** Signals as Go, in which Lambda's own supervisor is written, spells them. */
const signals: ReadonlyMap<number, string> = new Map([
  [6, 'aborted'],
  [9, 'killed'],
  [11, 'segmentation fault'],
  [15, 'terminated'],
]);

/** Lambda's words for a process that ended before it had answered; the exit code is 128 + n for a signal. */
export function exitReason(exitCode: number): string {
  if (exitCode === 0) return 'Runtime exited without providing a reason';
  if (exitCode <= 128) return `Runtime exited with error: exit status ${exitCode}`;
  const signal = exitCode - 128;
  return `Runtime exited with error: signal: ${signals.get(signal) ?? `signal ${signal}`}`;
}
