import { diff } from '../diff.ts';
import type { FieldDiff, Value } from '../kind.ts';
import { isFields, isList } from '../value.ts';
import { leaves } from './tree.ts';
import { documentIn, isShort, isSimpleList, whole } from './values.ts';

/** How many entries two lists share at their beginnings. */
function commonEntries(live: readonly Value[], desired: readonly Value[]): number {
  const end = live.findIndex((item, index) => whole(item) !== whole(desired[index]));
  return end === -1 ? live.length : end;
}

const without = (list: readonly Value[], others: readonly Value[]): Value[] => {
  const there = new Set(others.map(whole));
  return list.filter((item) => !there.has(whole(item)));
};

/** Plain values that only come and go, as those of a set do: each by itself. `undefined` where some change places. */
function comingAndGoing(live: readonly Value[], desired: readonly Value[], path: string): FieldDiff[] | undefined {
  const [gone, come] = [without(live, desired), without(desired, live)];
  if (whole(without(live, gone)) !== whole(without(desired, come)) || gone.length + come.length === 0) return undefined;
  return [
    ...gone.map((value) => ({ path: `${path}[]`, live: value, desired: undefined })),
    ...come.map((value) => ({ path: `${path}[]`, live: undefined, desired: value })),
  ];
}

/** Lists without names, of two lengths: what they share at both ends is left out, the rest compared in order. */
function openedLists(live: readonly Value[], desired: readonly Value[], path: string): readonly FieldDiff[] {
  const moved = isSimpleList(live) && isSimpleList(desired) ? comingAndGoing(live, desired, path) : undefined;
  if (moved !== undefined) return moved;
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

const isNothing = (value: Value | undefined): boolean => value === undefined || value === null;
const isContainer = (value: Value | undefined): boolean => isFields(value) || isList(value);

/**
 * A difference in as many lines as people need: a JSON document held as text is compared inside
 * (`policy › Statement[0].Action`), what comes or goes is shown with every value in it, of long lists only what differs.
 */
export function opened(field: FieldDiff): readonly FieldDiff[] {
  const { path, live, desired } = field;
  const [from, to] = [documentIn(live), documentIn(desired)];
  if ((isFields(from) && isFields(to)) || (isList(from) && isList(to))) {
    const inner = diff(from, to).map((each) => ({ ...each, path: `${path} › ${each.path}` }));
    return inner.length === 0 ? [field] : inner.flatMap(opened);
  }
  if (isList(live) && isList(desired) && !(isShort(live) && isShort(desired))) return openedLists(live, desired, path);
  if (live === undefined || (isNothing(live) && isContainer(desired))) {
    return leaves(desired, path).map(({ value, ...at }) => ({ ...at, live: undefined, desired: value }));
  }
  if (desired === undefined || (isNothing(desired) && isContainer(live))) {
    return leaves(live, path).map(({ value, ...at }) => ({ ...at, live: value, desired: undefined }));
  }
  return [field];
}
