import { Document, isMap, isScalar, type YAMLMap } from 'yaml';
import { sections } from '../config/schema.ts';
import type { Placed } from './check.ts';
import { literal, type Section } from './entry.ts';

/** Something that config cannot say, and why. */
export interface LeftOut {
  readonly section: Section;
  readonly name: string;
  readonly reason: string;
}

/** An entry with what it does not say of the thing it describes. */
export interface Described extends Placed {
  readonly unsaid: readonly string[];
}

const order: readonly Section[] = sections.filter((section) => section !== 'buckets');

/** Comments stand before the entry that they are about. */
function comment(map: YAMLMap, { entry, unsaid }: Described): void {
  const key = map.items.find(({ key }) => isScalar(key) && key.value === entry)?.key;
  if (unsaid.length === 0 || !isScalar(key)) return;
  key.commentBefore = ` Config cannot say all of it; the first apply would change: ${unsaid.join(', ')}`;
}

const leftOutLines = (leftOut: readonly LeftOut[]): string[] =>
  leftOut.map(({ section, name, reason }) => `# Left out of ${section}: "${name}": ${reason}\n`);

/** The entries as a file of config, section by section, each in the order of its names in AWS. */
export function renderDump(described: readonly Described[], leftOut: readonly LeftOut[]): string {
  const sections = order.flatMap((section) => {
    const entries = described.filter((each) => each.section === section);
    const map = Object.fromEntries(entries.map(({ entry, fields }) => [entry, literal(fields)]));
    return entries.length === 0 ? [] : [[section, map] as const];
  });
  const document = new Document(Object.fromEntries(sections));
  for (const each of described) {
    const map = document.get(each.section);
    if (isMap(map)) comment(map, each);
  }
  const head =
    '# yaml-language-server: $schema=config.schema.json\n' +
    '# What exists and nobody owns, as config says it. import takes each over; then plan has nothing to change.\n';
  const body = sections.length === 0 ? '' : document.toString({ lineWidth: 120 });
  return `${head}${leftOutLines(leftOut).join('')}${body}`;
}
