import { diff, memberPath } from '../diff.ts';
import type { FieldDiff, Value } from '../kind.ts';
import { isFields, isList, plain } from '../value.ts';

/** Longest value shown whole, in characters; enough for an ARN. */
const WIDTH = 120;

const whole = (value: Value | undefined): string => (value === undefined ? '(none)' : JSON.stringify(value));

const folded = (text: string): string =>
  text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 20)}… (${text.length} characters)`;

/** One value, cut when it is long. */
export const shown = (value: Value | undefined): string => folded(whole(value));

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** `live -> desired`. Of two long values the part where they differ is shown: their beginnings may well be the same. */
export function shownChange(live: Value | undefined, desired: Value | undefined): string {
  const [from, to] = [whole(live), whole(desired)];
  const common = commonLength(from, to);
  const skip = Math.max(from.length, to.length) > WIDTH && common > 40 ? common - 20 : 0;
  const part = (text: string): string => (skip === 0 ? folded(text) : folded(`…${text.slice(skip)}`));
  return `${part(from)} -> ${part(to)}`;
}

function document(value: Value | undefined): Value | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return plain(JSON.parse(value));
  } catch {
    // Text that only looks like JSON is shown as text.
    return undefined;
  }
}

const isPlain = (value: Value): boolean => !isFields(value) && !isList(value);

/**
 * Every value of a spec with its path: nested ones on lines of their own, so that none is hidden by the length of
 * another. Short lists of plain values stay together.
 */
export function leaves(value: Value | undefined, path: string): readonly { path: string; value: Value | undefined }[] {
  const inner = document(value) ?? value;
  if (isFields(inner) && Object.keys(inner).length > 0) {
    return Object.entries(inner).flatMap(([key, member]) => leaves(member, memberPath(path, key)));
  }
  if (isList(inner) && !(inner.every(isPlain) && whole(inner).length <= WIDTH)) {
    return inner.flatMap((item, index) => leaves(item, `${path}[${index}]`));
  }
  return [{ path, value }];
}

/** A field that holds a JSON document as text is compared inside: `policy › Statement[0].Action`. */
export function opened(field: FieldDiff): readonly FieldDiff[] {
  const [live, desired] = [document(field.live), document(field.desired)];
  const alike = (isFields(live) && isFields(desired)) || (isList(live) && isList(desired));
  const inner = alike ? diff(live, desired) : [];
  if (inner.length === 0) return [field];
  return inner.map(({ path, ...values }) => ({
    path: path === '' ? field.path : `${field.path} › ${path}`,
    ...values,
  }));
}
