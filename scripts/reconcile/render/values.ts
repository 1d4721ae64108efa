import type { Value } from '../kind.ts';
import { isFields, isList, plain } from '../value.ts';

/** Longest value shown whole, in characters; enough for an ARN. */
export const WIDTH = 120;

export const whole = (value: Value | undefined): string => (value === undefined ? '(none)' : JSON.stringify(value));

const folded = (text: string): string =>
  text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 20)}… (${text.length} characters)`;

/** One value, cut when it is long. */
export const shown = (value: Value | undefined): string => folded(whole(value));

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/**
 * Both sides of a difference, each cut when it is long. Of two very long values the part where they differ is shown:
 * their beginnings may well be the same.
 */
export function shownSides(live: Value | undefined, desired: Value | undefined): readonly [string, string] {
  const [from, to] = [whole(live), whole(desired)];
  const common = commonLength(from, to);
  const skip = Math.max(from.length, to.length) > WIDTH && common > 40 ? common - 20 : 0;
  const part = (text: string): string => (skip === 0 ? folded(text) : folded(`…${text.slice(skip)}`));
  return [part(from), part(to)];
}

/** JSON that a text holds. */
export function documentIn(value: Value | undefined): Value | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return plain(JSON.parse(value));
  } catch {
    // Text that only looks like JSON is shown as text.
    return undefined;
  }
}

const isSimple = (value: Value): boolean => !isFields(value) && !isList(value);

export const isSimpleList = (value: Value | undefined): value is readonly Value[] =>
  isList(value) && value.every(isSimple);

/** A list that is shown on one line. */
export const isShort = (list: readonly Value[]): boolean => isSimpleList(list) && whole(list).length <= WIDTH;
