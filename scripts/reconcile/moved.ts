import { type Change, keyOf, type Plan } from './change.ts';
import { diff } from './diff.ts';
import type { FieldDiff, ResourceRef } from './kind.ts';
import type { Fields } from './value.ts';

/** What a review holds of a change. */
interface ReviewedChange {
  readonly action: Change['action'];
  readonly kind: string;
  readonly name: string;
  readonly live?: Fields | undefined;
  readonly desired?: Fields | undefined;
}

/** A plan that was looked at, from a file or from the terminal. */
export interface Reviewed {
  readonly owner: string;
  readonly digest: string;
  readonly changes: readonly ReviewedChange[];
  readonly situation: Readonly<Record<string, string>>;
}

/** One resource of which a fresh plan differs from the reviewed one. */
export interface Move {
  readonly key: string;
  /** `was changed since`; several where several things happened. */
  readonly what: readonly string[];
  /** The values of then and of now, where both plans have them. */
  readonly fields: readonly FieldDiff[];
}

const reviewedChange = ({ ref, ...change }: Change): ReviewedChange => ({
  action: change.action,
  kind: ref.kind,
  name: ref.name,
  ...(change.action !== 'create' && { live: change.live }),
  ...(change.action !== 'delete' && { desired: change.desired }),
});

/** What a plan that was shown leaves to be compared with the next. */
export const reviewOf = ({ owner, digest, changes, situation }: Plan): Reviewed => ({
  owner,
  digest,
  changes: changes.map(reviewedChange),
  situation,
});

function moveOf(then: ReviewedChange | undefined, now: ReviewedChange | undefined): Omit<Move, 'key'> {
  if (then === undefined && now === undefined)
    return { what: ['was changed since, and is as config wants it'], fields: [] };
  if (then === undefined)
    return { what: [`was as config wanted it, and there is now something to ${now?.action}`], fields: [] };
  if (now === undefined) return { what: [`is as config wants it now; nothing is left to ${then.action}`], fields: [] };
  const live = diff(then.live, now.live);
  const desired = diff(then.desired, now.desired);
  return {
    what: [
      ...(live.length > 0 ? ['was changed since'] : []),
      ...(desired.length > 0 ? ['is planned differently now'] : []),
      ...(then.action === now.action ? [] : [`was to ${then.action} and is to ${now.action} now`]),
    ],
    fields: [...live, ...desired].filter(({ path }) => path !== ''),
  };
}

const isNew = (now: ReviewedChange | undefined): string =>
  now === undefined ? 'is new, and as config wants it' : `is new: there is now something to ${now.action}`;

/**
 * What moved between a plan that was reviewed and a fresh one, sorted; nothing where both would do the same in the same
 * situation: another version of baton may do otherwise in it. `leaving` is left out: what was made in between on purpose.
 */
export function movedSince(reviewed: Reviewed, fresh: Reviewed, leaving?: ResourceRef): readonly Move[] {
  const changesOf = ({ changes }: Reviewed) => new Map(changes.map((change) => [keyOf(change), change]));
  const [thens, nows] = [changesOf(reviewed), changesOf(fresh)];
  const isMoved = (key: string): boolean =>
    reviewed.situation[key] !== fresh.situation[key] || thens.get(key)?.action !== nows.get(key)?.action;
  const keys = [...new Set([...Object.keys(reviewed.situation), ...Object.keys(fresh.situation)])].sort();
  return keys
    .filter((key) => isMoved(key) && (leaving === undefined || key !== keyOf(leaving)))
    .map((key) => {
      if (fresh.situation[key] === undefined) return { key, what: ['is gone'], fields: [] };
      if (reviewed.situation[key] === undefined) return { key, what: [isNew(nows.get(key))], fields: [] };
      return { key, ...moveOf(thens.get(key), nows.get(key)) };
    });
}
