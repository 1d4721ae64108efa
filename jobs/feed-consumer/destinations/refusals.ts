import type { RefusedLine } from './destination.ts';

/** What an answer says of single records; `broken`: it is no whole JSON; `foreign`: it is not `{ "rejected": [{ "index": 3 }] }`. */
export type Refusals = readonly RefusedLine[] | 'broken' | 'foreign';

/** Reads what an answer says of single records, in its order and as often as it says it. */
export function refusalsIn(json: string): Refusals {
  const answer = parsed(json);
  if (answer === undefined) return 'broken';
  if (!isAnswer(answer)) return 'foreign';
  return answer.rejected.map((refusal) => ({ index: refusal.index, reason: reasonIn(refusal) }));
}

interface Refusal {
  readonly index: number;
  readonly reason?: unknown;
}

const isAnswer = (value: unknown): value is { readonly rejected: readonly Refusal[] } =>
  typeof value === 'object' &&
  value !== null &&
  'rejected' in value &&
  Array.isArray(value.rejected) &&
  value.rejected.every(isRefusal);

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' &&
  value !== null &&
  'index' in value &&
  typeof value.index === 'number' &&
  Number.isSafeInteger(value.index) &&
  value.index >= 0;

/** Its reason, or what it has in the place of one. */
function reasonIn({ index: _, reason, ...rest }: Refusal): string {
  if (typeof reason === 'string' && reason !== '') return reason;
  const told = written(reason === undefined || reason === null || reason === '' ? rest : reason);
  return told === '{}' ? 'it gave no reason' : told;
}

/** `JSON.parse` takes any depth, and `JSON.stringify` has a call for each. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return 'it gave a reason that is nested too deep to be told';
    throw error;
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
