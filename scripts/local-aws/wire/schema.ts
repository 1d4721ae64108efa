/**
 * Reads the static schemas that every @aws-sdk/client-* exports (`SubmitJob$`, `SubmitJobRequest$` …). Their encoding is
 * documented in @smithy/types: `schema/static-schemas.d.ts` and `schema/sentinels.d.ts`.
 */
import type { Common, ListShape, MapShape, Shape, StructShape } from './shape.ts';
import { type RawTraits, rawTraits, readTraits } from './traits.ts';

interface Place {
  readonly memberName: string;
  readonly required: boolean;
}

/** Follows references and member pairs `[schema, traits]` down to the schema itself. */
function resolve(reference: unknown): { schema: unknown; memberTraits: RawTraits } {
  let schema = reference;
  let memberTraits: RawTraits = {};
  for (;;) {
    if (typeof schema === 'function') schema = schema();
    else if (Array.isArray(schema) && schema.length === 2) {
      memberTraits = { ...rawTraits(schema[1]), ...memberTraits };
      schema = schema[0];
    } else return { schema, memberTraits };
  }
}

export function shapeOf(reference: unknown, place: Place = { memberName: '', required: false }): Shape {
  const { schema, memberTraits } = resolve(reference);
  const named = Array.isArray(schema);
  const own = named ? rawTraits(schema[3]) : {};
  const common: Common = {
    ...place,
    name: named ? String(schema[2]) : place.memberName,
    traits: readTraits({ ...own, ...memberTraits }),
    memberTraits: readTraits(memberTraits),
  };
  if (!named) return sentinelShape(common, schema);
  return schema[0] === 0 ? sentinelShape(common, schema[4]) : namedShape(common, schema);
}

const listBit = 0b0100_0000;
const mapBit = 0b1000_0000;

function sentinelShape(common: Common, sentinel: unknown): Shape {
  if (sentinel === 'unit') return struct(common, { names: [], refs: [], required: 0 }, { unit: true, union: false });
  if (typeof sentinel !== 'number')
    throw new TypeError(`reading schema ${common.name}: ${String(sentinel)} is no shape`);
  if (sentinel & mapBit) return map(common, 0, sentinel & ~mapBit);
  if (sentinel & listBit) return list(common, sentinel & ~listBit);
  switch (sentinel) {
    case 0b0000_0000:
      return { ...common, kind: 'string' };
    case 0b0000_0001:
      return { ...common, kind: 'number' };
    case 0b0000_0010:
      return { ...common, kind: 'boolean' };
    case 0b0000_0100:
      return { ...common, kind: 'timestamp', format: undefined };
    case 0b0000_0101:
      return { ...common, kind: 'timestamp', format: 'date-time' };
    case 0b0000_0110:
      return { ...common, kind: 'timestamp', format: 'http-date' };
    case 0b0000_0111:
      return { ...common, kind: 'timestamp', format: 'epoch-seconds' };
    case 0b0000_1111:
      return { ...common, kind: 'document' };
    case 0b0001_0101:
      return { ...common, kind: 'blob', streaming: common.traits.streaming };
    case 0b0010_1010:
      return { ...common, kind: 'blob', streaming: true };
    default:
      throw new TypeError(`reading schema ${common.name}: sentinel ${sentinel} is not known`);
  }
}

function namedShape(common: Common, schema: readonly unknown[]): Shape {
  const [id, , , , first, second, required] = schema;
  if (id === 1) return list(common, first);
  if (id === 2) return map(common, first, second);
  if (!Array.isArray(first) || !Array.isArray(second))
    throw new TypeError(`reading schema ${common.name}: ${String(id)} is neither list, map, structure nor error`);
  const layout = { names: first, refs: second, required: typeof required === 'number' ? required : 0 };
  return struct(common, layout, { unit: false, union: id === 4 });
}

// Models are recursive (a job's containers hold containers), so what a shape is made of is read when first asked for.

function list(common: Common, item: unknown): ListShape {
  let made: Shape | undefined;
  return {
    ...common,
    kind: 'list',
    get item() {
      made ??= shapeOf(item, { memberName: 'member', required: false });
      return made;
    },
  };
}

function map(common: Common, key: unknown, value: unknown): MapShape {
  let madeKey: Shape | undefined;
  let madeValue: Shape | undefined;
  return {
    ...common,
    kind: 'map',
    get key() {
      madeKey ??= shapeOf(key, { memberName: 'key', required: false });
      return madeKey;
    },
    get value() {
      madeValue ??= shapeOf(value, { memberName: 'value', required: false });
      return madeValue;
    },
  };
}

interface Layout {
  readonly names: readonly unknown[];
  readonly refs: readonly unknown[];
  /** So many of the first members are required. */
  readonly required: number;
}

function struct(common: Common, layout: Layout, is: { unit: boolean; union: boolean }): StructShape {
  let made: ReadonlyMap<string, Shape> | undefined;
  return {
    ...common,
    ...is,
    kind: 'struct',
    get members() {
      made ??= membersOf(layout);
      return made;
    },
  };
}

const membersOf = ({ names, refs, required }: Layout): ReadonlyMap<string, Shape> =>
  new Map(
    names.map(String).map((name, at) => [name, shapeOf(refs[at], { memberName: name, required: at < required })]),
  );
