import { z } from 'zod';

const things: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields ({} for none)',
  record: 'a map of names ({} for none)',
};

const counted: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

function sizeWording(origin: string, relation: string, limit: number | bigint): string {
  const unit = counted[origin];
  return unit === undefined ? `must be ${relation} ${limit}` : `must have ${relation} ${limit}${unit}`;
}

function typeWording(thing: string, input: unknown): string {
  if (input === undefined) return `is missing: it must be ${thing}`;
  const quotable = thing === 'text' && (typeof input === 'number' || typeof input === 'boolean');
  if (quotable) return 'must be text: put it in quotes';
  const unquotable =
    thing.endsWith('number') && typeof input === 'string' && input !== '' && !Number.isNaN(Number(input));
  return unquotable ? `must be ${thing}: take the quotes away` : `must be ${thing}`;
}

/** What would be right, for whatever a schema refuses; a message that the schema gives itself goes before this one. */
export const wording: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return typeWording(things[issue.expected] ?? issue.expected, issue.input);
    case 'invalid_value':
      return issue.input === undefined
        ? `is missing: it must be ${issue.values.join(' or ')}`
        : `must be ${issue.values.join(' or ')}`;
    case 'too_small':
      return sizeWording(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return sizeWording(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    default:
      return undefined;
  }
};

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema;
}

/** The names of the fields that the schema has at `path`; empty where it is no map of fields. */
export function fieldsAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  const [head, ...rest] = path;
  const here = unwrapped(schema);
  if (here instanceof z.ZodObject) {
    const fields = Object.entries(here.shape);
    if (head === undefined) return fields.map(([name]) => name);
    return fieldsAt(fields.find(([name]) => name === head)?.[1], rest);
  }
  if (here instanceof z.ZodRecord) return fieldsAt(here.valueType, rest);
  return here instanceof z.ZodArray ? fieldsAt(here.element, rest) : [];
}
