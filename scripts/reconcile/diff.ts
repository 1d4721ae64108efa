import type { FieldDiff, Value } from './kind.ts';
import { isFields, isList } from './value.ts';

/** `environment.BUCKET`; keys that are no plain words go into brackets: `tags["a.b"]`. */
export const memberPath = (path: string, key: string): string => {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
};

/** Lists of one length are compared place by place; of two lengths, only the whole can be shown. */
const comparable = (live: readonly Value[], desired: readonly Value[]): boolean =>
  live.length === desired.length && [...live, ...desired].every((item) => isFields(item));

/**
 * Every difference between live and desired, sorted by path. Both are plain data; an absent member and `undefined` are
 * the same. Lists are ordered: what AWS treats as a set, `toSpec` has sorted.
 */
export function diff(live: Value | undefined, desired: Value | undefined, path = ''): readonly FieldDiff[] {
  if (isFields(live) && isFields(desired)) {
    const keys = [...new Set([...Object.keys(live), ...Object.keys(desired)])].sort();
    return keys.flatMap((key) => diff(live[key], desired[key], memberPath(path, key)));
  }
  if (isList(live) && isList(desired)) {
    if (comparable(live, desired)) {
      return live.flatMap((item, index) => diff(item, desired[index], `${path}[${index}]`));
    }
    const same = live.length === desired.length && live.every((item, index) => diff(item, desired[index]).length === 0);
    return same ? [] : [{ path, live, desired }];
  }
  return live === desired ? [] : [{ path, live, desired }];
}
