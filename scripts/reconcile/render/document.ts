import { type Change, keyOf, type Plan } from '../change.ts';
import { permitFlags, refusalsOf } from '../guard.ts';
import type { FieldDiff, Loss } from '../kind.ts';
import type { Fields } from '../value.ts';

interface ChangeDocument {
  readonly action: Change['action'];
  readonly kind: string;
  readonly name: string;
  /** `kind/name` of the changes that are done before. */
  readonly after: readonly string[];
  /** What there is; absent in a creation. */
  readonly live?: Fields;
  /** What is wanted; absent in a deletion. */
  readonly desired?: Fields;
  /** Of an update and a replacement, each difference by its path. */
  readonly fields?: readonly FieldDiff[];
  /** Of a replacement, the fields that cannot be changed in place. */
  readonly because?: readonly string[];
  /** What would be lost with it, and the permit that it takes. */
  readonly loss?: Loss;
}

/** What apply refuses as long as its flag is not given. */
interface RefusalDocument {
  readonly flag: string;
  readonly because: readonly string[];
}

/**
 * A plan as data, for programs and for reviews: what `plan --json` prints and `plan --out` writes. Equal plans have equal
 * JSON, byte for byte. `version` rises when a reader must change; members may be added without that.
 */
export interface PlanDocument {
  readonly version: 3;
  /** The value of the tag `baton:owner`: `<project>/<environment>`. */
  readonly owner: string;
  /** SHA-256 over owner and situation. */
  readonly digest: string;
  /** Sorted by kind and name. */
  readonly changes: readonly ChangeDocument[];
  /** How many resources are as config wants them. */
  readonly unchanged: number;
  /** How many resources carry our tag. */
  readonly owned: number;
  /** What people should know beside the changes. */
  readonly notes: readonly string[];
  readonly refusals: readonly RefusalDocument[];
  /** By `kind/name`, a hash over what is wanted and what there is. */
  readonly situation: Readonly<Record<string, string>>;
}

function changeDocument({ ref, after, perform: _perform, action, ...change }: Change): ChangeDocument {
  const { loss, ...rest } = { loss: undefined, ...change };
  return { action, kind: ref.kind, name: ref.name, after: after.map(keyOf), ...rest, ...(loss && { loss }) };
}

/** The plan without what carries it out. */
export const planDocument = (plan: Plan): PlanDocument => ({
  version: 3,
  owner: plan.owner,
  digest: plan.digest,
  changes: plan.changes.map(changeDocument),
  unchanged: plan.unchanged,
  owned: plan.owned,
  notes: plan.notes,
  refusals: refusalsOf(plan).map(({ permit, because }) => ({ flag: permitFlags[permit], because })),
  situation: plan.situation,
});
