import { AwsError } from '../../wire/errors.ts';

/** IAM's answer to any document that it cannot read. */
export const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);

export const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One string or a list of them. @throws AwsError MalformedPolicyDocument */
export function stringsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const strings = list.filter((each) => typeof each === 'string');
  if (strings.length < list.length) throw malformed('Syntax errors in policy.');
  return strings;
}
