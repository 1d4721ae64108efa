import { Environment } from './environment-schema.ts';
import { emptyBranch, imageFolders, readConfig, readEnvironment } from './files.ts';
import { ConfigError, type Issue, type Place } from './issue.ts';
import type { Site } from './names.ts';
import { resolveReferences } from './references.ts';
import { checkRules } from './rules.ts';
import { Config } from './schema.ts';
import { suggestion } from './suggestion.ts';
import { type Branch, branch, type Entry, namesIn, nodeAt, overlaid, type Path, placeAt, plainValue } from './tree.ts';
import { judged } from './validate.ts';

export interface LoadOptions {
  /** The folder with the YAML files and `environments/`; messages name files as it does. */
  readonly directory: string;
  readonly environment: string;
  /** Take the place of variables that the environment file defines; they are taken as they are, not resolved. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The repository, whose folders `image` may name; the working directory unless given. */
  readonly root?: string;
}

/** The config of one environment: overrides laid over, references resolved, everything checked that needs no AWS. */
export interface LoadedConfig {
  readonly site: Site;
  readonly environment: Environment;
  readonly config: Config;
  /** Where a field of the config (its override, if it has one) or of the environment was written. */
  placeOf(path: Path): Place;
}

const isOwnField = (name: string): boolean => Object.hasOwn(Environment.shape, name);

const fieldsOf = (tree: Branch, wanted: (name: string) => boolean): Branch =>
  branch(
    tree.place,
    [...tree.entries].filter(([name]) => wanted(name)),
  );

/** The environment's variables with the caller's in their places. */
function variablesOf(own: Branch, given: Readonly<Record<string, string>>, issues: Issue[]): Branch {
  const node = own.entries.get('variables')?.node;
  const variables = node?.type === 'branch' ? node : branch(placeAt(own, ['variables']));
  const entries = new Map<string, Entry>(variables.entries);
  for (const [name, value] of Object.entries(given)) {
    const entry = entries.get(name);
    if (entry === undefined) {
      const message = `was given, but this environment has no variable "${name}"; ${suggestion(name, entries.keys())}`;
      issues.push({ place: variables.place, path: `variables.${name}`, message });
    } else {
      const place = entry.node.place;
      const literal = value.replaceAll('${', () => '$${');
      const leaf = { type: 'leaf', place, value: literal, source: value, placeOf: () => place } as const;
      entries.set(name, { key: entry.key, node: leaf });
    }
  }
  return branch(variables.place, entries);
}

/** What is missing of something that only the override has: most likely a slip of a name, there or in the base config. */
function explainOverride(issue: Issue, base: Branch): Issue {
  const path = issue.path.split('.').slice(0, -1);
  if (!issue.message.startsWith('is missing') || path.length < 2) return issue;
  const depth = path.findIndex((_, index) => nodeAt(base, path.slice(0, index + 1))?.type !== 'branch');
  if (depth < 1) return issue;
  const [above, name] = [path.slice(0, depth), path[depth] ?? ''];
  const [parent, known] = [nodeAt(base, above), path.slice(0, depth + 1).join('.')];
  const names = parent?.type === 'branch' ? [...parent.entries.keys()].filter((other) => other !== name) : [];
  const hint = `"${known}" has nothing in the base config (${suggestion(name, names)}), and what is new needs all its fields`;
  return { ...issue, message: `${issue.message}; ${hint}` };
}

const SiteFields = Environment.pick({ account: true, region: true, prefix: true });

/** What names are computed from; undefined as long as one of its parts is wrong, which is reported elsewhere. */
function siteOf(environment: string, own: Branch, config: Branch): Site | undefined {
  const fields = SiteFields.safeParse(plainValue(fieldsOf(own, (name) => Object.hasOwn(SiteFields.shape, name))));
  const project = Config.shape.project.safeParse(plainValue(config.entries.get('project')?.node ?? emptyBranch('')));
  if (!fields.success || !project.success) return undefined;
  return { project: project.data, environment, ...fields.data, given: givenNames(config) };
}

/** The names that entries give themselves. Names are there before references are resolved, so they are taken as written. */
function givenNames(config: Branch): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const [section, { node }] of config.entries) {
    for (const entry of namesIn(config, section)) {
      const name = nodeAt(node, [entry, 'name']);
      if (name?.type === 'leaf' && typeof name.value === 'string') given[`${section}.${entry}`] = name.value;
    }
  }
  return given;
}

/**
 * Loads `config/*.yaml` with one environment laid over it. Throws ConfigError with all mistakes at once: of syntax first
 * (half a file is not judged), then of fields, references and rules together.
 */
export function loadConfig({ directory, environment: name, variables = {}, root = '.' }: LoadOptions): LoadedConfig {
  const issues: Issue[] = [];
  const base = readConfig(directory, issues);
  const file = readEnvironment(directory, name, issues);
  if (base === undefined || file === undefined) throw new ConfigError(issues);

  const own = fieldsOf(file, isOwnField);
  const merged = overlaid(
    base,
    fieldsOf(file, (field) => !isOwnField(field)),
  );
  const whole = branch(merged.place, [...merged.entries, ...own.entries]);
  const site = siteOf(name, own, merged);
  const resolved = resolveReferences(merged, own, variablesOf(own, variables, issues), site, issues);

  const environment = judged(Environment, resolved.environment);
  const config = judged(Config, resolved.config);
  issues.push(...environment.issues, ...config.issues.map((issue) => explainOverride(issue, base)));
  if (config.value !== undefined) {
    issues.push(...checkRules({ config: config.value, tree: resolved.config, site, folders: imageFolders(root) }));
  }
  if (issues.length > 0 || site === undefined || environment.value === undefined || config.value === undefined) {
    throw new ConfigError(issues);
  }
  return { site, environment: environment.value, config: config.value, placeOf: (path) => placeAt(whole, path) };
}
