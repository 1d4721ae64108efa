import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { ownerOf, type Site } from '../config/names.ts';
import { keysIn } from '../control/endpoint.ts';
import { type Connection, connect } from '../control/environment.ts';
import { interruptedCode, listenForInterruption } from '../control/interruption.ts';
import { progressOn } from '../control/progress.ts';
import { agreed } from '../control/question.ts';
import { saying } from '../control/reading.ts';
import { explainedSet } from '../control/trouble.ts';
import { applyPlan } from '../reconcile/apply.ts';
import type { Plan } from '../reconcile/change.ts';
import { ApplyError } from '../reconcile/errors.ts';
import { makePlan } from '../reconcile/plan.ts';
import { renderReport } from '../reconcile/render/report.ts';
import { renderPlan } from '../reconcile/render/text.ts';
import { bootstrapSets } from './desired.ts';
import { githubSteps } from './github-steps.ts';
import type { Repository } from './trust.ts';
import { trustedIds } from './trusted-ids.ts';
import { notesOnRoles } from './unbounded-roles.ts';

export interface BootstrapFlags {
  readonly environment: string;
  readonly config: string;
  readonly repository: Repository;
  readonly plan?: boolean;
  readonly yes?: boolean;
}

/**
 * The owner of what is made here: another one than that of the environment, whose plan would delete it, and whose roles
 * could change it.
 */
const bootstrapOwner = (site: Site): string => `${ownerOf(site)}/bootstrap`;

async function carryOut(plan: Plan, signal: AbortSignal): Promise<void> {
  const progress = progressOn(process.stdout);
  const report = await applyPlan(plan, { signal, report: progress.report }).finally(() => progress.end());
  const text = renderReport(report);
  if (report.failed.length + report.skipped.length === 0) console.log(text);
  else throw new ApplyError(`${text}\nwhat is done stays; run this again to go on`);
}

async function confirmed({ environment, account }: Site): Promise<boolean> {
  const question = `Make this for ${environment} (account ${account})? [y/N] `;
  const otherwise = `bootstrapping ${environment}: nobody is here to be asked; say --yes to make it without a question`;
  return await agreed(question, otherwise);
}

/** The repository by the ids that were said, or else by those that the roles trust already. */
async function withIds({ aws }: Connection, site: Site, repository: Repository): Promise<Repository> {
  if (repository.ids !== undefined) return repository;
  const ids = await saying('asking AWS whom the roles trust', trustedIds(aws, site, repository));
  if (ids === undefined) return repository;
  console.log(
    `note: the roles go on trusting owner id ${ids.owner} and repository id ${ids.repository}, as they do now`,
  );
  return { ...repository, ids };
}

async function makeWhatIsMissing(loaded: LoadedConfig, flags: BootstrapFlags, signal: AbortSignal): Promise<void> {
  const owner = bootstrapOwner(loaded.site);
  const where = { endpoint: process.env['AWS_ENDPOINT_URL'], credentials: keysIn(process.env) };
  const connection = await saying('asking AWS who is calling', connect(loaded, { ...where, owner, signal }));
  let { repository } = flags;
  try {
    repository = await withIds(connection, loaded.site, repository);
    const sets = bootstrapSets(connection.aws, loaded, repository);
    const explained = sets.map((set) => explainedSet(set, connection.where));
    const plan = await saying('comparing with what is there', makePlan(explained, owner));
    const notes = await saying('looking for roles without bounds', notesOnRoles(connection.aws, loaded));
    console.log(renderPlan({ ...plan, notes: [...plan.notes, ...notes] }));
    if (plan.changes.length > 0) {
      if (flags.plan) {
        process.exitCode = 2;
        return;
      }
      if (!flags.yes && !(await confirmed(loaded.site))) return;
      await carryOut(plan, signal);
    }
  } finally {
    connection.aws.close();
  }
  console.log(`\n${githubSteps(loaded.site, repository)}`);
}

/**
 * Shows what jobs of a repository need to work with an environment and makes what is not so: takes the rights of an
 * administrator, and may be repeated. Exit code 2 where something is left to do.
 */
export async function bootstrap(flags: BootstrapFlags): Promise<void> {
  using interruption = listenForInterruption();
  const { signal } = interruption;
  try {
    await makeWhatIsMissing(loadConfig({ directory: flags.config, environment: flags.environment }), flags, signal);
  } catch (error) {
    if (signal.aborted) process.exitCode = interruptedCode;
    throw error;
  }
}
