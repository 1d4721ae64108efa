/**
 * npm run reconcile -- validate | plan | apply | destroy | import | dump
 *
 * Makes AWS what the config says. Exit codes: 0 nothing to do or done, 1 failed, 2 changes pending, 130 stopped by Ctrl-C.
 */
import { Command } from 'commander';
import { lazily, withPlace, withPlaceOnAws } from './control/command-line.ts';
import { failureText } from './control/failure.ts';

const program = new Command('reconcile').description('Makes AWS what the config says.').addHelpText(
  'after',
  `
Exit codes: 0 nothing to do or done, 1 failed, 2 changes pending, 130 stopped by Ctrl-C.

Examples:
  npm run reconcile -- validate -e production                    every mistake in the files, with its place
  npm run reconcile -- plan                                      what apply would do to the embedded AWS of npm run local
  npm run --silent reconcile -- plan -e staging --json           the same for a program
  npm run reconcile -- apply -e staging                          shows the plan, asks, applies it
  npm run reconcile -- apply --var feedType=other --yes          with another value for a variable, without asking
  npm run reconcile -- plan -e staging --out plan.json           for a review, and after it
  npm run reconcile -- apply -e staging --plan plan.json         that plan or none
  npm run reconcile -- dump -e staging --out config/found.yaml   what was made by hand, as config
  npm run reconcile -- import job-queue feeds                    then take it over, one by one
  npm run reconcile -- destroy -e staging                        delete all that is ours, after asking`,
);

const command = (name: string, description: string): Command => program.command(name).description(description);

const onAws = (name: string, description: string): Command => withPlaceOnAws(command(name, description));

const deleting = (name: string, description: string): Command =>
  onAws(name, description)
    .option('--allow-protected', 'delete or replace also what is protected')
    .option('--delete-objects', 'delete also buckets and dead-letter queues that are not empty')
    .option('--terminate-jobs', 'delete also queues, which ends their jobs, and definitions with unfinished jobs');

withPlace(command('validate', 'check the config: every mistake, with its place; asks AWS nothing')).action(
  lazily(async () => (await import('./control/commands/validate.ts')).validate),
);
onAws('plan', 'show what apply would do; changes nothing; exit code 2 where there is something')
  .option('--json', 'print it for programs')
  .option('--markdown <file>', 'write it also as a comment for a pull request')
  .option('--summary <file>', 'append it also, much longer if need be, to the summary of a workflow')
  .option('--out <file>', 'write it also as what apply --plan takes')
  .action(lazily(async () => (await import('./control/commands/plan.ts')).plan));
deleting('apply', 'show the plan, ask, and do it')
  .option('-y, --yes', 'do not ask')
  .option('--plan <file>', 'do the plan that plan --out wrote, or nothing where it has changed since; do not ask')
  .option('--allow-deletions', 'delete or replace also more than 30 % of what is ours')
  .action(lazily(async () => (await import('./control/commands/apply.ts')).apply));
deleting('destroy', 'delete everything that is ours, in config or not')
  .option('--confirm <environment>', 'its name, instead of asking for it')
  .action(lazily(async () => (await import('./control/commands/destroy.ts')).destroy));
onAws('import', 'take over what exists and config describes: our tag on it, and nothing else')
  .argument('<kind>', 'such as job-queue; a wrong one lists them all')
  .argument('<name>', 'its name in AWS, or of its entry in config')
  .option('-y, --yes', 'do not ask')
  .option('--take-over', 'take it also from another environment that owns it')
  .action(lazily(async () => (await import('./control/commands/import.ts')).importResource));
onAws(
  'dump',
  'write what was made by hand as config: compute environments, queues, job definitions, rules, topics that nobody owns',
)
  .option('--out <file>', 'a new file to write to, instead of standard output')
  .action(lazily(async () => (await import('./control/commands/dump.ts')).dumpExisting));

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode ??= 1;
}
