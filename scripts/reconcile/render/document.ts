import { type Change, keyOf, type Plan } from '../change.ts';
import type { FieldDiff, Loss } from '../kind.ts';
import type { Fields } from '../value.ts';

interface ChangeDocument {
  readonly action: Change['action'];
  readonly kind: string;
  readonly name: string;
  /** `kind/name` of the changes that are done before. */
  readonly after: readonly string[];
  readonly live?: Fields;
  readonly desired?: Fields;
  readonly fields?: readonly FieldDiff[];
  readonly because?: readonly string[];
  readonly loss?: Loss | undefined;
}

/** A plan as data, for programs and for tests. `version` rises when a reader must change. */
export interface PlanDocument {
  readonly version: 3;
  readonly owner: string;
  readonly digest: string;
  readonly changes: readonly ChangeDocument[];
  readonly unchanged: number;
  /** How many resources carry our tag. */
  readonly owned: number;
  readonly notes: readonly string[];
  /** By `kind/name`, a hash over what is wanted and what there is. */
  readonly situation: Readonly<Record<string, string>>;
}

function changeDocument({ ref, after, perform: _perform, ...change }: Change): ChangeDocument {
  const { action, ...rest } = change;
  return { action, kind: ref.kind, name: ref.name, after: after.map(keyOf), ...rest };
}

/** The plan without what carries it out; of equal plans the JSON is equal, byte for byte. */
export const planDocument = ({ owner, digest, changes, unchanged, owned, notes, situation }: Plan): PlanDocument => ({
  version: 3,
  owner,
  digest,
  changes: changes.map(changeDocument),
  unchanged,
  owned,
  notes,
  situation,
});
