import type { Issue, Place } from './issue.ts';
import { written } from './issue.ts';

/**
 * What a YAML file says, every value with its place. Merging files and overlays happens on trees, so that a mistake in
 * the merged whole is still reported where somebody wrote it.
 */
export type Tree = Leaf | List | Branch;

export interface Leaf {
  readonly type: 'leaf';
  readonly place: Place;
  readonly value: string | number | boolean | null;
  /** The value as it was typed: `012345678901` is a number and would be shown without its zero. */
  readonly source: string;
  /** Where `part` of the text begins; the value's own place when it is not found as typed. */
  placeOf(part: string): Place;
}

interface List {
  readonly type: 'list';
  readonly place: Place;
  readonly items: readonly Tree[];
}

export interface Branch {
  readonly type: 'branch';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly key: Place;
  readonly node: Tree;
}

export type Path = readonly PropertyKey[];

/** `jobDefinitions.import.grants[0].read` */
export const dotted = (path: Path): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('');

export const branch = (place: Place, entries: Iterable<readonly [string, Entry]> = []): Branch => ({
  type: 'branch',
  place,
  entries: new Map(entries),
});

/** The plain value, for a schema to judge. */
export function plainValue(tree: Tree): unknown {
  switch (tree.type) {
    case 'leaf':
      return tree.value;
    case 'list':
      return tree.items.map(plainValue);
    case 'branch':
      return Object.fromEntries([...tree.entries].map(([name, { node }]) => [name, plainValue(node)]));
  }
}

const child = (tree: Tree, key: PropertyKey): Tree | undefined => {
  if (tree.type === 'branch') return tree.entries.get(String(key))?.node;
  return tree.type === 'list' ? tree.items[Number(key)] : undefined;
};

export function nodeAt(tree: Tree, path: Path): Tree | undefined {
  return path.reduce<Tree | undefined>((node, key) => node && child(node, key), tree);
}

/** Where the key of an entry was written. */
export function keyPlace(tree: Tree, path: Path): Place | undefined {
  const parent = nodeAt(tree, path.slice(0, -1));
  return parent?.type === 'branch' ? parent.entries.get(String(path.at(-1)))?.key : undefined;
}

/** The place of a value; of a value that was left out, the place of the entry that misses it. */
export function placeAt(tree: Tree, path: Path): Place {
  const node = nodeAt(tree, path);
  if (node !== undefined && node.type !== 'branch') return node.place;
  return keyPlace(tree, path) ?? node?.place ?? (path.length === 0 ? tree.place : placeAt(tree, path.slice(0, -1)));
}

/** The names of the entries of a section, such as all of `buckets`. */
export function namesIn(tree: Branch, section: string): ReadonlySet<string> {
  const node = tree.entries.get(section)?.node;
  return new Set(node?.type === 'branch' ? node.entries.keys() : []);
}

/** The same tree with other leaves. */
export function mapLeaves(tree: Tree, change: (leaf: Leaf, path: Path) => Leaf, path: Path = []): Tree {
  switch (tree.type) {
    case 'leaf':
      return change(tree, path);
    case 'list':
      return { ...tree, items: tree.items.map((item, index) => mapLeaves(item, change, [...path, index])) };
    case 'branch':
      return branch(
        tree.place,
        [...tree.entries].map(([name, { key, node }]) => [
          name,
          { key, node: mapLeaves(node, change, [...path, name]) },
        ]),
      );
  }
}

/** Written out as `null`; an entry that was only left empty is more likely a slip. */
const removes = (node: Tree): boolean => node.type === 'leaf' && node.value === null && node.source !== '';

/** Lays an environment's overrides over the config: maps merge, `null` removes, everything else replaces. */
export function overlaid(base: Branch, over: Branch): Branch {
  const entries = new Map(base.entries);
  for (const [name, { key, node }] of over.entries) {
    const below = base.entries.get(name);
    if (below !== undefined && removes(node)) {
      entries.delete(name);
      continue;
    }
    const merges = below?.node.type === 'branch' && node.type === 'branch';
    entries.set(name, merges ? { key: below.key, node: overlaid(below.node, node) } : { key, node });
  }
  return branch(base.place, entries);
}

/** Joins files of equal rank: sections (top-level maps) come together, an entry that two files have is an issue. */
export function joined(files: readonly Branch[], at: Place, issues: Issue[]): Branch {
  const entries = new Map<string, Entry>();
  const twice = (path: Path, first: Place, second: Place): void => {
    const message = `is already described at ${written(first)}; keep one of the two`;
    issues.push({ place: second, path: dotted(path), message });
  };
  for (const [name, entry] of files.flatMap((file) => [...file.entries])) {
    const before = entries.get(name);
    if (before === undefined) entries.set(name, entry);
    else if (before.node.type !== 'branch' || entry.node.type !== 'branch') twice([name], before.key, entry.key);
    else {
      const section = new Map(before.node.entries);
      for (const [key, inner] of entry.node.entries) {
        const first = section.get(key);
        if (first === undefined) section.set(key, inner);
        else twice([name, key], first.key, inner.key);
      }
      entries.set(name, { key: before.key, node: branch(before.node.place, section) });
    }
  }
  return branch(at, entries);
}
