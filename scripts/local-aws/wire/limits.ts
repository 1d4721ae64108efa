/** Lengths, ranges, patterns and enums of a service's API. The SDK's schemas do not hold them; AWS enforces them. */
import { AwsError } from './errors.ts';
import type { Shape } from './shape.ts';

export interface Limit {
  /** Of numbers their value, of texts their length, of lists and maps their size. */
  readonly min?: number;
  readonly max?: number;
  /** A regular expression that the whole text must match. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** Structure → member → its limit; `member[]` speaks of a list's items, `member{}` of a map's values, `member{key}` of its keys. */
export type LimitTable = Readonly<Record<string, Readonly<Record<string, Limit>>>>;

export interface Limits {
  /** As in AWS's API model; what only AWS's pages tell is the service's own to check. */
  readonly structures: LimitTable;
  /** The error in the service's own code and words. */
  readonly refuse: (violations: readonly Violation[]) => AwsError;
}

export interface Violation {
  /** AWS's spelling: `targets.1.member.input`. */
  readonly path: string;
  readonly value: unknown;
  /** AWS does not repeat what is secret. */
  readonly isSensitive: boolean;
  /** `have length less than or equal to 64`, to follow "must". */
  readonly rule: string;
}

const compiled = new Map<string, RegExp>();

/** Anchored, because AWS matches the whole text. Only `\p{L}` asks for the unicode flag, which many patterns would break. */
function patternOf(source: string): RegExp {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const pattern = new RegExp(`^(?:${source})$`, source.includes('\\p{') ? 'u' : '');
  compiled.set(source, pattern);
  return pattern;
}

/** The rules that a value breaks, in the order in which AWS tells them. */
export function brokenRules(limit: Limit, shape: Shape, value: unknown): readonly string[] {
  const rules: string[] = [];
  if (typeof value === 'string' && limit.enum?.includes(value) === false)
    rules.push(`satisfy enum value set: [${limit.enum.join(', ')}]`);
  if (typeof value === 'string' && limit.pattern !== undefined && !patternOf(limit.pattern).test(value))
    rules.push(`satisfy regular expression pattern: ${limit.pattern}`);
  const size = sizeOf(value);
  const measure = shape.kind === 'number' ? 'value' : 'length';
  if (size !== undefined && limit.max !== undefined && size > limit.max)
    rules.push(`have ${measure} less than or equal to ${limit.max}`);
  if (size !== undefined && limit.min !== undefined && size < limit.min)
    rules.push(`have ${measure} greater than or equal to ${limit.min}`);
  return rules;
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

/** The sentence that most of AWS's services share. */
export function describe(violations: readonly Violation[]): string {
  const noun = violations.length === 1 ? 'error' : 'errors';
  const sentences = violations.map(
    ({ path, value, isSensitive, rule }) =>
      `Value${isSensitive ? '' : ` ${display(value)}`} at '${path}' failed to satisfy constraint: Member must ${rule}`,
  );
  return `${violations.length} validation ${noun} detected: ${sentences.join('; ')}`;
}

function display(value: unknown): string {
  if (value === undefined) return 'null';
  return `'${Array.isArray(value) ? `[${value.map(itemText).join(', ')}]` : itemText(value)}'`;
}

const itemText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** What most services do: all violations in one sentence, under the service's code for it. */
export const refuseWith =
  (code: string): Limits['refuse'] =>
  (violations) =>
    new AwsError(code, describe(violations));
