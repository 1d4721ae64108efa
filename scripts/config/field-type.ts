import type { Json, Part } from './json-schema.ts';

/** Marks what is typed into YAML as it stands. */
export const code = (value: unknown): string =>
  `\`${typeof value === 'string' && value ? value : JSON.stringify(value)}\``;

/** `a, b or c` */
export const either = (choices: readonly string[]): string =>
  choices.length < 2 ? choices.join() : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;

const plural = (type: string): string => type.replace(/^(text|name|map|duration|number|whole number)$/, '$1s');

/** What zod says of every whole number is no limit that anybody set. */
const limit = (value: unknown): number | undefined =>
  typeof value === 'number' && Math.abs(value) !== Number.MAX_SAFE_INTEGER ? value : undefined;

/** `1 to 3`, `at least 1`, `at most 3`; nothing where there is no limit. */
function span(least: unknown, most: unknown): string {
  const [from, to] = [limit(least), limit(most)];
  if (from === undefined) return to === undefined ? '' : `at most ${to}`;
  return to === undefined ? `at least ${from}` : from === to ? `${from}` : `${from} to ${to}`;
}

/** That a text is not empty goes without saying. */
function textType({ minLength, maxLength }: Json): string {
  const length = span(minLength === 1 ? undefined : minLength, maxLength);
  return length === '' ? 'text' : `text of ${length} characters`;
}

function numberType(kind: string, { minimum, exclusiveMinimum, maximum }: Json): string {
  const above = exclusiveMinimum === undefined ? '' : `more than ${exclusiveMinimum}`;
  return [kind, above, span(minimum, maximum)].filter((part) => part !== '').join(', ');
}

function listType({ items, minItems, maxItems }: Json): string {
  const each = Array.isArray(items) || items === undefined ? 'anything' : plural(typeOf(items));
  return ['list of', span(minItems, maxItems), each].filter((part) => part !== '').join(' ');
}

function mapType({ properties, additionalProperties }: Json): string {
  if (properties !== undefined || additionalProperties === undefined) return 'map';
  return `map of ${plural(typeOf(additionalProperties))}`;
}

/** A union is `oneOf` where one field tells which it is. */
export const choicesOf = ({ anyOf, oneOf }: Json): readonly Json[] | undefined => anyOf ?? oneOf;

/** What may stand in a field, in words. A schema's title is the word for it. */
export function typeOf(part: Part): string {
  if (typeof part === 'boolean') return 'anything';
  if (part.title !== undefined) return part.title;
  if (part.enum !== undefined) return either(part.enum.map(code));
  if (part.const !== undefined) return code(part.const);
  const choices = choicesOf(part);
  if (choices !== undefined) return either([...new Set(choices.map(typeOf))]);
  const { type } = part;
  if (Array.isArray(type)) return either(type.map((one) => typeOf({ ...part, type: one })));
  switch (type) {
    case 'string':
      return textType(part);
    case 'integer':
      return numberType('whole number', part);
    case 'number':
      return numberType('number', part);
    case 'boolean':
      return either([code(true), code(false)]);
    case 'array':
      return listType(part);
    case 'object':
      return mapType(part);
    case 'null':
      return code(null);
    case undefined:
      return 'anything';
    default:
      return type satisfies never;
  }
}
