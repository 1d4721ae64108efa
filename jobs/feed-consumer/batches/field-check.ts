import type { FieldRules } from '../../messages/field-rules.ts';
import { type FieldPattern, fieldPattern, PatternError } from '../../patterns/field-pattern.ts';
import { JobError } from '../../process/job-error.ts';
import { type FieldRule, isOfType } from './field-types.ts';

/** How much of a value is shown. */
const mostShown = 80;

/** One field with what it must be. */
interface Check {
  readonly name: string;
  readonly rule: FieldRule;
  readonly pattern: FieldPattern | undefined;
}

/** Where the JSON of a field lies; a start of 0 where there is none. */
export interface FieldPlaces {
  readonly bytes: Uint8Array;
  /** Whether all fields are surely good. */
  keepsRules(index: number): boolean;
  fieldStart(index: number, field: number): number;
  fieldEnd(index: number, field: number): number;
  /** Whether its bytes show that it keeps its rule; false: perhaps it does. */
  isSurelyGood(index: number, field: number): boolean;
}

/** Holds records to the rules of their fields. A text is decoded only where its bytes do not show that it is good. */
export class FieldChecks {
  readonly #checks: readonly Check[];

  /** Throws JobError for a pattern that no watcher would have let pass. */
  constructor(rules: FieldRules = {}) {
    this.#checks = Object.entries(rules).map(([name, rule]) => ({
      name,
      rule,
      pattern: rule.pattern === undefined ? undefined : patternOf(name, rule.pattern),
    }));
  }

  /** The rule that a record breaks, in JSON of the kernel; `undefined`: none. */
  violation(places: FieldPlaces, index: number): string | undefined {
    if (places.keepsRules(index)) return undefined;
    for (const [field, check] of this.#checks.entries()) {
      if (places.isSurelyGood(index, field)) continue;
      const start = places.fieldStart(index, field);
      const value = start === 0 ? undefined : parsed(places.bytes, start, places.fieldEnd(index, field));
      const broken = violationBy(check, textsOf(value));
      if (broken !== undefined) return broken;
    }
    return undefined;
  }

  /** The same for a record that is an object already. */
  violationOf(record: unknown): string | undefined {
    const fields = membersOf(record);
    const attributes = membersOf(fields.get('$'));
    return this.violationAmong((name) => (name.startsWith('@') ? attributes.get(name.slice(1)) : fields.get(name)));
  }

  /** The same for a record whose fields are asked for by name, attributes as `@name`; `needsText`: its rule is about the text. */
  violationAmong(fieldOf: (name: string, needsText: boolean) => unknown): string | undefined {
    for (const check of this.#checks) {
      const value = fieldOf(check.name, !isFree(check.rule));
      const broken =
        value instanceof UndecodedField ? violationByUndecoded(check, value) : violationBy(check, textsOf(value));
      if (broken !== undefined) return broken;
    }
    return undefined;
  }
}

function patternOf(name: string, pattern: string): FieldPattern {
  try {
    return fieldPattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new JobError(`the download message is invalid: "fields.${name}.pattern" ${error.message}`);
  }
}

/** A value that was not decoded. */
export class UndecodedField {
  readonly bytes: number;
  /** Whether some text of its own can be seen. */
  readonly isSeen: boolean;

  constructor(bytes: number, isSeen: boolean) {
    this.bytes = bytes;
    this.isSeen = isSeen;
  }
}

/** Whether any text will do. */
const isFree = ({ pattern, maxLength, type = 'text' }: FieldRule): boolean =>
  pattern === undefined && maxLength === undefined && type === 'text';

/** Whether a value has text of its own that can be seen. */
export const hasSeenText = (value: unknown): boolean => textsOf(value).some((text) => text.trim() !== '');

function violationByUndecoded({ name, rule }: Check, { bytes, isSeen }: UndecodedField): string | undefined {
  if (!isSeen) return rule.required === true ? `field "${name}" is required and has no text` : undefined;
  return isFree(rule) ? undefined : `field "${name}" has ${bytes} bytes, too many to be held to its rule`;
}

const membersOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(typeof value === 'object' && value !== null ? value : {}));

function parsed(bytes: Uint8Array, start: number, end: number): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString());
}

/** The texts of a field: several where it is repeated; that of an element with attributes or children lies under `_`. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return '_' in value ? textsOf(value._) : [];
}

function violationBy({ name, rule, pattern }: Check, texts: readonly string[]): string | undefined {
  const written = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (written.length === 0) return rule.required === true ? `field "${name}" is required and has no text` : undefined;
  for (const text of written) {
    const must = demandOf(rule, pattern, text);
    if (must !== undefined) return `field "${name}" must ${must}, not ${shown(text)}`;
  }
  return undefined;
}

function demandOf(rule: FieldRule, pattern: FieldPattern | undefined, text: string): string | undefined {
  const { type, maxLength, values = [] } = rule;
  if (maxLength !== undefined && text.length > maxLength && [...text].length > maxLength)
    return `have at most ${maxLength} characters`;
  if (!isOfType(text, rule)) return type === 'enum' ? `be one of ${shown(values.join(', '))}` : `be a ${type}`;
  return pattern?.test(text) === false ? `match ${pattern.source}` : undefined;
}

const shown = (text: string): string => JSON.stringify(text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);
