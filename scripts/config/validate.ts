import type { z } from 'zod';
import type { Issue } from './issue.ts';
import { suggestion } from './suggestion.ts';
import { type Branch, branch, dotted, type Entry, keyPlace, nodeAt, placeAt, plainValue, type Tree } from './tree.ts';
import { fieldsAt, wording } from './wording.ts';

/** Long values are cut: the place says where the whole is. */
const shown = (text: string): string => (text.length <= 80 ? text : `${text.slice(0, 77)}...`);

/** The offending value as it was typed, in front of what is said about it: `"hihg" must be a whole number`. */
export function subject(node: Tree): string {
  if (node.type === 'list') return 'a list';
  if (node.type === 'branch') return shown(`a map of ${[...node.entries.keys()].join(', ') || 'nothing'}`);
  if (node.source === '') return '(nothing)';
  const value = typeof node.value === 'string' ? JSON.stringify(node.value) : node.source;
  // A reference is what somebody wrote, and what it stands for is what is wrong.
  const refers = typeof node.value === 'string' && node.source.includes('${') && !node.value.includes('${');
  return shown(refers ? `${node.source} (${value})` : value);
}

function unknownFields(issue: z.core.$ZodIssueUnrecognizedKeys, tree: Tree, schema: z.ZodType): Issue[] {
  const known = fieldsAt(schema, issue.path);
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    const place = keyPlace(tree, path) ?? placeAt(tree, path);
    return { place, path: dotted(path), message: `is no field here; ${suggestion(key, known)}` };
  });
}

function issuesOf(issue: z.core.$ZodIssue, tree: Tree, schema: z.ZodType): Issue[] {
  const path = dotted(issue.path);
  if (issue.code === 'unrecognized_keys') return unknownFields(issue, tree, schema);
  if (issue.code === 'invalid_key') {
    const place = keyPlace(tree, issue.path) ?? placeAt(tree, issue.path);
    const name = JSON.stringify(issue.path.at(-1));
    return issue.issues.map((inner) => ({ place, path, message: `${name} ${inner.message}` }));
  }
  const node = nodeAt(tree, issue.path);
  const message = node === undefined ? issue.message : `${subject(node)} ${issue.message}`;
  return [{ place: placeAt(tree, issue.path), path, message }];
}

/** The tree without the entries (`schedules.broadbean`) that hold mistakes. */
function withoutBroken(tree: Branch, issues: readonly z.core.$ZodIssue[]): Branch {
  const broken = issues.flatMap(({ path, ...issue }) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key].slice(0, 2)) : [path.slice(0, 2)],
  );
  const entries = [...tree.entries].flatMap(([section, entry]): [string, Entry][] => {
    const names = broken.filter(([first]) => first === section).map(([, name]) => name);
    if (names.includes(undefined)) return [];
    if (entry.node.type !== 'branch') return [[section, entry]];
    const kept = [...entry.node.entries].filter(([name]) => !names.includes(name));
    return [[section, { key: entry.key, node: branch(entry.node.place, kept) }]];
  });
  return branch(tree.place, entries);
}

/** A value of the wrong type is told once: what zod says of its size as well (a text has a length, too) would mislead. */
const judges =
  (issue: z.core.$ZodIssue) =>
  (before: z.core.$ZodIssue): boolean =>
    before.code === 'invalid_type' && dotted(before.path) === dotted(issue.path);

export interface Judged<T> {
  /** The parsed value. Beside issues: what is left without the entries that have them, so that rules can judge that. */
  readonly value: T | undefined;
  readonly issues: readonly Issue[];
}

/** Judges a tree by a schema: every mistake, with what would be right, at its place. */
export function judged<T extends z.ZodType>(schema: T, tree: Branch): Judged<z.infer<T>> {
  const whole = schema.safeParse(plainValue(tree), { error: wording });
  if (whole.success) return { value: whole.data, issues: [] };
  const rest = schema.safeParse(plainValue(withoutBroken(tree, whole.error.issues)));
  const issues = whole.error.issues.filter((issue, index, all) => !all.slice(0, index).some(judges(issue)));
  return { value: rest.data, issues: issues.flatMap((issue) => issuesOf(issue, tree, schema)) };
}
