/**
 * Checks of JSON by hand, each throwing with the path of what is wrong. A schema library would be most of the bundle,
 * and every cold start would load it.
 */

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (what: string, value: unknown, expected: string): Error =>
  new Error(`${what} is ${value === undefined ? 'missing' : JSON.stringify(value)}; it must be ${expected}`);

/** An object; with `known`, one that has no other fields. */
export function objectOf(value: unknown, what: string, known?: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw wrong(what, value, 'an object');
  const unknown = Object.keys(value).filter((key) => known?.includes(key) === false);
  if (unknown.length > 0)
    throw new Error(`${what} has the unknown field ${unknown.join(', ')}; known: ${known?.join(', ')}`);
  return value;
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(what, value, 'a list');
  return value;
}

/** Text, or a number or boolean as text. AWS refuses anything but strings in environment variables and parameters. */
export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw wrong(what, value, 'a string, a number or a boolean');
}

export const entriesOf = (value: unknown, what: string): [string, string][] =>
  Object.entries(objectOf(value, what)).map(([key, each]) => [key, textOf(each, `${what}.${key}`)]);
