import type { z } from 'zod';
import { Environment } from './environment-schema.ts';
import { choicesOf, code, either, typeOf } from './field-type.ts';
import { type Json, jsonSchema, type Part } from './json-schema.ts';
import { Config } from './schema.ts';

/** A field as the page tells of it. */
export interface Field {
  /** `submit.jobName`, `expire[].after` */
  readonly path: string;
  readonly type: string;
  /** What holds where nothing is said. */
  readonly absent: string;
  /** `undefined`: the field is ours. */
  readonly aws: string | undefined;
  readonly means: string;
}

interface Section {
  readonly about: string;
  readonly fields: readonly Field[];
}

/** A description begins with AWS's name for the field and a colon, or it is a sentence: then the field is ours. */
function split(description: string): Pick<Field, 'aws' | 'means'> {
  const [, aws, means = description] = /^([A-Za-z][\w.[\]]*): (.+)$/s.exec(description) ?? [];
  return { aws, means };
}

function absent(part: Json, required: boolean, isChoice: boolean): string {
  if (isChoice) return 'one of these';
  if (required) return '**required**';
  return part.default === undefined ? 'none' : code(part.default);
}

function field(path: string, part: Json, absence: string): Field {
  return { path, type: typeOf(part), absent: absence, ...split(part.description ?? '') };
}

/** The fields inside a value: of a map, of the entries of a list, of the values of a map that goes by names. */
function fieldsIn(part: Part, path: string): Field[] {
  if (typeof part === 'boolean') return [];
  const choices = choicesOf(part);
  if (choices !== undefined) return merged(choices.flatMap((choice) => fieldsOf(choice, path, isOneField(choice))));
  if (part.items !== undefined && !Array.isArray(part.items)) return fieldsIn(part.items, `${path}[]`);
  if (part.properties !== undefined) return fieldsOf(part, path, false);
  return part.additionalProperties === undefined ? [] : fieldsIn(part.additionalProperties, `${path}.NAME`);
}

/** A field that several choices have is told of once, with what it may be in any of them. */
function merged(fields: readonly Field[]): Field[] {
  const found = new Map<string, Field>();
  for (const next of fields) {
    const { type, absent: absence } = found.get(next.path) ?? next;
    const join = (one: string, other: string): string => either([...new Set([one, other])]);
    found.set(next.path, { ...next, type: join(type, next.type), absent: join(absence, next.absent) });
  }
  return [...found.values()];
}

const isOneField = ({ properties = {} }: Json): boolean => Object.keys(properties).length === 1;

const fieldsOf = ({ properties = {}, required = [] }: Json, path: string, isChoice: boolean): Field[] =>
  Object.entries(properties).flatMap(([name, part]) => {
    if (typeof part === 'boolean') return [];
    const inner = path === '' ? name : `${path}.${name}`;
    return [field(inner, part, absent(part, required.includes(name), isChoice)), ...fieldsIn(part, inner)];
  });

/** A section is a map that goes by names, a map of fields, or but one field. */
function section(name: string, part: Json, required: boolean): Section {
  const entry = part.properties === undefined ? part.additionalProperties : undefined;
  const inside = typeof entry === 'object' ? entry : part;
  const about = [...new Set([part.description, inside.description])].filter((text) => text !== undefined).join(' ');
  const fields = fieldsIn(inside, '');
  return { about, fields: fields.length > 0 ? fields : [field(name, part, absent(part, required, false))] };
}

/** Every field that a map of sections can have, by section, in the schema's order. */
export function sectionsOf(schema: z.ZodType): ReadonlyMap<string, Section> {
  const { properties = {}, required = [] } = jsonSchema(schema);
  return new Map(
    Object.entries(properties).flatMap(([name, part]): [string, Section][] =>
      typeof part === 'boolean' ? [] : [[name, section(name, part, required.includes(name))]],
    ),
  );
}

/** The sections of the config, and as `environment` what an environment file has itself. */
export const sections = (): ReadonlyMap<string, Section> =>
  new Map([...sectionsOf(Config), ['environment', section('environment', jsonSchema(Environment), true)]]);
