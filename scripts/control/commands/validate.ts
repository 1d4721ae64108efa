import { loadConfig } from '../../config/load.ts';
import { type CommonFlags, loadOptionsOf } from '../options.ts';

/** Throws ConfigError with every mistake. */
export function validate(flags: CommonFlags): void {
  const { config, site } = loadConfig(loadOptionsOf(flags));
  const { project: _project, alerts: _alerts, ...sections } = config;
  const count = Object.values(sections).reduce<number>((sum, section) => sum + Object.keys(section).length, 0);
  console.log(`config is valid for ${site.environment}: ${count} entries`);
}
