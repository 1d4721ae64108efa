import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Runs a command line as a person types it, after `setup`; gives what it printed. Nobody's AWS profile is used. */
export const shellAfter =
  (setup: string) =>
  async (command: string): Promise<string> => {
    const nowhere = join(tmpdir(), 'no-such-file');
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      AWS_CONFIG_FILE: nowhere,
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_DEFAULT_OUTPUT: 'json',
      AWS_PAGER: '',
      // npm asks its registry for news of itself otherwise.
      npm_config_update_notifier: 'false',
    };
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `${setup}\n${command}`], { env });
    return stdout;
  };
