import { type LoadOptions, loadConfig } from '../config/load.ts';
import { arns, names } from '../config/names.ts';

/**
 * Where an environment is and what GitHub's jobs act as in it, a line each, as $GITHUB_OUTPUT takes them. All of it
 * follows from the config. Throws ConfigError.
 */
export function printedRoles(options: LoadOptions): string {
  const { site } = loadConfig(options);
  const roles = (['plan', 'apply', 'operate'] as const).map(
    (name) => `${name}=${arns.role(site, names.githubRole(site, name))}`,
  );
  return [`region=${site.region}`, `account=${site.account}`, ...roles].join('\n');
}
