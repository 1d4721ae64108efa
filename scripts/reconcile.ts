/**
 * npm run reconcile -- validate | plan | apply
 *
 * Makes AWS what the config says. Exit codes: 0 nothing to do or done, 1 failed, 2 changes pending.
 */
import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from './config/load.ts';
import type { OpenEnvironment } from './control/environment.ts';
import { failureText } from './control/failure.ts';
import { progressOn } from './control/progress.ts';
import { PlanError } from './reconcile/errors.ts';
import { guard } from './reconcile/guard.ts';
import type { Permit } from './reconcile/kind.ts';
import { planDocument } from './reconcile/render/document.ts';
import { renderPlan, renderReport } from './reconcile/render/text.ts';

interface Options {
  readonly environment: string;
  readonly config: string;
  readonly var: Readonly<Record<string, string>>;
}

function addVariable(text: string, variables: Options['var']): Options['var'] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('write KEY=VALUE');
  return { ...variables, [name]: value };
}

const loadOptions = ({ environment, config, var: variables }: Options) => ({
  directory: config,
  environment,
  variables,
});

/** The first Ctrl-C lets what is under way finish and begins nothing new; the second ends at once, as it always does. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new PlanError(['stopped by Ctrl-C'])));
  return controller.signal;
}

async function withEnvironment(options: Options, work: (environment: OpenEnvironment) => Promise<void>): Promise<void> {
  // Validating needs none of AWS's clients, which take longer to load than all files to check.
  const { openEnvironment } = await import('./control/environment.ts');
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  const environment = await openEnvironment({ ...loadOptions(options), endpoint, signal: interruptible() });
  try {
    await work(environment);
  } finally {
    environment.close();
  }
}

function validate(options: Options): void {
  const { config, site } = loadConfig(loadOptions(options));
  const count = Object.values(config).reduce<number>(
    (sum, section) => sum + (typeof section === 'string' ? 0 : Object.keys(section).length),
    0,
  );
  console.log(`config is valid for ${site.environment}: ${count} entries`);
}

async function plan(options: Options & { readonly json?: boolean }): Promise<void> {
  await withEnvironment(options, async (environment) => {
    const made = await environment.plan();
    console.log(options.json ? JSON.stringify(planDocument(made), null, 2) : renderPlan(made));
    if (made.changes.length > 0) process.exitCode = 2;
  });
}

async function confirmed({ loaded: { site } }: OpenEnvironment): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new PlanError(['applying: nobody is here to be asked; say --yes to apply the plan without a question']);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const gone = new AbortController();
  terminal.on('SIGINT', () => gone.abort()).on('close', () => gone.abort());
  try {
    const question = `Apply this to ${site.environment} (account ${site.account})? [y/N] `;
    const answer = await terminal.question(question, { signal: gone.signal }).catch((error: unknown) => {
      // Ctrl-C and Ctrl-D are a no.
      if (gone.signal.aborted) return '';
      throw error;
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

interface Permissions {
  readonly allowDeletions?: boolean;
  readonly allowProtected?: boolean;
  readonly deleteObjects?: boolean;
  readonly terminateJobs?: boolean;
}

const permitsOf = (options: Permissions): ReadonlySet<Permit> =>
  new Set<Permit>([
    ...(options.allowDeletions ? (['deletions'] as const) : []),
    ...(options.allowProtected ? (['protected'] as const) : []),
    ...(options.deleteObjects ? (['objects'] as const) : []),
    ...(options.terminateJobs ? (['jobs'] as const) : []),
  ]);

async function apply(options: Options & Permissions & { readonly yes?: boolean }): Promise<void> {
  await withEnvironment(options, async (environment) => {
    const made = await environment.plan();
    console.log(renderPlan(made));
    if (made.changes.length === 0) return;
    guard(made, permitsOf(options));
    if (!options.yes && !(await confirmed(environment))) {
      console.log('nothing was changed');
      process.exitCode = 2;
      return;
    }
    const progress = progressOn(process.stdout);
    try {
      console.log(renderReport(await environment.apply(made, progress.report)));
    } finally {
      progress.end();
    }
  });
}

const program = new Command('reconcile').description('Makes AWS what the config says.').addHelpText(
  'after',
  `
Exit codes: 0 nothing to do or done, 1 failed, 2 changes pending.

Examples:
  npm run reconcile -- validate --environment production    every mistake in the files, with its place
  npm run reconcile -- plan                                  what apply would do to the embedded AWS of npm run local
  npm run reconcile -- plan --environment staging --json     the same for a program
  npm run reconcile -- apply --environment staging           shows the plan, asks, applies it
  npm run reconcile -- apply --var feedType=other --yes      with another value for a variable, without asking`,
);

const command = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .option('-e, --environment <name>', 'a file in environments/ of the config folder', 'local')
    .option('-c, --config <folder>', 'where the YAML files are', 'config')
    .option('--var <KEY=VALUE>', 'another value for a variable; may be repeated', addVariable, {});

command('validate', 'check the config; asks AWS nothing').action(validate);
command('plan', 'show what apply would do; changes nothing').option('--json', 'for programs').action(plan);
command('apply', 'show the plan, and do it')
  .option('-y, --yes', 'without asking')
  .option('--allow-deletions', 'also where more than 30 % of what is owned would go')
  .option('--allow-protected', 'also what is protected')
  .option('--delete-objects', 'buckets with what is in them')
  .option('--terminate-jobs', 'queues with the jobs that are in them')
  .action(apply);

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode = 1;
}
