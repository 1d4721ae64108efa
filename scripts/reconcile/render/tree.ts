import type { Value } from '../kind.ts';
import { memberPath, namesFor } from '../paths.ts';
import { type Fields, isFields, isList } from '../value.ts';
import { sentenceOf } from './statement.ts';
import { documentIn, isShort, shown, WIDTH } from './values.ts';

type Entry = readonly [name: string, value: Value | undefined];

/** Members that an entry's name in its list has said already: `Statement[WriteLog]`. */
const labels: ReadonlySet<string> = new Set(['id', 'Sid', 'prefix']);

/** Entries of a list by their names where they have some, else by their places. */
function entriesOf(list: readonly Value[], path: string): readonly Entry[] {
  const named = namesFor(list)?.(list, path);
  if (named === undefined) return list.map((item, index) => [`${path}[${index}]`, item] as const);
  return [...named];
}

const withoutLabel = (entry: Fields, name: string): Fields =>
  Object.fromEntries(
    Object.entries(entry).filter(
      ([key, value]) => !labels.has(key) || !(name.endsWith(`[${String(value)}]`) || name.endsWith(`["${value}"]`)),
    ),
  );

/** What is nothing in AWS's own eyes says nothing of what comes or goes as a whole. */
const saysNothing = ([name, value]: Entry): boolean =>
  value === undefined ||
  value === null ||
  (isList(value) && value.length === 0) ||
  (isFields(value) && Object.keys(value).length === 0) ||
  (name.endsWith('Version') && value === '2012-10-17');

/** What is below a value; `undefined` for one that stands on a line. */
function below(value: Value | undefined, name: string): readonly Entry[] | undefined {
  const inner = documentIn(value) ?? value;
  if (sentenceOf(inner) !== undefined) return undefined;
  if (isFields(inner) && Object.keys(inner).length > 0) {
    return Object.entries(withoutLabel(inner, name)).map(([key, member]) => [memberPath(name, key), member]);
  }
  return isList(inner) && !isShort(inner) ? entriesOf(inner, name) : undefined;
}

/** A value that stands by itself, on as many lines as it needs. */
export function textOf(value: Value | undefined): readonly string[] {
  const sentence = sentenceOf(documentIn(value) ?? value);
  if (sentence === undefined) return [shown(value)];
  const line = sentence.join(' ');
  return line.length <= WIDTH ? [line] : sentence;
}

interface Leaf {
  readonly path: string;
  readonly value: Value | undefined;
}

/**
 * Every value that says something with its path: nested ones on lines of their own, so that none is hidden by the length
 * of another. Short lists of plain values stay together.
 */
export function leaves(value: Value | undefined, path: string): readonly Leaf[] {
  const inner = below(value, path)?.filter((entry) => !saysNothing(entry)) ?? [];
  return inner.length === 0 ? [{ path, value }] : inner.flatMap(([name, each]) => leaves(each, name));
}

/** One that has a single thing in it stands on its line: `policy.Statement[TlsOnly]`. */
function branch([name, value]: Entry): { readonly name: string; readonly inner: readonly Entry[] | undefined } & Leaf {
  const inner = below(value, name)?.filter((entry) => !saysNothing(entry));
  const [only, ...others] = inner ?? [];
  return only !== undefined && others.length === 0 ? branch(only) : { name, path: name, value, inner };
}

/** Lines with what is nested indented below, the values of one block in one column. */
function lines(entries: readonly Entry[], above: string): readonly string[] {
  const branches = entries.filter((entry) => !saysNothing(entry)).map(branch);
  const named = branches.map((each) => ({ ...each, short: each.name.slice(above.length).replace(/^\./, '') }));
  const column = Math.max(0, ...named.filter(({ inner }) => inner === undefined).map(({ short }) => short.length)) + 2;
  return named.flatMap(({ name, short, value, inner }) => {
    if (inner !== undefined) return [`${short}:`, ...lines(inner, name).map((line) => `  ${line}`)];
    const [first = '', ...more] = textOf(value);
    return [`${`${short}:`.padEnd(column)}${first}`, ...more.map((line) => `${''.padEnd(column)}${line}`)];
  });
}

/** A new resource, as people would write it down. */
export const treeLines = (fields: Fields): readonly string[] =>
  lines(
    Object.entries(fields)
      .filter(([name]) => name !== 'name')
      .map(([name, value]) => [memberPath('', name), value]),
    '',
  );
