import { AwsError } from '../../wire/errors.ts';
import { isFields, malformed, stringsOf } from './policy-syntax.ts';

type Test = (value: string, expected: string) => boolean;

/** `*` is any text, `?` one character. */
export function globTest(pattern: string): (value: string) => boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
  return (value) => expression.test(value);
}

export const glob = (value: string, pattern: string): boolean => globTest(pattern)(value);

/** Part by part, so that a wildcard does not reach over a colon; the resource part may hold colons of its own. */
function globArn(value: string, pattern: string): boolean {
  const parts = (arn: string): string[] => /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(arn)?.slice(1) ?? [];
  const values = parts(value);
  const patterns = parts(pattern);
  return values.length > 0 && patterns.length > 0 && values.every((part, i) => glob(part, patterns[i] ?? ''));
}

const equal: Test = (value, expected) => value === expected;
const equalIgnoringCase: Test = (value, expected) => value.toLowerCase() === expected.toLowerCase();

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators: ReadonlyMap<string, { readonly test: Test; readonly negated?: true }> = new Map([
  ['StringEquals', { test: equal }],
  ['StringNotEquals', { test: equal, negated: true }],
  ['StringEqualsIgnoreCase', { test: equalIgnoringCase }],
  ['StringNotEqualsIgnoreCase', { test: equalIgnoringCase, negated: true }],
  ['StringLike', { test: glob }],
  ['StringNotLike', { test: glob, negated: true }],
  ['ArnEquals', { test: globArn }],
  ['ArnLike', { test: globArn }],
  ['ArnNotEquals', { test: globArn, negated: true }],
  ['ArnNotLike', { test: globArn, negated: true }],
  ['Bool', { test: equalIgnoringCase }],
]);

export interface Condition {
  /** One of the operators above. */
  readonly operator: string;
  /** The suffix IfExists: a key that the request does not have meets the condition. */
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}
/** What a request is known by; keys are matched without regard to case, as AWS does. */
export type RequestContext = Readonly<Record<string, string>>;

/** @throws AwsError MalformedPolicyDocument; NotImplemented for an operator that would otherwise silently decide. */
export function parseConditions(block: unknown): readonly Condition[] {
  if (block === undefined) return [];
  if (!isFields(block)) throw malformed('Syntax errors in policy.');
  return Object.entries(block).flatMap(([name, keys]) => {
    const operator = name.replace(/IfExists$/, '');
    if (!operators.has(operator))
      throw new AwsError(
        'NotImplemented',
        `The condition operator ${name} is not implemented by the embedded AWS`,
        501,
      );
    if (!isFields(keys)) throw malformed('Syntax errors in policy.');
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      ifExists: operator !== name,
      key: key.toLowerCase(),
      values: stringsOf(typeof values === 'boolean' ? String(values) : values),
    }));
  });
}

/** All conditions must hold; of a condition's values one is enough, of a negated condition's none may fit. */
export function holds(conditions: readonly Condition[], context: RequestContext): boolean {
  const known = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return conditions.every(({ operator, ifExists, key, values }) => {
    const { test, negated = false } = operators.get(operator) ?? { test: () => false };
    const value = known.get(key);
    if (value === undefined) return ifExists || negated;
    return values.some((expected) => test(value, expected)) !== negated;
  });
}
