import type { FieldDiff, Value } from './kind.ts';
import { memberPath, namesFor } from './paths.ts';
import { isFields, isList } from './value.ts';

/** Lists without names in them are compared place by place; of two lengths, only the whole can be told apart. */
const placeByPlace = (live: readonly Value[], desired: readonly Value[]): boolean =>
  live.length === desired.length && [...live, ...desired].every((item) => isFields(item));

function diffLists(live: readonly Value[], desired: readonly Value[], path: string): readonly FieldDiff[] {
  const whole = [{ path, live, desired }];
  const naming = namesFor(live, desired);
  if (naming !== undefined) {
    const [from, to] = [naming(live, path), naming(desired, path)];
    const inner = [...new Set([...from.keys(), ...to.keys()])]
      .sort()
      .flatMap((member) => diff(from.get(member), to.get(member), member));
    const moved = [...from.keys()].join() !== [...to.keys()].join();
    return inner.length === 0 && moved ? whole : inner;
  }
  if (placeByPlace(live, desired)) {
    return live.flatMap((item, index) => diff(item, desired[index], `${path}[${index}]`));
  }
  const same = live.length === desired.length && live.every((item, index) => diff(item, desired[index]).length === 0);
  return same ? [] : whole;
}

/**
 * Every difference between live and desired, sorted by path. Both are plain data; an absent member and `undefined` are
 * the same. Lists are ordered: what AWS treats as a set, `toSpec` has sorted. Where entries have names, a path has the
 * name (`environment.BUCKET`, `Statement[WriteLog]`), so that one entry more is one difference.
 */
export function diff(live: Value | undefined, desired: Value | undefined, path = ''): readonly FieldDiff[] {
  if (isFields(live) && isFields(desired)) {
    const keys = [...new Set([...Object.keys(live), ...Object.keys(desired)])].sort();
    return keys.flatMap((key) => diff(live[key], desired[key], memberPath(path, key)));
  }
  if (isList(live) && isList(desired)) return diffLists(live, desired, path);
  return live === desired ? [] : [{ path, live, desired }];
}

/** The top-level fields of a spec that differ: `environment` for `environment.BUCKET`. */
export const changedFields = (fields: readonly FieldDiff[]): ReadonlySet<string> =>
  new Set(fields.map(({ path }) => path.replace(/[.[].*$/s, '')));
