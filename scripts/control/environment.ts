import { accountOf } from '../aws/account.ts';
import { type Aws, type AwsOptions, awsClients } from '../aws/clients.ts';
import { type Pause, readStateBucketTags } from '../aws/pause-tags.ts';
import { written } from '../config/issue.ts';
import { type LoadedConfig, type LoadOptions, loadConfig } from '../config/load.ts';
import { names, ownerOf } from '../config/names.ts';
import { desiredState } from '../desired/desired-state.ts';
import type { DesiredState } from '../kinds/desired-state.ts';
import { resourceSets } from '../kinds/resource-sets.ts';
import { type ApplyOptions, applyPlan, type Report } from '../reconcile/apply.ts';
import type { Plan } from '../reconcile/change.ts';
import { ApplyError, isBug, PlanError, reasonOf } from '../reconcile/errors.ts';
import { makePlan, makeRemoval } from '../reconcile/plan.ts';
import { renderReport } from '../reconcile/render/report.ts';
import type { ResourceSet } from '../reconcile/resource-set.ts';
import { boundaryNotes } from './boundary-notes.ts';
import { destinationOf } from './endpoint.ts';
import { pausedState, pauseNote } from './paused.ts';
import { buildable, explained, explainedSet, type Where } from './trouble.ts';

export interface OpenOptions extends LoadOptions {
  /** Where the embedded AWS listens; only an environment whose target is `embedded` looks at it. */
  readonly endpoint?: string | undefined;
  /** What an environment on the embedded AWS is asked with; one on AWS leaves that to the SDK. */
  readonly credentials?: AwsOptions['credentials'] | undefined;
  /** Stops reading and applying between two requests. */
  readonly signal?: AbortSignal;
  readonly onCall?: AwsOptions['onCall'];
}

/** One environment, its config loaded and its account confirmed. Close it, or connections stay open. */
export interface OpenEnvironment {
  readonly loaded: LoadedConfig;
  /** The value of the tag `baton:owner` on everything in it. */
  readonly owner: string;
  /** Clients of where it lives. */
  readonly aws: Aws;
  /** Who paused it, `undefined` where nobody did. Reads the tags of the bucket that it keeps its notes in. */
  pause(): Promise<Pause | undefined>;
  /** Every kind, with what config wants of it; as long as it is paused, disabled. */
  sets(): Promise<readonly ResourceSet[]>;
  /** Compares config with AWS; reads only. */
  plan(): Promise<Plan>;
  /** Plans to delete everything that is ours; reads only. */
  removal(): Promise<Plan>;
  /** Carries out exactly this plan. What fails is in the report. */
  carryOut(plan: Plan, options: Omit<ApplyOptions, 'signal'> & Partial<ApplyOptions>): Promise<Report>;
  /** The same; throws ApplyError when something was not applied. */
  apply(plan: Plan, report: ApplyOptions['report']): Promise<Report>;
  close(): void;
}

/** Clients of where an environment lives, and that place. */
export interface Connection {
  readonly aws: Aws;
  readonly where: Where;
}

async function refuseOtherAccount(aws: Aws, { site, placeOf }: LoadedConfig, where: Where): Promise<void> {
  const { account, environment } = site;
  const caller = await explained(accountOf(aws), where).catch((error: unknown) => {
    if (isBug(error)) throw error;
    const whom = where.endpoint === undefined ? 'AWS' : 'the embedded AWS';
    throw new PlanError([`asking ${whom} who is calling: ${reasonOf(error)}`], { cause: error });
  });
  if (caller.account !== account) {
    throw new PlanError([
      `environment "${environment}" is account ${account} (${written(placeOf(['account']))}), and the credentials are of account ${caller.account}; ` +
        'use credentials of that account, or choose another --environment',
    ]);
  }
}

type ConnectOptions = Pick<OpenOptions, 'endpoint' | 'credentials' | 'onCall'> & {
  /** The value of the tag `baton:owner` on what the clients make. */
  readonly owner: string;
  readonly signal: AbortSignal;
};

/** Connects to where an environment lives. Throws PlanError when the embedded AWS or the right account is not there. */
export async function connect(loaded: LoadedConfig, options: ConnectOptions): Promise<Connection> {
  const { endpoint, credentials, owner, signal, onCall } = options;
  const { region, account } = loaded.site;
  const destination = destinationOf(loaded, endpoint, credentials);
  const aws = awsClients({ region, owner, signal, ...destination, ...(onCall && { onCall }) });
  const where = { account, region, endpoint: destination.endpoint };
  try {
    await refuseOtherAccount(aws, loaded, where);
  } catch (error) {
    aws.close();
    throw error;
  }
  return { aws, where };
}

/** Loads an environment and connects to where it lives. Throws ConfigError for a mistake in its files, and as {@link connect}. */
export async function openEnvironment(options: OpenOptions): Promise<OpenEnvironment> {
  const loaded = loadConfig(options);
  const owner = ownerOf(loaded.site);
  const stop = options.signal ?? new AbortController().signal;
  const { aws, where } = await connect(loaded, { ...options, owner, signal: stop });
  // The files that make it were read once, with the config: a second plan is of the same wishes, and builds nothing anew.
  let desired: Promise<DesiredState> | undefined;
  const pause = async (): Promise<Pause | undefined> => {
    const bucket = names.stateBucket(loaded.site);
    const tags = await explained(readStateBucketTags(aws, bucket), where).catch((error: unknown) => {
      if (isBug(error)) throw error;
      throw new PlanError([`reading whether ${owner} is paused (the tags of bucket "${bucket}"): ${reasonOf(error)}`], {
        cause: error,
      });
    });
    return tags?.owner === owner ? tags.pause : undefined;
  };
  const wanted = async (): Promise<{ readonly sets: readonly ResourceSet[]; readonly paused: Pause | undefined }> => {
    desired ??= buildable(desiredState(loaded, options.root));
    const [state, paused] = await Promise.all([desired, pause()]);
    const now = paused === undefined ? state : pausedState(loaded.site, state);
    return { sets: resourceSets(aws, now).map((set) => explainedSet(set, where)), paused };
  };
  const plan = async (): Promise<Plan> => {
    const { sets, paused } = await wanted();
    const made = await makePlan(sets, owner);
    const pausing = paused === undefined ? [] : [pauseNote(loaded.site, paused)];
    return { ...made, notes: [...pausing, ...made.notes, ...boundaryNotes(loaded, made)] };
  };
  const carryOut: OpenEnvironment['carryOut'] = (plan, more) => applyPlan(plan, { signal: stop, ...more });
  return {
    loaded,
    owner,
    aws,
    pause,
    sets: async () => (await wanted()).sets,
    plan,
    removal: async () => makeRemoval((await wanted()).sets, owner),
    carryOut,
    apply: async (plan, report) => {
      const done = await carryOut(plan, { report });
      if (done.failed.length + done.skipped.length > 0) throw new ApplyError(renderReport(done));
      return done;
    },
    close: () => aws.close(),
  };
}
