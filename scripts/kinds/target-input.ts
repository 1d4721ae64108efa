import type { Value } from '../reconcile/kind.ts';
import { plain } from '../reconcile/value.ts';

/** Placeholders stand bare in a template, which makes it no JSON: each becomes a text. One inside a text is part of it. */
const quoted = (template: string): string =>
  template.replace(/"(?:[^"\\]|\\.)*"|<[\w.-]+>/g, (part) => (part.startsWith('<') ? JSON.stringify(part) : part));

/** What stands for a whole value goes bare: EventBridge puts quotes around a text by itself. */
export const templateOf = (input: Value): string => JSON.stringify(input).replace(/"(<[\w.-]+>)"/g, '$1');

/** An input or a pattern set by hand need not be JSON; then it is compared as the text it is. */
export function parsedJson(text: string): Value {
  try {
    return plain(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

export const parsedTemplate = (template: string): Value => parsedJson(quoted(template));

/** A map of config as JSON would hold it. Throws on what JSON cannot carry. */
export const jsonOf = (fields: object): Value => plain(fields);
