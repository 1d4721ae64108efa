import { diff } from '../diff.ts';
import type { FieldDiff, Value } from '../kind.ts';
import { memberPath, namesFor } from '../paths.ts';
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

/**
 * `live -> desired`, on two lines when it is long. Of two very long values the part where they differ is shown: their
 * beginnings may well be the same.
 */
export function shownChange(live: Value | undefined, desired: Value | undefined): string {
  const [from, to] = [whole(live), whole(desired)];
  const common = commonLength(from, to);
  const skip = Math.max(from.length, to.length) > WIDTH && common > 40 ? common - 20 : 0;
  const part = (text: string): string => (skip === 0 ? folded(text) : folded(`…${text.slice(skip)}`));
  const [before, after] = [part(from), part(to)];
  return before.length + after.length > WIDTH ? `${before}\n      -> ${after}` : `${before} -> ${after}`;
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

const isShort = (list: readonly Value[]): boolean =>
  list.every((item) => !isFields(item) && !isList(item)) && whole(list).length <= WIDTH;

type Leaf = Pick<FieldDiff, 'path'> & { readonly value: Value | undefined };

/** Entries of a list by their names where they have some, else by their places. */
const entriesOf = (list: readonly Value[], path: string): (readonly [string, Value | undefined])[] => {
  const named = namesFor(list)?.(list, path);
  return named === undefined ? list.map((item, index) => [`${path}[${index}]`, item] as const) : [...named];
};

/**
 * Every value of a spec with its path: nested ones on lines of their own, so that none is hidden by the length of
 * another. Short lists of plain values stay together.
 */
export function leaves(value: Value | undefined, path: string): readonly Leaf[] {
  const inner = document(value) ?? value;
  if (isFields(inner) && Object.keys(inner).length > 0) {
    return Object.entries(inner).flatMap(([key, member]) => leaves(member, memberPath(path, key)));
  }
  if (isList(inner) && !isShort(inner)) return entriesOf(inner, path).flatMap(([at, item]) => leaves(item, at));
  return [{ path, value }];
}

/** How many entries two lists share at their beginnings. */
function commonEntries(live: readonly Value[], desired: readonly Value[]): number {
  const end = live.findIndex((item, index) => whole(item) !== whole(desired[index]));
  return end === -1 ? live.length : end;
}

/** Lists without names, of two lengths: what they share at both ends is left out, the rest compared in order. */
function openedLists(live: readonly Value[], desired: readonly Value[], path: string): readonly FieldDiff[] {
  const first = commonEntries(live, desired);
  const [from, to] = [live.slice(first), desired.slice(first)];
  const last = commonEntries(from.toReversed(), to.toReversed());
  const [removed, added] = [from.slice(0, from.length - last), to.slice(0, to.length - last)];
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, index) =>
    diff(removed[index], added[index], `${path}[${first + index}]`),
  )
    .flat()
    .flatMap(opened);
}

/**
 * A difference in as many lines as people need: a JSON document held as text is compared inside
 * (`policy › Statement[0].Action`), what comes or goes is shown with every value in it, of long lists only what differs.
 */
export function opened(field: FieldDiff): readonly FieldDiff[] {
  const { path, live, desired } = field;
  const [from, to] = [document(live), document(desired)];
  if ((isFields(from) && isFields(to)) || (isList(from) && isList(to))) {
    const inner = diff(from, to).map((each) => ({ ...each, path: `${path} › ${each.path}` }));
    return inner.length === 0 ? [field] : inner.flatMap(opened);
  }
  if (isList(live) && isList(desired) && !(isShort(live) && isShort(desired))) return openedLists(live, desired, path);
  if (live === undefined) return leaves(desired, path).map(({ value, ...at }) => ({ ...at, live, desired: value }));
  if (desired === undefined) return leaves(live, path).map(({ value, ...at }) => ({ ...at, live: value, desired }));
  return [field];
}
