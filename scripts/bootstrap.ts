/**
 * npm run bootstrap -- --environment NAME --repository OWNER/REPOSITORY
 *
 * Makes what GitHub's jobs act as in an environment. Exit codes: 0 nothing to do or done, 1 failed, 2 something is left to do.
 */
import { Command, InvalidArgumentError } from 'commander';
import type { Repository } from './bootstrap/trust.ts';
import { failureText } from './control/failure.ts';

interface Flags {
  readonly environment: string;
  readonly config: string;
  readonly repository?: Pick<Repository, 'owner' | 'name'>;
  readonly ownerId?: number;
  readonly repositoryId?: number;
  readonly plan?: boolean;
  readonly yes?: boolean;
  readonly roles?: boolean;
}

function fullName(text: string): Pick<Repository, 'owner' | 'name'> {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(text) ?? [];
  if (owner === undefined || name === undefined) throw new InvalidArgumentError('write OWNER/REPOSITORY');
  return { owner, name };
}

function id(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('an id is a number');
  return Number(text);
}

/** A mistake of both forms: one id without the other names nobody. */
function repositoryOf({ repository, ownerId, repositoryId }: Flags, command: Command): Repository {
  if (repository === undefined) command.error('error: say whose jobs to trust: --repository OWNER/REPOSITORY');
  if ((ownerId === undefined) !== (repositoryId === undefined))
    command.error('error: --owner-id and --repository-id go together');
  const ids =
    ownerId === undefined || repositoryId === undefined ? undefined : { owner: ownerId, repository: repositoryId };
  return { ...repository, ids };
}

const program = new Command('bootstrap')
  .description(
    "Makes what GitHub's jobs act as in an environment: a role that plans, one that applies, one that works with jobs, and the policy that bounds every role that is made. Takes the rights of an administrator; may be repeated.",
  )
  .option('-e, --environment <name>', 'a file in environments/ of the config folder', 'local')
  .option('-c, --config <folder>', 'where the YAML files are', 'config')
  .option('-r, --repository <owner/name>', 'whose jobs are trusted', fullName)
  .option(
    '--owner-id <number>',
    'the id of its owner, which newer tokens name (default: the one that the roles trust)',
    id,
  )
  .option('--repository-id <number>', 'its own id (default: the one that the roles trust)', id)
  .option('--plan', 'show what would be made; changes nothing; exit code 2 where there is something')
  .option('-y, --yes', 'do not ask')
  .option('--roles', 'print region, account and roles as lines for $GITHUB_OUTPUT; asks AWS nothing')
  .addHelpText(
    'after',
    `
Exit codes: 0 nothing to do or done, 1 failed, 2 something is left to do, 130 stopped by Ctrl-C.

Examples:
  gh api repos/acme/feeds --jq '[.owner.id,.id]'                 the two ids
  npm run bootstrap -- -e staging -r acme/feeds --owner-id 1 --repository-id 2 --plan
                                                                 what would be made, field by field
  npm run bootstrap -- -e staging -r acme/feeds --owner-id 1 --repository-id 2
                                                                 shows it, asks, makes it, and says what is left on GitHub
  npm run --silent bootstrap -- -e staging --roles               what the workflows ask`,
  )
  .action(async (flags: Flags, command: Command) => {
    if (flags.roles) {
      const { printedRoles } = await import('./bootstrap/printed-roles.ts');
      console.log(printedRoles({ environment: flags.environment, directory: flags.config }));
      return;
    }
    const repository = repositoryOf(flags, command);
    await (await import('./bootstrap/command.ts')).bootstrap({ ...flags, repository });
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode ??= 1;
}
