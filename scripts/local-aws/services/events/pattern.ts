import { isObject, type JsonObject, parseJson } from '../json.ts';
import { type Matcher, PatternError, parseMatcher } from './pattern-operators.ts';

export { PatternError } from './pattern-operators.ts';

/** A pattern over JSON objects: every field must hold, and of each `$or` one alternative. */
export interface Pattern {
  readonly fields: readonly Field[];
  readonly alternatives: readonly (readonly Pattern[])[];
}

type Field =
  | { readonly kind: 'values'; readonly name: string; readonly matchers: readonly Matcher[] }
  | { readonly kind: 'object'; readonly name: string; readonly pattern: Pattern };

/** Reads a pattern's JSON. Throws PatternError. */
export function parsePattern(text: string): Pattern {
  const pattern = parseJson(text);
  if (!isObject(pattern)) throw new PatternError('Filter is not an object');
  if (Object.keys(pattern).length === 0) throw new PatternError('Empty patterns are not allowed');
  return readPattern(pattern);
}

function readPattern(object: JsonObject): Pattern {
  const entries = Object.entries(object);
  return {
    fields: entries.filter(([name]) => name !== '$or').map(([name, content]) => readField(name, content)),
    alternatives: entries.filter(([name]) => name === '$or').map(([, content]) => readAlternatives(content)),
  };
}

function readField(name: string, content: unknown): Field {
  if (Array.isArray(content)) {
    if (content.length === 0) throw new PatternError('Empty arrays are not allowed');
    return { kind: 'values', name, matchers: content.map(parseMatcher) };
  }
  if (!isObject(content)) throw new PatternError(`"${name}" must be an object or an array`);
  if (Object.keys(content).length === 0) throw new PatternError('Empty objects are not allowed');
  return { kind: 'object', name, pattern: readPattern(content) };
}

function readAlternatives(content: unknown): readonly Pattern[] {
  if (!Array.isArray(content) || content.length < 2)
    throw new PatternError('$or must be an array of two or more patterns');
  return content.map((each: unknown) => {
    if (!isObject(each)) throw new PatternError('$or must hold objects');
    return readPattern(each);
  });
}

/** Whether an object has what a pattern asks for. Of a list in the object any one element may do. */
export function matches(pattern: Pattern, object: JsonObject): boolean {
  return (
    pattern.fields.every((field) =>
      fieldMatches(field, Object.hasOwn(object, field.name) ? object[field.name] : undefined),
    ) && pattern.alternatives.every((patterns) => patterns.some((each) => matches(each, object)))
  );
}

function fieldMatches(field: Field, content: unknown): boolean {
  const elements: readonly unknown[] = Array.isArray(content) ? content.flat(Number.POSITIVE_INFINITY) : [content];
  if (field.kind === 'values') {
    // AWS looks at leaves only: an object where a value is asked for counts as nothing being there.
    const values = elements.filter((element) => element !== undefined && !isObject(element));
    return field.matchers.some((matcher) =>
      matcher.kind === 'absent' ? values.length === 0 : values.some((value) => matcher.test(value)),
    );
  }
  const objects = elements.filter(isObject);
  // Where there is no object its fields are absent, and that may be what is asked for.
  return (objects.length === 0 ? [{}] : objects).some((each) => matches(field.pattern, each));
}
