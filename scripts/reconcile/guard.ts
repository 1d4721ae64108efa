import { type Change, type Plan, titled } from './change.ts';
import { PlanError } from './errors.ts';
import type { Permit } from './kind.ts';

/** From this many owned resources on, a share says something. */
const population = 10;
const share = 0.3;

/** How each thing is permitted on the command line. */
export const permitFlags = {
  deletions: '--allow-deletions',
  protected: '--allow-protected',
  objects: '--delete-objects',
  jobs: '--terminate-jobs',
} as const satisfies Record<Permit, string>;

/** Something in a plan that must be permitted. */
export interface Refusal {
  readonly permit: Permit;
  /** What would be done, with counts and names. */
  readonly because: readonly string[];
}

type Losing = Extract<Change, { readonly action: 'delete' | 'replace' }>;

const isLosing = (change: Change): change is Losing => change.action === 'delete' || change.action === 'replace';

/** New revisions, images and code are updates and creations, so only what is really lost counts. */
function tooMany(losing: readonly Losing[], owned: number): Refusal[] {
  if (owned < population || losing.length <= share * owned) return [];
  const percent = Math.round((losing.length / owned) * 100);
  return [
    {
      permit: 'deletions',
      because: [
        `${losing.length} of ${owned} owned resources (${percent} %) would be deleted or replaced, and more than ${share * 100} % looks like a mistake:`,
        ...losing.map(({ action, ref }) => `  ${action} ${titled(ref)}`),
      ],
    },
  ];
}

/** It is remembered in a tag, so that a block that went from config does not take its protection along. */
const isProtected = (change: Losing): boolean =>
  change.live['protect'] === true || (change.action === 'replace' && change.desired['protect'] === true);

/** What has to be permitted before a plan is applied; nothing for a plan that only creates and updates. */
export function refusalsOf({ changes, owned }: Plan): readonly Refusal[] {
  const losing = changes.filter(isLosing);
  const would = ({ action, ref }: Losing): string => `${titled(ref)} would be ${action}d`;
  return [
    ...tooMany(losing, owned),
    ...losing
      .filter(isProtected)
      .map((change): Refusal => ({ permit: 'protected', because: [`${would(change)} and is protected`] })),
    ...losing.flatMap((change): Refusal[] =>
      change.loss === undefined
        ? []
        : [{ permit: change.loss.permit, because: [`${would(change)} with ${change.loss.what}`] }],
    ),
  ];
}

/** A line each; the first names the flag that permits it. */
export const refusalLines = ({ because, permit }: Refusal): string[] => {
  const [first = '', ...more] = because;
  return [`${first.replace(/:$/, '')}; say ${permitFlags[permit]} to permit it`, ...more];
};

/**
 * Holds back a plan that takes away more than is permitted: an entry that was lost in an edit looks just like one that is
 * not wanted any more. Throws PlanError with the counts, the names, and the flags that permit it.
 */
export function guard(plan: Plan, permits: ReadonlySet<Permit>): void {
  const refused = refusalsOf(plan).filter(({ permit }) => !permits.has(permit));
  if (refused.length === 0) return;
  throw new PlanError([`applying to ${plan.owner}: nothing was changed:`, ...refused.flatMap(refusalLines)]);
}
