import type { Lease } from '../aws/lease.ts';
import type { Report } from '../reconcile/apply.ts';
import type { Plan } from '../reconcile/change.ts';
import { ApplyError, reasonOf } from '../reconcile/errors.ts';
import { guard } from '../reconcile/guard.ts';
import type { Permit } from '../reconcile/kind.ts';
import { reviewOf } from '../reconcile/moved.ts';
import { only, withLast } from '../reconcile/parts.ts';
import { renderReport } from '../reconcile/render/report.ts';
import type { OpenEnvironment } from './environment.ts';
import { alone, type LeaseTiming, stateBucketOf } from './exclusive.ts';
import { progressOn } from './progress.ts';
import { refuseMoved } from './review.ts';

const joined = (first: Report | undefined, second: Report): Report =>
  first === undefined
    ? second
    : {
        applied: [...first.applied, ...second.applied],
        failed: [...first.failed, ...second.failed],
        skipped: [...first.skipped, ...second.skipped],
        milliseconds: first.milliseconds + second.milliseconds,
      };

function unfinished(text: string, { aborted, reason }: AbortSignal): ApplyError {
  const stopped = aborted ? `${reason instanceof Error ? reason.message : reasonOf(reason)}: ` : '';
  return new ApplyError(`${text}\n${stopped}what is done stays; run this again to go on`);
}

/** What was done, for people. Throws ApplyError where something was not, with how to go on. */
function conclude(report: Report, signal: AbortSignal): void {
  const text = renderReport(report);
  const left = report.failed.length + report.skipped.length;
  if (left === 0) {
    console.log(text);
    return;
  }
  throw unfinished(text, signal);
}

async function shownOn(
  environment: OpenEnvironment,
  plan: Plan,
  permits: ReadonlySet<Permit>,
  signal: AbortSignal,
): Promise<Report> {
  const progress = progressOn(process.stdout);
  try {
    return await environment.carryOut(plan, { report: progress.report, permits, signal });
  } finally {
    progress.end();
  }
}

/** The lease lies in a bucket of the environment, which the first apply of all has to make before it can take it. */
async function makeStateBucket(
  environment: OpenEnvironment,
  shown: Plan,
  permits: ReadonlySet<Permit>,
): Promise<Report | undefined> {
  const plan = only(shown, 'create', stateBucketOf(environment));
  if (plan === undefined) return undefined;
  const report = await shownOn(environment, plan, permits, environment.aws.signal);
  if (report.applied.length === 0) conclude(report, environment.aws.signal);
  return report;
}

/**
 * Carries out a plan that was shown and confirmed: takes the lease, plans once more under it, and does that plan if it is
 * still the one that was shown. Throws PlanError where it is not, ApplyError where something was not applied.
 */
export async function carryOutApply(
  environment: OpenEnvironment,
  shown: Plan,
  permits: ReadonlySet<Permit>,
  timing?: LeaseTiming,
): Promise<void> {
  const first = await makeStateBucket(environment, shown, permits);
  const underLease = async ({ lost }: Lease): Promise<void> => {
    const fresh = await environment.plan();
    const leaving = first && stateBucketOf(environment);
    refuseMoved(fresh, { reviewed: reviewOf(shown), what: 'the plan that was shown', leaving });
    guard(fresh, permits);
    const signal = AbortSignal.any([environment.aws.signal, lost]);
    conclude(joined(first, await shownOn(environment, fresh, permits, signal)), signal);
  };
  try {
    await alone(environment, underLease, timing);
  } catch (error) {
    const { signal } = environment.aws;
    if (first !== undefined && signal.aborted && error === signal.reason) throw unfinished(renderReport(first), signal);
    throw error;
  }
}

/** The same for a removal: the bucket with the lease in it goes last. */
export async function carryOutRemoval(
  environment: OpenEnvironment,
  shown: Plan,
  permits: ReadonlySet<Permit>,
): Promise<void> {
  const stateBucket = stateBucketOf(environment);
  if (only(shown, 'delete', stateBucket) === undefined) {
    // What a removal broke off has left holds no lease any more.
    conclude(await shownOn(environment, shown, permits, environment.aws.signal), environment.aws.signal);
    return;
  }
  await alone(environment, async (lease) => {
    const fresh = await environment.removal();
    refuseMoved(fresh, { reviewed: reviewOf(shown), what: 'the plan that was shown' });
    guard(fresh, permits);
    const signal = AbortSignal.any([environment.aws.signal, lease.lost]);
    const plan = withLast(fresh, stateBucket, () => lease.stopRenewing());
    conclude(await shownOn(environment, plan, permits, signal), signal);
  });
}
