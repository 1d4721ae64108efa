import { readFileSync } from 'node:fs';
import { code } from './field-type.ts';
import { type Field, sections } from './reference-fields.ts';

const template = 'scripts/config/reference.md';

/** Text as it is, where Markdown would take a character for more than itself. */
const escaped = (text: string): string => text.replace(/[\\|*_<$]/g, '\\$&');

/** Begins as a sentence does; a name that mixes cases, such as vCPUs, stays. */
const sentence = (text: string): string => text.replace(/^[a-z](?=[a-z]*[ ,.;'-])/, (letter) => letter.toUpperCase());

const cells = ({ path, type, absent, aws, means }: Field): readonly string[] => [
  code(path),
  type.replaceAll('|', '\\|'),
  absent.replaceAll('|', '\\|'),
  aws === undefined ? '–' : code(aws),
  escaped(sentence(means)),
];

/** All columns but the last, which holds sentences, are padded to one width. */
function table(fields: readonly Field[]): string {
  const head = ['field', 'type', 'default', "AWS's name", 'what it means'];
  const rows = [head, ...fields.map(cells)];
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const isLast = (at: number): boolean => at === head.length - 1;
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (isLast(at) ? cell : cell.padEnd(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => '-'.repeat(isLast(at) ? 3 : width));
  return [head, rule, ...rows.slice(1)].map(line).join('\n');
}

/**
 * The page config/README.md: the template's text, with `{{about SECTION}}` and `{{fields SECTION}}` filled in from the
 * schema. Throws where the template leaves out a section, or names one that the schema does not have.
 */
export function referencePage(): string {
  const known = sections();
  const told = new Set<string>();
  const text = readFileSync(template, 'utf8').replace(
    /\{\{(about|fields) (\w+)\}\}/g,
    (placeholder: string, what: string, name: string) => {
      const section = known.get(name);
      if (section === undefined) throw new Error(`${template}: ${placeholder} names no section of the schema`);
      if (what === 'about') return escaped(section.about);
      told.add(name);
      return table(section.fields);
    },
  );
  const untold = [...known.keys()].filter((name) => !told.has(name));
  if (untold.length === 0) return text;
  const missing = untold.map((name) => `{{fields ${name}}}`).join(', ');
  throw new Error(`${template} does not tell of every section: add a heading, an example and ${missing}`);
}
