import { type Change, titled } from './change.ts';
import type { Observation } from './resource-set.ts';

/** Orphans of a kind that could not be listed stay unseen; they are not guessed. */
function unseenNotes(observations: readonly Observation[]): string[] {
  const kinds = new Map<string, string[]>();
  for (const { kind, unseen } of observations) {
    if (unseen !== undefined) kinds.set(unseen, [...(kinds.get(unseen) ?? []), kind]);
  }
  return [...kinds].map(
    ([reason, names]) =>
      `what is ours and no longer in config could not be listed (${names.sort().join(', ')}): ${reason}`,
  );
}

/**
 * What config wants may be more than the account has room for; AWS would say so in the middle of an apply. Most of what
 * goes is deleted after what comes was made.
 */
function quotaNotes(observations: readonly Observation[], changes: readonly Change[]): string[] {
  return observations.flatMap(({ kind, quota }) => {
    if (quota === undefined) return [];
    const count = (action: Change['action']): number =>
      changes.filter((change) => change.action === action && change.ref.kind === kind).length;
    const most = quota.total + count('create');
    if (count('create') === 0 || most <= quota.most) return [];
    const until = most - count('delete') <= quota.most ? ' until those that go are gone' : '';
    return [
      `${quota.what}: there would be ${most}${until}, and AWS allows ${quota.most} unless it was asked for more; ` +
        'delete some first, or ask for a higher quota',
    ];
  });
}

/** It stays in config until somebody takes it out, and makes no change until then. */
const overNotes = (observations: readonly Observation[]): string[] =>
  observations.flatMap(({ over }) => over.map(({ ref, reason }) => `${titled(ref)} is left as it is: ${reason}`));

const remarkNotes = (observations: readonly Observation[]): string[] =>
  observations.flatMap(({ remarks }) => remarks.map(({ ref, remark }) => `${titled(ref)} ${remark}`));

/** What people should know beside the changes of a plan, sorted. */
export const notesOn = (observations: readonly Observation[], changes: readonly Change[]): string[] =>
  [
    ...unseenNotes(observations),
    ...overNotes(observations),
    ...remarkNotes(observations),
    ...quotaNotes(observations, changes),
  ].sort();
