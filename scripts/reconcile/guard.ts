import { type Plan, titled } from './change.ts';
import { PlanError } from './errors.ts';

/** What may be done beyond creating and updating. */
export interface Permissions {
  /** Resources may be deleted, or deleted and created anew. */
  readonly deletions: boolean;
}

/**
 * Holds back a plan that takes something away: an entry that was lost in an edit looks just like one that is not wanted
 * any more. Throws PlanError with the counts, the names, and the flag that permits it.
 */
export function guard({ owner, changes }: Plan, permitted: Permissions): void {
  const losses = changes.filter(({ action }) => action === 'delete' || action === 'replace');
  if (losses.length === 0 || permitted.deletions) return;
  const named = losses.map(({ action, ref }) => `  ${action} ${titled(ref)}`);
  throw new PlanError([
    `applying to ${owner}: ${losses.length} of ${changes.length} changes delete or replace something:`,
    ...named,
    'nothing was changed; put back into the config what should stay, or say --allow-deletions',
  ]);
}
