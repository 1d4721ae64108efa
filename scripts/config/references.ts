import type { Issue } from './issue.ts';
import { arns, names, type Site } from './names.ts';
import { suggestion } from './suggestion.ts';
import { type Branch, branch, dotted, type Leaf, mapLeaves, namesIn, type Path } from './tree.ts';

type Replace = (expression: string, typed: string) => string;

/** What `${kind.name}` stands for, by kind. `undefined`: a name that does not exist. */
interface Kind {
  readonly what: string;
  readonly names: () => Iterable<string>;
  readonly lookUp: (name: string) => string | undefined;
}

/** `$${` is a literal `${`; everything else that begins with `${` is a reference and must be one. */
const pattern = /\$\$\{|\$\{([^{}]*)(\})?/g;

function substituted(text: string, replace: Replace, unclosed: (typed: string) => void): string {
  return text.replace(pattern, (typed: string, expression: string | undefined, closed: string | undefined) => {
    if (expression === undefined) return '${';
    if (closed !== undefined) return replace(expression.trim(), typed);
    unclosed(typed);
    return typed;
  });
}

/** Resolves references in the strings of a tree; what cannot be resolved becomes an issue where it was written. */
function resolver(kinds: Readonly<Record<string, Kind>>, issues: Issue[]): (leaf: Leaf, path: Path) => Leaf {
  return (leaf, path) => {
    if (typeof leaf.value !== 'string') return leaf;
    const report = (typed: string, message: string): string => {
      issues.push({ place: leaf.placeOf(typed), path: dotted(path), message });
      return typed;
    };
    const replace: Replace = (expression, typed) => {
      const [kindName = '', ...rest] = expression.split('.');
      const kind = Object.hasOwn(kinds, kindName) ? kinds[kindName] : undefined;
      if (kind === undefined || rest.length === 0) {
        const right = Object.keys(kinds).map((known) => `\${${known}.NAME}`);
        return report(typed, `${typed} is no reference: write ${right.join(' or ')}, or $${typed} for the text itself`);
      }
      const name = rest.join('.');
      const value = kind.lookUp(name);
      return value ?? report(typed, `${typed}: there is no ${kind.what} "${name}"; ${suggestion(name, kind.names())}`);
    };
    const unclosed = (typed: string): void => {
      report(typed, `"${typed}" has no closing "}"; write $\${ for the text itself`);
    };
    return { ...leaf, value: substituted(leaf.value, replace, unclosed) };
  };
}

/** Without a site (its fields are wrong) names are still checked; what they stand for is not known. */
function resourceKinds(config: Branch, site: Site | undefined): Readonly<Record<'bucket' | 'topic', Kind>> {
  const kind = (what: string, section: string, value: (known: Site, name: string) => string): Kind => {
    const known = namesIn(config, section);
    const lookUp = (name: string): string | undefined =>
      known.has(name) ? (site === undefined ? '' : value(site, name)) : undefined;
    return { what, names: () => known, lookUp };
  };
  return {
    bucket: kind('bucket', 'buckets', names.bucket),
    topic: kind('topic', 'topics', (known, name) => arns.topic(known, names.topic(known, name))),
  };
}

/** Variables may hold references, to other variables too; a cycle is reported once, where it closes. */
function variableKind(variables: Branch, others: Readonly<Record<string, Kind>>, issues: Issue[]): Kind {
  const values = new Map<string, string>();
  const open: string[] = [];
  const resolve = (name: string, leaf: Leaf): string => {
    open.push(name);
    const inner: Kind = { ...kind, lookUp: (next) => (open.includes(next) ? closeCycle(next, leaf) : lookUp(next)) };
    const { value } = resolver({ ...others, var: inner }, issues)(leaf, ['variables', name]);
    open.pop();
    values.set(name, String(value));
    return String(value);
  };
  const closeCycle = (next: string, leaf: Leaf): string => {
    const circle = [...open.slice(open.indexOf(next)), next].join(' → ');
    const place = leaf.placeOf(`\${var.${next}}`);
    issues.push({ place, path: dotted(['variables', open.at(-1) ?? '']), message: `variables in a circle: ${circle}` });
    return '';
  };
  const lookUp = (name: string): string | undefined => {
    const node = variables.entries.get(name)?.node;
    return node?.type === 'leaf' ? (values.get(name) ?? resolve(name, node)) : node && '';
  };
  const kind: Kind = { what: 'variable', names: () => variables.entries.keys(), lookUp };
  for (const name of variables.entries.keys()) lookUp(name);
  return kind;
}

const mapped = (tree: Branch, change: (leaf: Leaf, path: Path) => Leaf): Branch =>
  branch(
    tree.place,
    [...tree.entries].map(([name, { key, node }]) => [name, { key, node: mapLeaves(node, change, [name]) }]),
  );

/**
 * Resolves `${bucket.x}` (the bucket's name in AWS), `${topic.x}` (the topic's ARN) and `${var.x}` in every string of the
 * config, and of the environment's own fields but those that names are made from. `variables` has the values that
 * hold.
 */
export function resolveReferences(
  config: Branch,
  environment: Branch,
  variables: Branch,
  site: Site | undefined,
  issues: Issue[],
): { readonly config: Branch; readonly environment: Branch } {
  const resources = resourceKinds(config, site);
  const kinds = { ...resources, var: variableKind(variables, resources, issues) };
  const resolve = resolver(kinds, issues);
  const ownField = (leaf: Leaf, path: Path): Leaf => {
    const [field, name] = path;
    // Each variable's own mistakes were reported when it was resolved: not again here.
    if (field === 'variables' && path.length === 2 && typeof leaf.value === 'string') {
      return { ...leaf, value: kinds.var.lookUp(String(name)) ?? null };
    }
    return field === 'network' ? resolve(leaf, path) : leaf;
  };
  return { config: mapped(config, resolve), environment: mapped(environment, ownField) };
}
