import type { JsonFields } from './json-fields.ts';

const fieldTypes = ['text', 'date', 'url', 'number', 'enum'] as const;

/** What a declared field of a record must be. A record that breaks a rule is a reject. */
interface FieldRule {
  readonly required?: boolean;
  /** A regular expression of JavaScript, with the flag u, that matches somewhere in the text; one for which time is linear. */
  readonly pattern?: string;
  /** In characters. */
  readonly maxLength?: number;
  readonly type?: (typeof fieldTypes)[number];
  /** What a field of type `enum` may be. */
  readonly values?: readonly string[];
}

/** Rules by the names of the fields: children of the record, or `@name` for its attributes. */
export type FieldRules = Readonly<Record<string, FieldRule>>;

/** A field by its name, or an attribute as `@name`. */
export const fieldName = /^@?[^\s<>/&"'=@]+$/;

/** What the consumer has room for: fields, and bytes of the name of one. */
export const mostFields = 512;
export const longestField = 256;

/** They travel in the message, which becomes a variable of a job: Batch takes 8,192 characters for all overrides together. */
const mostCharacters = 4_000;

/** What is wrong with a pattern; `undefined`: nothing. */
export type PatternCheck = (pattern: string) => string | undefined;

/** Reads the field `fields` of a document; `undefined` when there is none. What is wrong is complained of there. */
export function readFieldRules(
  document: JsonFields,
  whyNoPattern: PatternCheck = whyNoExpression,
): FieldRules | undefined {
  if (!document.has('fields')) return undefined;
  const rules = Object.fromEntries(
    [...document.entries('fields')].map(([name, rule]) => {
      const complain = (problem: string, shown = name): void => document.complain(['fields', shown], problem);
      if (name === '_') complain('is the text of the record itself, which has no rules');
      if (!fieldName.test(name)) complain('is no name of a field, nor "@" with one');
      if (Buffer.byteLength(name.replace('@', '')) > longestField)
        complain(`must have a name of at most ${longestField} bytes`, `${name.slice(0, 40)}…`);
      return [name, readRule(rule, whyNoPattern)] as const;
    }),
  );
  const count = Object.keys(rules).length;
  if (count > mostFields)
    document.complain(['fields'], `must be at most ${mostFields} fields`, { found: String(count) });
  const { length } = JSON.stringify(rules);
  if (length > mostCharacters)
    document.complain(['fields'], `must be at most ${mostCharacters} characters of JSON`, { found: String(length) });
  return rules;
}

function readRule(fields: JsonFields, whyNoPattern: PatternCheck): FieldRule {
  fields.only('required', 'pattern', 'maxLength', 'type', 'values');
  const pattern = fields.optionalText('pattern');
  const reason = pattern === undefined ? undefined : whyNoPattern(pattern);
  if (reason !== undefined) fields.complain(['pattern'], reason);
  const maxLength = fields.optionalCount('maxLength', 1);
  const type = fields.has('type') ? fields.choice('type', fieldTypes) : undefined;
  const values = fields.has('values') ? fields.texts('values') : undefined;
  if ((type === 'enum') !== (values !== undefined))
    fields.complain([], 'must have "values" where its type is "enum", and nowhere else');
  return {
    ...(fields.has('required') && { required: fields.flag('required') }),
    ...(pattern !== undefined && { pattern }),
    ...(maxLength !== undefined && { maxLength }),
    ...(type !== undefined && { type }),
    ...(values !== undefined && { values }),
  };
}

function whyNoExpression(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    return `is no regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
}
