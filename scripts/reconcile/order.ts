import { keyOf } from './change.ts';
import { PlanError } from './errors.ts';
import type { ResourceRef } from './kind.ts';

/** What is known of a resource that changes, or that lies between two that do. */
export interface Node {
  readonly ref: ResourceRef;
  /** What it will refer to. */
  readonly references: readonly ResourceRef[];
  /** What it refers to now. */
  readonly liveReferences: readonly ResourceRef[];
  /** What is deleted after it was made. */
  readonly replaces: readonly ResourceRef[];
  readonly action: 'none' | 'create' | 'update' | 'replace' | 'delete';
}

/** The nearest changes on the ways that references lead; unchanged resources are passed through. */
function nearestChanges(start: Node, nodes: ReadonlyMap<string, Node>): ResourceRef[] {
  const found: ResourceRef[] = [];
  const seen = new Set([keyOf(start.ref)]);
  const open = [...start.references];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const node = nodes.get(keyOf(ref));
    if (node === undefined || (seen.has(keyOf(ref)) && node !== start)) continue;
    seen.add(keyOf(ref));
    if (node.action === 'none') open.push(...node.references);
    else if (node.action !== 'delete') found.push(node.ref);
  }
  return found;
}

/** Whatever still holds on to a resource lets go of it before it is deleted, and what takes its place is there. */
function holders(deleted: Node, nodes: ReadonlyMap<string, Node>): ResourceRef[] {
  const key = keyOf(deleted.ref);
  const among = (refs: readonly ResourceRef[]): boolean => refs.some((ref) => keyOf(ref) === key);
  return [...nodes.values()]
    .filter((node) => node !== deleted && node.action !== 'none')
    .filter(({ action, replaces, liveReferences }) => among(action === 'create' ? replaces : liveReferences))
    .map((node) => node.ref);
}

function refuseCircle(after: ReadonlyMap<string, readonly ResourceRef[]>): void {
  const finished = new Set<string>();
  const walk = (key: string, trail: readonly string[]): void => {
    if (trail.includes(key)) {
      const circle = [...trail.slice(trail.indexOf(key)), key].join(' → ');
      throw new PlanError([`ordering the changes: resources refer to each other in a circle: ${circle}`]);
    }
    if (finished.has(key)) return;
    for (const ref of after.get(key) ?? []) walk(keyOf(ref), [...trail, key]);
    finished.add(key);
  };
  for (const key of after.keys()) walk(key, []);
}

/**
 * For each change, by its key, the changes that must be done before it: sorted, and only the nearest, since those have
 * their own. Throws PlanError naming the circle when there is no order.
 */
export function orderOf(nodes: readonly Node[]): ReadonlyMap<string, readonly ResourceRef[]> {
  const byRef = new Map(nodes.map((node) => [keyOf(node.ref), node]));
  const changing = nodes.filter(({ action }) => action !== 'none');
  const after = new Map(
    changing.map((node) => {
      const before = node.action === 'delete' ? holders(node, byRef) : nearestChanges(node, byRef);
      const unique = new Map(before.map((ref) => [keyOf(ref), ref]));
      return [keyOf(node.ref), [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref)];
    }),
  );
  refuseCircle(after);
  return after;
}
