import type { Value } from '../reconcile/kind.ts';
import { type Fields, isFields, isList, plainFields } from '../reconcile/value.ts';

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

/** Lists of AWS Batch whose order says nothing. */
const sets: ReadonlySet<string> = new Set([
  'devices',
  'environment',
  'mountPoints',
  'resourceRequirements',
  'secretOptions',
  'secrets',
  'securityGroupIds',
  'subnets',
  'tmpfs',
  'ulimits',
  'volumes',
]);

const isEmpty = (value: Value | undefined): boolean =>
  value === undefined ||
  value === null ||
  (isList(value) && value.length === 0) ||
  (isFields(value) && Object.keys(value).length === 0);

const byText = (a: Value, b: Value): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

function canonicalValue(value: Value | undefined, name: string): Value | undefined {
  if (isList(value)) {
    const items = value.map((item) => canonicalValue(item, '') ?? null);
    return sets.has(name) ? items.toSorted(byText) : items;
  }
  return isFields(value) ? canonicalFields(value) : value;
}

function canonicalFields(fields: Fields): Fields {
  const members = Object.entries(fields).map(([name, value]) => [name, canonicalValue(value, name)] as const);
  return Object.fromEntries(members.filter(([, value]) => !isEmpty(value)));
}

/**
 * AWS's fields in the one form that is compared: empty lists and maps, which AWS fills in as it likes, say nothing; sets
 * are sorted.
 */
export const canonical = (fields: object): Fields => canonicalFields(plainFields(fields));

/** The same fields without those that only repeat what holds anyway. */
export const without = (fields: Fields, defaults: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name])),
  );

/**
 * What AWS's answer has beside the fields that a spec tells of in its own words. With it a spec misses nothing that a hand
 * has changed, and an override of any field is compared like the rest.
 */
export const otherFields = (answer: object, known: readonly string[]): Fields =>
  canonical(Object.fromEntries(Object.entries(plainFields(answer)).filter(([name]) => !known.includes(name))));
