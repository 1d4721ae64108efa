/**
 * npm run bootstrap -- --environment NAME --repository OWNER/REPOSITORY
 *
 * Makes what GitHub's jobs act as in an environment. Exit codes: 0 nothing to do or done, 1 failed, 2 changes pending.
 */
import { Command } from 'commander';
import { printedRoles } from './bootstrap/printed-roles.ts';
import { failureText } from './control/failure.ts';

interface Flags {
  readonly environment: string;
  readonly config: string;
  readonly roles?: boolean;
}

const program = new Command('bootstrap')
  .description("Makes what GitHub's jobs act as in an environment.")
  .option('-e, --environment <name>', 'a file in environments/ of the config folder', 'local')
  .option('-c, --config <folder>', 'where the YAML files are', 'config')
  .option('--roles', 'print region, account and roles as lines for $GITHUB_OUTPUT; asks AWS nothing')
  .action(({ environment, config: directory, roles }: Flags) => {
    if (roles) console.log(printedRoles({ environment, directory }));
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode ??= 1;
}
