/** One measured number. `aim` is what the README promises, in the same unit; lower is better unless said otherwise. */
export interface Figure {
  readonly bench: string;
  readonly what: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MB' | 'MB/s' | 'requests/s' | '%' | '×';
  readonly aim?: string;
}

/** A bench measures and returns figures; it asserts nothing, since machines differ. */
export interface Bench {
  readonly name: string;
  readonly about: string;
  run(say: (progress: string) => void): Promise<readonly Figure[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('the median of no values was asked for');
  return middle;
}
