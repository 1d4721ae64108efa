import type { Call } from '../aws/clients.ts';

/** Requests to AWS, counted by service and operation; an operation that is repeated counts each time. */
export interface CallCount {
  readonly onCall: (call: Call) => void;
  /** Lines for people, sorted, ending in the sum. */
  render(): string;
}

export function countCalls(): CallCount {
  const start = performance.now();
  const counts = new Map<string, number>();
  const render = (): string => {
    const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const width = Math.max(0, ...rows.map(([name]) => name.length));
    const sum = rows.reduce((total, [, count]) => total + count, 0);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    return [
      ...rows.map(([name, count]) => `${name.padEnd(width)}  ${String(count).padStart(5)}`),
      `${sum} calls to AWS in ${seconds} s`,
    ].join('\n');
  };
  return {
    onCall: ({ service, operation }) => {
      const name = `${service} ${operation}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    render,
  };
}
