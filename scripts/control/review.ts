import type { Plan } from '../reconcile/change.ts';
import { PlanError } from '../reconcile/errors.ts';
import type { ResourceRef } from '../reconcile/kind.ts';
import { movedSince, type Reviewed, reviewOf } from '../reconcile/moved.ts';
import { renderMoves } from '../reconcile/render/moves.ts';

interface Review {
  readonly reviewed: Reviewed;
  /** `the plan in "plan.json"` */
  readonly what: string;
  /** Was made on purpose since. */
  readonly leaving?: ResourceRef | undefined;
}

/** Holds back a plan that is not of the situation that was reviewed. Throws PlanError with everything that moved. */
export function refuseMoved(fresh: Plan, { reviewed, what, leaving }: Review): void {
  if (reviewed.owner !== fresh.owner) {
    throw new PlanError([`applying to ${fresh.owner}: ${what} is of ${reviewed.owner}; choose its --environment`]);
  }
  const moves = movedSince(reviewed, reviewOf(fresh), leaving);
  if (moves.length === 0) return;
  throw new PlanError([
    `applying to ${fresh.owner}: ${what} is not what would be done now; nothing was changed. What moved since:`,
    ...renderMoves(moves),
    'read a new plan, and apply that',
  ]);
}
