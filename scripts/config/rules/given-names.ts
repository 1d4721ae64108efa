import { type Section, sections } from '../schema.ts';
import type { Rule } from './rule.ts';

/** What each service takes for a name, by its API reference. */
const patterns = {
  computeEnvironments: /^[A-Za-z0-9][\w-]{0,127}$/,
  schedulingPolicies: /^[A-Za-z0-9][\w-]{0,127}$/,
  jobQueues: /^[A-Za-z0-9][\w-]{0,127}$/,
  jobDefinitions: /^[A-Za-z0-9][\w-]{0,127}$/,
  schedules: /^[.\w-]{1,64}$/,
  topics: /^[\w-]{1,256}$/,
  buckets: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
} as const satisfies Record<Section, RegExp>;

/** A name that an entry gives itself is used as it is written; it holds no reference, since names are there first. */
export const givenNamesAreAwss: Rule = ({ config, site }, report) => {
  for (const section of sections) {
    for (const entry of Object.keys(config[section])) {
      const written = site?.given?.[`${section}.${entry}`];
      if (written?.includes('${'))
        report([section, entry, 'name'], 'must be written out: a name cannot hold a reference');
      else if (written !== undefined && !patterns[section].test(written)) {
        report([section, entry, 'name'], `is no name that AWS takes here; it must match ${patterns[section].source}`);
      }
    }
  }
};
