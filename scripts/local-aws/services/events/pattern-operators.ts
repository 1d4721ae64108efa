import { BlockList, isIP } from 'node:net';
import { isObject } from '../json.ts';

/** Why a pattern is none; each service says it in its own words. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** What one entry of a pattern's list asks: that the field has no value, or something of any one of its values. */
export type Matcher =
  | { readonly kind: 'absent' }
  | { readonly kind: 'value'; readonly test: (value: unknown) => boolean };

type Test = (value: unknown) => boolean;

/**
 * Reads one entry of a list: a value, which must be equal, or an operator.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function parseMatcher(entry: unknown): Matcher {
  if (!isObject(entry)) return { kind: 'value', test: equal(entry) };
  const [name, operand] = onlyEntry(entry);
  if (name === 'exists') {
    if (typeof operand !== 'boolean') throw new PatternError('exists match pattern must be either true or false.');
    return operand ? { kind: 'value', test: () => true } : { kind: 'absent' };
  }
  if (name === 'anything-but') return { kind: 'value', test: anythingBut(operand) };
  return { kind: 'value', test: operator(name, operand) };
}

function onlyEntry(entry: Readonly<Record<string, unknown>>): readonly [string, unknown] {
  const [first, ...more] = Object.entries(entry);
  if (first === undefined || more.length > 0) throw new PatternError('Only one key allowed in match expression');
  return first;
}

function operator(name: string, operand: unknown): Test {
  switch (name) {
    case 'prefix':
      return affix(name, operand, (value, text) => value.startsWith(text));
    case 'suffix':
      return affix(name, operand, (value, text) => value.endsWith(text));
    case 'equals-ignore-case':
      return ofText(name, operand, (value, text) => value.toLowerCase() === text.toLowerCase());
    case 'wildcard':
      return wildcard(operand);
    case 'numeric':
      return numeric(operand);
    case 'cidr':
      return cidr(operand);
    default:
      throw new PatternError(`Unrecognized match type ${name}`);
  }
}

function equal(expected: unknown): Test {
  if (Array.isArray(expected)) throw new PatternError('Match value must be String, number, true, false, or null');
  return (value) => value === expected;
}

function ofText(name: string, operand: unknown, test: (value: string, text: string) => boolean): Test {
  if (typeof operand !== 'string') throw new PatternError(`${name} match pattern must be a string`);
  return (value) => typeof value === 'string' && test(value, operand);
}

function affix(name: string, operand: unknown, test: (value: string, text: string) => boolean): Test {
  if (!isObject(operand)) return ofText(name, operand, test);
  const [inner, text] = onlyEntry(operand);
  if (inner !== 'equals-ignore-case') throw new PatternError(`Unsupported ${name} pattern: ${inner}`);
  return ofText(inner, text, (value, expected) => test(value.toLowerCase(), expected.toLowerCase()));
}

/** A value, a list of values, or an operator over one text or several, none of which may hold. */
function anythingBut(operand: unknown): Test {
  if (isObject(operand)) {
    const [name, inner] = onlyEntry(operand);
    if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(name)) {
      throw new PatternError(`Unsupported anything-but pattern: ${name}`);
    }
    const tests = (Array.isArray(inner) ? inner : [inner]).map((each) => operator(name, each));
    return (value) => tests.every((test) => !test(value));
  }
  const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  const comparable = excluded.filter((each) => typeof each === 'string' || typeof each === 'number');
  if (comparable.length === 0 || comparable.length < excluded.length)
    throw new PatternError('Value of anything-but must be an array or single string/number value.');
  return (value) => !excluded.includes(value);
}

/** `*` stands for any number of characters, `\*` and `\\` for themselves. */
function wildcard(operand: unknown): Test {
  if (typeof operand !== 'string') throw new PatternError('wildcard match pattern must be a string');
  const parts: readonly string[] = operand.match(/\\[*\\]|[^\\]|\\/gs) ?? [];
  if (parts.includes('\\')) throw new PatternError('Invalid escape character in wildcard match pattern');
  if (parts.some((part, index) => part === '*' && parts[index + 1] === '*')) {
    throw new PatternError('Consecutive wildcard characters in wildcard match pattern');
  }
  const literal = (part: string): string => part.replace(/^\\/s, '').replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const expression = new RegExp(`^${parts.map((part) => (part === '*' ? '.*' : literal(part))).join('')}$`, 'su');
  return (value) => typeof value === 'string' && expression.test(value);
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `[">", 0, "<=", 5]`: one comparison, or one from below and one from above. */
function numeric(operand: unknown): Test {
  if (!Array.isArray(operand) || ![2, 4].includes(operand.length)) {
    throw new PatternError('Value of numeric must be an array of one or two comparisons.');
  }
  const list: readonly unknown[] = operand;
  const tests = list.flatMap((sign, index) => {
    if (index % 2 === 1) return [];
    const compare = typeof sign === 'string' && Object.hasOwn(comparisons, sign) ? comparisons[sign] : undefined;
    const bound = list[index + 1];
    if (compare === undefined) throw new PatternError(`Unrecognized numeric range operator: ${sign}`);
    if (typeof bound !== 'number') throw new PatternError('Value of numeric operator must be a number.');
    return [(value: number) => compare(value, bound)];
  });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function cidr(operand: unknown): Test {
  const [address = '', bits = '', ...more] = typeof operand === 'string' ? operand.split('/') : [];
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > longest || more.length > 0) {
    throw new PatternError(`Malformed CIDR, one '/' required: ${operand}`);
  }
  const family = (ip: number): 'ipv4' | 'ipv6' => (ip === 4 ? 'ipv4' : 'ipv6');
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family(version));
  return (value) => typeof value === 'string' && isIP(value) !== 0 && range.check(value, family(isIP(value)));
}
