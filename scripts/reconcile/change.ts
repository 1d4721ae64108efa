import type { FieldDiff, Loss, ResourceRef, Step } from './kind.ts';
import type { Fields } from './value.ts';

interface Planned {
  readonly ref: ResourceRef;
  /** The changes that must be done before this one: what it refers to; for a deletion, what still refers to it. */
  readonly after: readonly ResourceRef[];
  perform(step: Step): Promise<void>;
}

interface Creation extends Planned {
  readonly action: 'create';
  readonly desired: Fields;
}

interface Update extends Planned {
  readonly action: 'update';
  readonly live: Fields;
  readonly desired: Fields;
  readonly fields: readonly FieldDiff[];
}

/** Deletes and creates under the same name. What others hold on to has its immutable fields in its name instead. */
interface Replacement extends Planned {
  readonly action: 'replace';
  readonly live: Fields;
  readonly desired: Fields;
  readonly fields: readonly FieldDiff[];
  /** The immutable fields that differ. */
  readonly because: readonly string[];
  /** What goes with the old one. */
  readonly loss: Loss | undefined;
}

/** Carries our owner tag and is not in config. */
interface Deletion extends Planned {
  readonly action: 'delete';
  readonly live: Fields;
  readonly loss: Loss | undefined;
}

/** One thing that apply will do. */
export type Change = Creation | Update | Replacement | Deletion;

/** What apply will do, whole: it never looks again. */
export interface Plan {
  readonly owner: string;
  /** Sorted by kind and name. */
  readonly changes: readonly Change[];
  /** How many resources are as config wants them. */
  readonly unchanged: number;
  /** How many resources carry our tag now. */
  readonly owned: number;
  /** What people should know beside the changes: what could not be seen, which quota would be passed. Sorted. */
  readonly notes: readonly string[];
  /** By key, a hash over what is wanted of a resource and what there is: what two plans compare to say what moved. */
  readonly situation: Readonly<Record<string, string>>;
  /** SHA-256 over owner and situation: two plans with one digest are of the same situation. */
  readonly digest: string;
}

export const keyOf = ({ kind, name }: ResourceRef): string => `${kind}/${name}`;

/** `job queue "feeds"`: how people see a resource. */
export const titled = ({ kind, name }: ResourceRef): string => `${kind.replaceAll('-', ' ')} "${name}"`;

export const byKey = (a: { readonly ref: ResourceRef }, b: { readonly ref: ResourceRef }): number =>
  keyOf(a.ref) < keyOf(b.ref) ? -1 : 1;
