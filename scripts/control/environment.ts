import { accountOf } from '../aws/account.ts';
import { type Aws, awsClients } from '../aws/clients.ts';
import { written } from '../config/issue.ts';
import { type LoadedConfig, type LoadOptions, loadConfig } from '../config/load.ts';
import { ownerOf } from '../config/names.ts';
import { desiredState } from '../desired/desired-state.ts';
import type { DesiredState } from '../kinds/desired-state.ts';
import { resourceSets } from '../kinds/resource-sets.ts';
import { type ApplyOptions, applyPlan, type Report } from '../reconcile/apply.ts';
import type { Plan } from '../reconcile/change.ts';
import { ApplyError, isBug, PlanError, reasonOf } from '../reconcile/errors.ts';
import { makePlan } from '../reconcile/plan.ts';
import { renderReport } from '../reconcile/render/text.ts';
import { destinationOf } from './endpoint.ts';

export interface OpenOptions extends LoadOptions {
  /** Where the embedded AWS listens; only an environment whose target is `embedded` looks at it. */
  readonly endpoint?: string | undefined;
  /** Stops reading and applying between two requests. */
  readonly signal?: AbortSignal;
}

/** One environment, its config loaded and its account confirmed. Close it, or connections stay open. */
export interface OpenEnvironment {
  readonly loaded: LoadedConfig;
  /** Clients of where it lives. */
  readonly aws: Aws;
  /** Compares config with AWS; reads only. */
  plan(): Promise<Plan>;
  /** Carries out exactly this plan. Throws ApplyError when something was not applied. */
  apply(plan: Plan, report: ApplyOptions['report']): Promise<Report>;
  close(): void;
}

async function refuseOtherAccount(aws: Aws, { site, placeOf }: LoadedConfig, endpoint?: string): Promise<void> {
  const { account, environment } = site;
  const caller = await accountOf(aws).catch((error: unknown) => {
    if (isBug(error)) throw error;
    const [whom, next] =
      endpoint === undefined
        ? ['AWS', `give credentials of account ${account}, such as a profile in AWS_PROFILE`]
        : [`the embedded AWS at ${endpoint}`, 'start it with "npm run local"'];
    throw new PlanError([`asking ${whom} who is calling: ${reasonOf(error)}; ${next}`], { cause: error });
  });
  if (caller.account !== account) {
    throw new PlanError([
      `environment "${environment}" is account ${account} (${written(placeOf(['account']))}), and the credentials are of account ${caller.account}; ` +
        'use credentials of that account, or choose another --environment',
    ]);
  }
}

/**
 * Loads an environment and connects to where it lives. Throws ConfigError for a mistake in its files, PlanError when
 * the embedded AWS or the right account is not there.
 */
export async function openEnvironment({ endpoint, signal, ...options }: OpenOptions): Promise<OpenEnvironment> {
  const loaded = loadConfig(options);
  const { site } = loaded;
  const owner = ownerOf(site);
  const stop = signal ?? new AbortController().signal;
  const destination = destinationOf(loaded, endpoint);
  const aws = awsClients({ region: site.region, owner, signal: stop, ...destination });
  try {
    await refuseOtherAccount(aws, loaded, destination.endpoint);
  } catch (error) {
    aws.close();
    throw error;
  }
  // The files that make it were read once, with the config: a second plan is of the same wishes, and builds nothing anew.
  let desired: Promise<DesiredState> | undefined;
  const plan = async (): Promise<Plan> => {
    desired ??= desiredState(loaded, options.root);
    return makePlan(resourceSets(aws, await desired), owner);
  };
  return {
    loaded,
    aws,
    plan,
    apply: async (plan, report) => {
      const done = await applyPlan(plan, { signal: stop, report });
      if (done.failed.length + done.skipped.length > 0) throw new ApplyError(renderReport(done));
      return done;
    },
    close: () => aws.close(),
  };
}
