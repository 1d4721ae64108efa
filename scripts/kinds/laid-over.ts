import type { Value } from '../reconcile/kind.ts';
import { type Fields, isFields } from '../reconcile/value.ts';

/** Lays AWS's own fields over a request: maps merge, `null` takes a field away, everything else replaces. */
export function laidOver(request: Fields, override: Fields): Fields {
  const result: Record<string, Value | undefined> = { ...request };
  for (const [name, value] of Object.entries(override)) {
    const below = result[name];
    if (value === null) delete result[name];
    else result[name] = isFields(value) ? laidOver(isFields(below) ? below : {}, value) : value;
  }
  return result;
}
