import { brokenRules, type Limit, type Limits, refuseWith, type Violation } from './limits.ts';
import type { Service } from './model.ts';
import type { ListShape, MapShape, Shape, StructShape } from './shape.ts';
import { isRecord } from './traits.ts';

/** Checks a decoded input against required members and the service's limits; throws the service's own refusal. */
export function validate(service: Service, shape: StructShape, input: unknown): void {
  const violations = inStruct(shape, input, '', service.limits);
  if (violations.length === 0) return;
  throw (service.limits?.refuse ?? refuseByDefault)(violations);
}

const refuseByDefault = refuseWith('ValidationException');

/** AWS spells members in paths with a small first letter, whatever the model's spelling. */
const uncapitalized = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function inStruct(shape: StructShape, value: unknown, path: string, limits: Limits | undefined): readonly Violation[] {
  if (!isRecord(value)) return [];
  return [...shape.members].flatMap(([name, member]) => {
    const limitFor = (part: string): Limit | undefined => limits?.structures[shape.name]?.[`${name}${part}`];
    const memberPath = path === '' ? uncapitalized(name) : `${path}.${uncapitalized(name)}`;
    return inMember(member, value[name], memberPath, limits, limitFor);
  });
}

/** `limitFor('')` is the limit of the value itself, `limitFor('[]')` that of its items. */
type LimitFor = (part: string) => Limit | undefined;

function inMember(
  shape: Shape,
  value: unknown,
  path: string,
  limits: Limits | undefined,
  limitFor: LimitFor,
): readonly Violation[] {
  if (value === undefined || value === null)
    return shape.required && !shape.traits.idempotencyToken ? [{ path, value: undefined, rule: 'not be null' }] : [];
  const limit = limitFor('');
  const own = limit === undefined ? [] : brokenRules(limit, shape, value).map((rule) => ({ path, value, rule }));
  return [...own, ...inside(shape, value, path, limits, limitFor)];
}

function inside(
  shape: Shape,
  value: unknown,
  path: string,
  limits: Limits | undefined,
  limitFor: LimitFor,
): readonly Violation[] {
  switch (shape.kind) {
    case 'struct':
      return inStruct(shape, value, path, limits);
    case 'list':
      return inList(shape, value, path, limits, limitFor);
    case 'map':
      return inMap(shape, value, path, limits, limitFor);
    default:
      return [];
  }
}

function inList(
  shape: ListShape,
  value: unknown,
  path: string,
  limits: Limits | undefined,
  limitFor: LimitFor,
): readonly Violation[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, at) =>
    inMember(shape.item, item, `${path}.${at + 1}.member`, limits, (part) => limitFor(`[]${part}`)),
  );
}

function inMap(
  shape: MapShape,
  value: unknown,
  path: string,
  limits: Limits | undefined,
  limitFor: LimitFor,
): readonly Violation[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => [
    ...inMember(shape.key, key, `${path}.key`, limits, () => limitFor('{key}')),
    ...inMember(shape.value, one, `${path}.${key}.member`, limits, (part) => limitFor(`{}${part}`)),
  ]);
}
