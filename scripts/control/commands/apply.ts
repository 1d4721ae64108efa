import { guard } from '../../reconcile/guard.ts';
import { renderPlan } from '../../reconcile/render/text.ts';
import { carryOutApply } from '../carry-out.ts';
import type { OpenEnvironment } from '../environment.ts';
import { type CommonFlags, type PermitFlags, permitsOf } from '../options.ts';
import { readPlanFile } from '../plan-file.ts';
import { agreed } from '../question.ts';
import { refuseMoved } from '../review.ts';
import { withEnvironment } from '../session.ts';

interface ApplyFlags extends CommonFlags, PermitFlags {
  readonly yes?: boolean;
  /** A plan that was reviewed: nothing else is applied. */
  readonly plan?: string;
}

const confirmed = async ({ loaded: { site } }: OpenEnvironment): Promise<boolean> =>
  await agreed(
    `Apply this to ${site.environment} (account ${site.account})? [y/N] `,
    'applying: nobody is here to be asked; say --yes to apply the plan without a question, or --plan FILE to apply one that was reviewed',
  );

/** Shows the plan and does it. Exit code 2 where somebody said no. */
export async function apply(flags: ApplyFlags): Promise<void> {
  const reviewed = flags.plan === undefined ? undefined : readPlanFile(flags.plan);
  await withEnvironment(flags, async (environment) => {
    const shown = await environment.plan();
    console.log(renderPlan(shown));
    if (reviewed) refuseMoved(shown, { reviewed, what: `the plan in "${flags.plan}"` });
    if (shown.changes.length === 0) return;
    const permits = permitsOf(flags);
    guard(shown, permits);
    if (reviewed === undefined && !flags.yes && !(await confirmed(environment))) return;
    await carryOutApply(environment, shown, permits);
  });
}
