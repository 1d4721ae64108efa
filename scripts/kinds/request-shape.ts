import { isFields, isList, plain } from '../reconcile/value.ts';

/**
 * What a request may hold, field by field: `text`, `number` or `true or false`; `{ "[]": … }` is a list of something,
 * `{ "*": … }` a map with names of one's own.
 */
export type RequestShape = string | { readonly [field: string]: RequestShape };

const listBit = 0b0100_0000;
const mapBit = 0b1000_0000;
const leaves: readonly string[] = ['text', 'number', 'true or false'];

function leaf(sentinel: number): RequestShape {
  if (sentinel & mapBit) return { '*': leaf(sentinel & ~mapBit) };
  if (sentinel & listBit) return { '[]': leaf(sentinel & ~listBit) };
  const shape = leaves[sentinel];
  if (shape === undefined) throw new TypeError(`reading a schema of the SDK: sentinel ${sentinel} is not known`);
  return shape;
}

/**
 * Reads a schema that the SDK exports, such as `CreateJobQueueRequest$`. The SDK drops silently what it does not know.
 * Their encoding is documented in @smithy/types: `schema/static-schemas.d.ts`.
 */
export function requestShape(schema: unknown): RequestShape {
  if (typeof schema === 'function') return requestShape(schema());
  if (typeof schema === 'number') return leaf(schema);
  if (!Array.isArray(schema)) throw new TypeError(`reading a schema of the SDK: ${String(schema)} is none`);
  // A pair is a member with traits of its own.
  if (schema.length === 2) return requestShape(schema[0]);
  const [id, , , , first, second] = schema;
  // A simple type with traits of its own, such as one that is not to be logged.
  if (id === 0) return requestShape(first);
  if (id === 1) return { '[]': requestShape(first) };
  if (id === 2) return { '*': requestShape(second) };
  if (id !== 3 || !Array.isArray(first) || !Array.isArray(second)) {
    throw new TypeError(`reading a schema of the SDK: ${String(schema[2])} is no structure`);
  }
  return Object.fromEntries(first.map((name, index) => [String(name), requestShape(second[index])]));
}

const isLeaf = (shape: string, value: unknown): boolean =>
  typeof value === (shape === 'text' ? 'string' : shape === 'number' ? 'number' : 'boolean');

/** Where a value is not of its shape, and why; `undefined` where all of it is. */
function misfit(shape: RequestShape | undefined, given: unknown, path: string): string | undefined {
  if (shape === undefined) return `${path} is no field of the request`;
  const value = plain(given);
  if (typeof shape === 'string') return isLeaf(shape, value) ? undefined : `${path} must be ${shape}`;
  if (shape['[]'] !== undefined) {
    if (!isList(value)) return `${path} must be a list`;
    return firstOf(value.map((item, index) => misfit(shape['[]'], item, `${path}[${index}]`)));
  }
  if (!isFields(value)) return `${path} must be a map`;
  return firstOf(
    Object.entries(value).map(([name, inner]) => misfit(shape['*'] ?? shape[name], inner, `${path}.${name}`)),
  );
}

const firstOf = (found: readonly (string | undefined)[]): string | undefined =>
  found.find((each) => each !== undefined);

/** Narrows plain data to the request that it is for, once every field of it is one that the SDK would send. */
export function asRequest<Request extends object>(shape: RequestShape, what: string, fields: object): Request {
  const conforms = (value: object): value is Request => misfit(shape, value, what) === undefined;
  if (!conforms(fields)) throw new Error(`making a request of AWS: ${misfit(shape, fields, what)}`);
  return fields;
}
