/** JSON bodies to values and back, led by the shape; types are checked both ways. */
import { AwsError } from './errors.ts';
import { mismatch, readBase64, readTimestamp, writeBase64, writeTimestamp } from './scalars.ts';
import type { Shape, StructShape, TimestampShape } from './shape.ts';
import { isRecord } from './traits.ts';

const tokens = {
  string: 'STRING_VALUE',
  number: 'NUMBER_VALUE',
  boolean: 'BOOLEAN_VALUE',
  object: 'START_OBJECT',
} as const;
const wanted = {
  string: 'a String',
  number: 'a Number',
  boolean: 'a Boolean',
  timestamp: 'a Date',
  blob: 'a Blob',
  document: 'a Document',
  list: 'a List',
  map: 'a Map',
  struct: 'a Structure',
} as const satisfies Record<Shape['kind'], string>;

function unexpected(shape: Shape, json: unknown, path: string): AwsError {
  const type = typeof json;
  const token = Array.isArray(json)
    ? 'START_ARRAY'
    : type === 'string' || type === 'number' || type === 'boolean'
      ? tokens[type]
      : tokens.object;
  return new AwsError('SerializationException', `${token} can not be converted to ${wanted[shape.kind]} at '${path}'`);
}

/** The bytes of a body as JSON; an empty body is an empty object. Throws SerializationException. */
export function parseJson(shape: Shape, body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return fromJson(shape, JSON.parse(body.toString('utf8'))) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) throw new AwsError('SerializationException', error.message);
    throw error;
  }
}

function fromJson(shape: Shape, json: unknown, path = ''): unknown {
  if (json === null || json === undefined) return undefined;
  switch (shape.kind) {
    case 'string':
    case 'boolean':
      if (typeof json === shape.kind) return json;
      break;
    case 'number':
      if (typeof json === 'number') return json;
      if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json);
      break;
    case 'timestamp':
      if (typeof json === 'number' || typeof json === 'string') return readTimestamp(shape, json);
      break;
    case 'blob':
      if (typeof json === 'string') return readBase64(json);
      break;
    case 'list':
      if (Array.isArray(json))
        return json.map((item, at) => fromJson(shape.item, item, `${path}.${at + 1}.member`) ?? null);
      break;
    case 'map':
      if (isRecord(json)) return readEntries(Object.entries(json), () => shape.value, path);
      break;
    case 'struct':
      if (isRecord(json)) return readMembers(shape, json, path);
      break;
    case 'document':
      return json;
    default:
      shape satisfies never;
  }
  throw unexpected(shape, json, path);
}

function readEntries(
  entries: readonly (readonly [string, unknown])[],
  shapeOf: (key: string) => Shape,
  path: string,
): object {
  const read: [string, unknown][] = [];
  for (const [key, json] of entries) {
    const value = fromJson(shapeOf(key), json, path === '' ? key : `${path}.${key}`);
    if (value !== undefined) read.push([key, value]);
  }
  return Object.fromEntries(read);
}

function readMembers(shape: StructShape, json: Readonly<Record<string, unknown>>, path: string): object {
  const value: Record<string, unknown> = {};
  for (const [name, member] of shape.members) {
    const read = fromJson(member, json[member.traits.jsonName ?? name], path === '' ? name : `${path}.${name}`);
    if (read !== undefined) value[name] = read;
  }
  return value;
}

/** Throws TypeError when the value does not fit the shape. */
export function toJson(shape: Shape, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  switch (shape.kind) {
    case 'timestamp':
      if (value instanceof Date) return timestampToJson(shape, value);
      break;
    case 'number':
      if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
      break;
    case 'string':
    case 'boolean':
      if (typeof value === shape.kind) return value;
      break;
    case 'blob':
      if (value instanceof Uint8Array) return writeBase64(value);
      break;
    case 'list':
      if (Array.isArray(value)) return value.map((item) => toJson(shape.item, item));
      break;
    case 'map':
      if (isRecord(value))
        return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toJson(shape.value, one)]));
      break;
    case 'struct':
      if (isRecord(value)) return membersToJson(shape, value);
      break;
    case 'document':
      return value;
    default:
      shape satisfies never;
  }
  throw mismatch(shape, value);
}

const timestampToJson = (shape: TimestampShape, date: Date): number | string =>
  shape.format === undefined || shape.format === 'epoch-seconds'
    ? date.getTime() / 1000
    : writeTimestamp(shape.format, date);

export function membersToJson(shape: StructShape, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, member] of shape.members) {
    const one = value[name];
    if (one !== undefined && one !== null) json[member.traits.jsonName ?? name] = toJson(member, one);
  }
  return json;
}
