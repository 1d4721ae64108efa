import type { FieldDiff } from '../reconcile/kind.ts';

/** The top-level fields of a spec that differ: `environment` for `environment.BUCKET`. */
export const changedFields = (fields: readonly FieldDiff[]): ReadonlySet<string> =>
  new Set(fields.map(({ path }) => path.replace(/[.[].*$/s, '')));
