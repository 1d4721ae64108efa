import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Section as ConfigSection } from '../config/schema.ts';

/** A section of config that something which exists can be described in. */
export type Section = Exclude<ConfigSection, 'buckets'>;

/** What exists, as config would say it. */
export interface Entry {
  readonly section: Section;
  /** Its name in AWS. */
  readonly name: string;
  /** The fields of the entry, before defaults are left out. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A name for an entry: letters, digits and "-", like the name in AWS and like no other of `taken`. */
export function entryName(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 50);
  const base = plain === '' ? 'entry' : plain;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const;

/** `90` → `90s`, `3600` → `1h` */
export function durationText(seconds: number): string {
  const [unit, size] = units.find(([, size]) => seconds % size === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}

/** References begin with `${`; what only looks like one is written so that it stays what it is. */
export function literal(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, literal(inner)]));
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** The entry without the fields that the schema would fill in just so. */
export function withoutDefaults(schema: z.ZodType, fields: Entry['fields']): Entry['fields'] {
  const given = Object.entries(fields).filter(([, value]) => !isEmpty(value));
  const whole = schema.parse(Object.fromEntries(given));
  const needed = given.filter(([name]) => {
    const { success, data } = schema.safeParse(Object.fromEntries(given.filter(([other]) => other !== name)));
    return !success || !isDeepStrictEqual(data, whole);
  });
  return Object.fromEntries(needed);
}
