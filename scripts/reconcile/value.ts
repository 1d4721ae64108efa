import type { Value } from './kind.ts';

export type Fields = { readonly [key: string]: Value | undefined };

/** A list or a map; lists are told apart by Array.isArray, which does not narrow readonly ones. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !isList(value);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * A spec as plain data: keys sorted, undefined members left out, so that equal specs have equal JSON.
 * Throws on what JSON cannot carry (functions, dates, NaN): such a spec could not be compared.
 */
export function plain(value: unknown, path = ''): Value {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => plain(item, `${path}[${index}]`));
  const prototype: unknown = isObject(value) ? Object.getPrototypeOf(value) : undefined;
  if (isObject(value) && (prototype === Object.prototype || prototype === null)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    members.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(members.map(([key, member]) => [key, plain(member, `${path}.${key}`)]));
  }
  throw new Error(`a spec holds ${String(value)} at "${path}"; only what survives JSON can be compared`);
}

export function plainFields(spec: object): Fields {
  const value = plain(spec);
  if (!isFields(value)) throw new Error('a spec must be a map of fields');
  return value;
}
