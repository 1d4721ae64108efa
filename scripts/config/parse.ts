import { isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml';
import { type Issue, type Place, written } from './issue.ts';
import { slipsOf } from './syntax.ts';
import { type Branch, branch, dotted, type Entry, type Leaf, type Path, type Tree } from './tree.ts';

/** One YAML file on its way to a tree. */
interface Source {
  readonly text: string;
  readonly placeOf: (offset: number) => Place;
  readonly report: (offset: number, path: Path, message: string) => void;
}

function sourceOf(file: string, text: string, lines: LineCounter, issues: Issue[]): Source {
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    // The parser counts UTF-16 units; a character outside the basic plane is two of them and one column.
    const before = text.slice(offset - col + 1, offset);
    return { file, line: Math.max(line, 1), column: [...before].length + 1 };
  };
  const report = (offset: number, path: Path, message: string): void => {
    issues.push({ place: placeOf(offset), path: dotted(path), message });
  };
  return { text, placeOf, report };
}

const rangeOf = (node: unknown): readonly [number, number] => {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
  return [range?.[0] ?? 0, range?.[1] ?? 0];
};

function leafOf(source: Source, node: unknown, path: Path): Leaf {
  const [start, end] = rangeOf(node);
  const typed = source.text.slice(start, end);
  const value: unknown = isScalar(node) ? node.value : null;
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
  if (!plain) source.report(start, path, `must be text, a number or true/false, got ${typed}`);
  return {
    type: 'leaf',
    place: source.placeOf(start),
    value: plain ? value : null,
    source: typed,
    placeOf: (part) => source.placeOf(start + Math.max(0, typed.indexOf(part))),
  };
}

function entriesOf(source: Source, pairs: readonly Pair[], path: Path): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { key, value } of pairs) {
    const [start] = rangeOf(key);
    if (!isScalar(key)) {
      source.report(start, path, 'a key must be a plain name');
      continue;
    }
    const name = key.source ?? String(key.value);
    const first = entries.get(name);
    if (first === undefined) {
      // A key without a value has no node of its own: it is shown where the key is.
      const node = value === null ? key : value;
      entries.set(name, { key: source.placeOf(start), node: treeOf(source, node, [...path, name], value === null) });
    } else source.report(start, [...path, name], `is already set at ${written(first.key)}; keep one of the two`);
  }
  return entries;
}

function treeOf(source: Source, node: unknown, path: Path, absent = false): Tree {
  const [start] = rangeOf(node);
  if (isMap(node)) return branch(source.placeOf(start), entriesOf(source, node.items, path));
  if (isSeq(node)) {
    const items = node.items.map((item, index) => treeOf(source, item, [...path, index]));
    return { type: 'list', place: source.placeOf(start), items };
  }
  if (isAlias(node)) {
    const quoted = `"*${node.source}"`;
    source.report(start, path, `aliases are not supported: write the value out, or quote it (${quoted}) if it is text`);
  }
  const leaf = leafOf(source, node, path);
  return absent || isAlias(node) ? { ...leaf, value: null, source: '' } : leaf;
}

/**
 * Reads one YAML file (YAML 1.2) into a tree. Problems of syntax go to `issues`; then the answer is `undefined`, because
 * judging half a file would only add misleading complaints.
 */
export function parseYaml(file: string, content: string, issues: Issue[]): Branch | undefined {
  const text = content.replace(/^\uFEFF/, '');
  const found: Issue[] = [];
  const lines = new LineCounter();
  const source = sourceOf(file, text, lines, found);
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  for (const { offset, message } of slipsOf(document, text)) source.report(offset, [], message);
  const empty = document.contents === null || (isScalar(document.contents) && document.contents.value === null);
  if (empty && found.length === 0) source.report(0, [], 'is empty: describe something in it or delete the file');
  const tree = found.length === 0 ? treeOf(source, document.contents, []) : undefined;
  if (tree !== undefined && tree.type !== 'branch') {
    source.report(0, [], 'must be a map of sections, such as "jobQueues:" with its entries indented below');
  }
  issues.push(...found);
  return found.length === 0 && tree?.type === 'branch' ? tree : undefined;
}
