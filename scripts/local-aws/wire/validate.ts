import { AwsError } from './errors.ts';
import { brokenRules, type Limit, type Limits, refuseWith, type Violation } from './limits.ts';
import type { Service } from './model.ts';
import type { Shape, StructShape } from './shape.ts';
import { isRecord } from './traits.ts';

/**
 * Checks a decoded input against required members and the service's limits; throws the service's own refusal, or
 * NotImplemented for a member that nothing here acts on.
 */
export function validate(service: Service, shape: StructShape, input: unknown): void {
  const check = new Check(service.limits);
  check.struct(shape, input, '');
  if (check.violations.length > 0) throw (service.limits?.refuse ?? refuseByDefault)(check.violations);
  const [member] = check.notEmulated;
  if (member === undefined) return;
  const what = `${service.signingName}'s ${shape.name} with ${member}`;
  throw new AwsError('NotImplemented', `${what} is not implemented by the embedded AWS`, 501);
}

/** `false` and an empty list ask for nothing. */
const asksForNothing = (value: unknown): boolean => value === false || (Array.isArray(value) && value.length === 0);

const refuseByDefault = refuseWith('ValidationException');

/** AWS spells members in paths with a small first letter, whatever the model's spelling. */
const uncapitalized = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Where a value is: the path for people, and the part of the limits that speaks of it. */
interface Place {
  readonly path: string;
  /** `limit('')` is the value's own, `limit('[]')` its items', `limit('{key}')` its keys'. */
  readonly limit: (part: string) => Limit | undefined;
}

class Check {
  readonly violations: Violation[] = [];
  readonly notEmulated: string[] = [];
  readonly #limits: Limits | undefined;

  constructor(limits: Limits | undefined) {
    this.#limits = limits;
  }

  struct(shape: StructShape, value: unknown, path: string): void {
    if (!isRecord(value)) return;
    const limits = this.#limits?.structures[shape.name];
    for (const [name, member] of shape.members)
      this.#value(member, value[name], {
        path: path === '' ? uncapitalized(name) : `${path}.${uncapitalized(name)}`,
        limit: (part) => limits?.[name + part],
      });
  }

  #value(shape: Shape, value: unknown, place: Place): void {
    const { path } = place;
    if (value === undefined || value === null) {
      const isMissing = shape.required && !shape.traits.idempotencyToken;
      if (isMissing) this.violations.push({ path, value: undefined, isSensitive: false, rule: 'not be null' });
      return;
    }
    const { sensitive: isSensitive, notEmulated } = shape.traits;
    if (notEmulated && !asksForNothing(value)) this.notEmulated.push(shape.memberName);
    const limit = place.limit('');
    if (limit !== undefined)
      for (const rule of brokenRules(limit, shape, value)) this.violations.push({ path, value, isSensitive, rule });
    this.#inside(shape, value, place);
  }

  #inside(shape: Shape, value: unknown, { path, limit }: Place): void {
    if (shape.kind === 'struct') this.struct(shape, value, path);
    else if (shape.kind === 'list' && Array.isArray(value))
      for (const [at, item] of value.entries())
        this.#value(shape.item, item, { path: `${path}.${at + 1}.member`, limit: (part) => limit(`[]${part}`) });
    else if (shape.kind === 'map' && isRecord(value))
      for (const [key, one] of Object.entries(value)) {
        this.#value(shape.key, key, { path: `${path}.key`, limit: () => limit('{key}') });
        this.#value(shape.value, one, { path: `${path}.${key}.member`, limit: (part) => limit(`{}${part}`) });
      }
  }
}
