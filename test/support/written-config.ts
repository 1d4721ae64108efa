import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type LoadedConfig, loadConfig } from '../../scripts/config/load.ts';

const environment = {
  target: 'embedded',
  account: '111122223333',
  region: 'eu-central-1',
  prefix: 'unit',
  network: { subnets: ['subnet-b', 'subnet-a'], securityGroupIds: ['sg-1'], assignPublicIp: true },
};

/** The owner of what {@link configFrom} describes. */
export const owner = 'baton/test';

/** A config folder with an environment `test`. */
function writtenConfig(config: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-config-'));
  mkdirSync(join(folder, 'environments'));
  writeFileSync(
    join(folder, 'config.yaml'),
    stringify({ project: 'baton', ...config }, { aliasDuplicateObjects: false }),
  );
  writeFileSync(join(folder, 'environments', 'test.yaml'), stringify(environment));
  return folder;
}

/** A config as it is once it was written down and loaded, by every rule there is; `root` has its images. Throws ConfigError. */
export function configFrom(config: object, root = '.'): LoadedConfig {
  const directory = writtenConfig(config);
  try {
    return loadConfig({ directory, environment: 'test', root });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
