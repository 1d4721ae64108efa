import type { Aws } from '../aws/clients.ts';
import type { LoadedConfig } from '../config/load.ts';
import { looksSecret } from '../reconcile/veil.ts';
import { differences, type Placed, schemas } from './check.ts';
import { describeUnowned, EntryNames } from './describe.ts';
import { type Described, type LeftOut, renderDump } from './document.ts';
import { type Section, withoutDefaults } from './entry.ts';

export interface Dump {
  readonly described: readonly Described[];
  readonly leftOut: readonly LeftOut[];
  /** Variables whose values look like secrets, where they stand in it. */
  readonly suspects: readonly string[];
  /** YAML for a file in the folder of config. */
  readonly yaml: string;
}

/** Config holds no secret; what a hand has typed into a definition may be one. */
function suspectsOf({ section, entry, fields: { environment = {} } }: Placed): string[] {
  const names = typeof environment === 'object' && environment !== null ? Object.keys(environment) : [];
  return names.filter(looksSecret).map((name) => `${section}.${entry}.environment.${name}`);
}

/** Why an entry would not be taken; `undefined` where it would. */
function refusal(section: Section, fields: Placed['fields'], environments: ReadonlySet<string>): string | undefined {
  if (Array.isArray(fields['targets']) && fields['targets'].length === 0) return 'it has no target';
  const { success, error } = schemas[section].safeParse(fields);
  if (!success) return error.issues.map(({ path, message }) => `${path.map(String).join('.')} ${message}`).join('; ');
  const { computeEnvironments = [] } = fields;
  const missing = Array.isArray(computeEnvironments)
    ? computeEnvironments.map(String).filter((name) => !environments.has(name))
    : [];
  return missing.length === 0 ? undefined : `its compute environment ${missing.join(', ')} is not described`;
}

/**
 * Describes, as config would, what exists in the account and region and nobody owns. Each entry is compared with what it
 * describes; where something is left that it cannot say, that stands beside it.
 */
export async function dump(aws: Aws, loaded: LoadedConfig): Promise<Dump> {
  const names = new EntryNames(loaded);
  const found = await describeUnowned(aws, loaded, names);
  const placed: Placed[] = [];
  const leftOut: LeftOut[] = [];
  for (const {
    spec,
    entry: { section, name, fields },
  } of found) {
    const environments = new Set([
      ...Object.keys(loaded.config.computeEnvironments),
      ...placed.filter((each) => each.section === 'computeEnvironments').map(({ entry }) => entry),
    ]);
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const reason = refusal(section, given, environments);
    if (reason === undefined) {
      const entry = names.of(section)(name) ?? names.give(section, name);
      placed.push({ section, entry, name, fields: withoutDefaults(schemas[section], given), live: spec });
    } else leftOut.push({ section, name, reason });
  }
  const differencesOf = differences(loaded, placed);
  const described = placed.map((each) => ({ ...each, unsaid: differencesOf(each).map(({ path }) => path) }));
  return { described, leftOut, suspects: described.flatMap(suspectsOf), yaml: renderDump(described, leftOut) };
}
