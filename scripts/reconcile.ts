/**
 * npm run reconcile -- validate | plan | apply | destroy | import | dump
 *
 * Makes AWS what the config says. Exit codes: 0 nothing to do or done, 1 failed, 2 changes pending, 130 stopped by Ctrl-C.
 */
import { Command, InvalidArgumentError } from 'commander';
import { failureText } from './control/failure.ts';
import type { CommonFlags } from './control/options.ts';

function addVariable(text: string, variables: CommonFlags['var']): CommonFlags['var'] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('write KEY=VALUE');
  return { ...variables, [name]: value };
}

/** Loads a command when it is run: AWS's clients take longer to load than all files to check. */
const lazily =
  <Args extends readonly unknown[]>(load: () => Promise<(...args: Args) => void | Promise<void>>) =>
  async (...args: Args): Promise<void> =>
    (await load())(...args);

const program = new Command('reconcile').description('Makes AWS what the config says.').addHelpText(
  'after',
  `
Exit codes: 0 nothing to do or done, 1 failed, 2 changes pending, 130 stopped by Ctrl-C.

Examples:
  npm run reconcile -- validate --environment production        every mistake in the files, with its place
  npm run reconcile -- plan                                      what apply would do to the embedded AWS of npm run local
  npm run reconcile -- plan --environment staging --json         the same for a program
  npm run reconcile -- apply --environment staging               shows the plan, asks, applies it
  npm run reconcile -- apply --var feedType=other --yes          with another value for a variable, without asking
  npm run reconcile -- plan --environment staging --out plan.json      for a review, and after it
  npm run reconcile -- apply --environment staging --plan plan.json    that plan or none
  npm run reconcile -- import job-queue feeds                    take over a queue that config describes
  npm run reconcile -- dump --environment staging --out config/found.yaml    what was made by hand, as config
  npm run reconcile -- destroy --environment staging             delete all that is ours, after asking`,
);

const command = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .option('-e, --environment <name>', 'a file in environments/ of the config folder', 'local')
    .option('-c, --config <folder>', 'where the YAML files are', 'config')
    .option('--var <KEY=VALUE>', 'another value for a variable; may be repeated', addVariable, {});

const onAws = (name: string, description: string): Command =>
  command(name, description).option('-v, --verbose', 'count the calls to AWS, on standard error');

const deleting = (name: string, description: string): Command =>
  onAws(name, description)
    .option('--allow-protected', 'also what is protected')
    .option('--delete-objects', 'buckets and dead-letter queues with what is in them')
    .option('--terminate-jobs', 'queues and definitions with the jobs that are under way');

command('validate', 'check the config; asks AWS nothing').action(
  lazily(async () => (await import('./control/commands/validate.ts')).validate),
);
onAws('plan', 'show what apply would do; changes nothing')
  .option('--json', 'for programs')
  .option('--markdown <file>', 'write it for a pull request')
  .option('--out <file>', 'write it for apply --plan')
  .action(lazily(async () => (await import('./control/commands/plan.ts')).plan));
deleting('apply', 'show the plan, and do it')
  .option('-y, --yes', 'without asking')
  .option('--plan <file>', 'only if the plan is still this one, written by plan --out; does not ask')
  .option('--allow-deletions', 'also where more than 30 % of what is owned would go')
  .action(lazily(async () => (await import('./control/commands/apply.ts')).apply));
deleting('destroy', 'delete everything that is ours, in config or not')
  .option('--confirm <environment>', 'its name, instead of asking for it')
  .action(lazily(async () => (await import('./control/commands/destroy.ts')).destroy));
onAws('import', 'take over what exists and config describes: our tag on it, and nothing else')
  .argument('<kind>', 'such as job-queue')
  .argument('<name>', 'in AWS, or of the entry in config')
  .option('-y, --yes', 'without asking')
  .option('--take-over', 'also what another environment owns')
  .action(lazily(async () => (await import('./control/commands/import.ts')).importResource));
onAws('dump', 'write the YAML for what exists and nobody owns, to begin from what was made by hand')
  .option('--out <file>', 'where to; standard output without it')
  .action(lazily(async () => (await import('./control/commands/dump.ts')).dumpExisting));

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode ??= 1;
}
