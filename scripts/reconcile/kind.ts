/** Points at a resource by its kind and its name in AWS. */
export interface ResourceRef {
  readonly kind: string;
  readonly name: string;
}

/** A value that survives JSON: what a spec is made of. `undefined` members are absent. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value | undefined };

/** One difference between live and desired; `path` is dotted from the spec's root (`environment.BUCKET`). */
export interface FieldDiff {
  readonly path: string;
  readonly live: Value | undefined;
  readonly desired: Value | undefined;
}

/** A resource as it is in AWS now. */
export interface Observed<Live> {
  readonly name: string;
  readonly live: Live;
  /** The value of the tag `baton:owner` (of the parent's, for what belongs to a parent); `undefined` when it has none. */
  readonly owner: string | undefined;
}

/** What there is of a kind: as far as it can be seen. */
export interface Listing<Live> {
  readonly observed: readonly Observed<Live>[];
  /** Why something of ours that config does not name may be missing; `undefined` where all of it was seen. */
  readonly unseen?: string | undefined;
  /** How many there are in the account and region, whosever they are, where AWS tells it with the listing. */
  readonly total?: number;
}

/** What time has left of a spec, or why there is nothing left to do for it. */
export type Remaining<Spec> = { readonly spec: Spec } | { readonly over: string };

/** What an operator permits beyond creating and updating, each with a flag of its own. */
export type Permit = 'deletions' | 'protected' | 'objects' | 'jobs';

/** What would be lost together with a resource. */
export interface Loss {
  /** `12 objects` */
  readonly what: string;
  readonly permit: Permit;
}

/** Handed to everything that changes AWS: how to stop, what is permitted, how to say what is being waited for. */
export interface Step {
  readonly signal: AbortSignal;
  readonly permits: ReadonlySet<Permit>;
  /** Shown beside the resource while it works: `compute environment is CREATING`. */
  waiting(forWhat: string): void;
}

/**
 * One kind of AWS resource. Everything that is particular to it lives behind this interface; plan, diff, order, guard and
 * apply are generic. An implementation is made with its clients: `jobQueueKind(aws)`.
 *
 * `Spec` is the desired state and, through `toSpec`, what live state looks like: defaults filled in, sets sorted.
 * Create, update and delete are idempotent: "already exists" and "not found" are races, not failures. A spec whose field
 * `protect` is true is protected: it is deleted and replaced only where that is permitted.
 */
export interface ResourceKind<Spec extends { readonly name: string }, Live> {
  /** `job-queue`; also the word people see. */
  readonly kind: string;
  /** A change in one of these top-level fields replaces the resource; where it depends on the change, those of that one. */
  readonly immutable:
    | readonly (keyof Spec & string)[]
    | ((live: Spec, desired: Spec) => readonly (keyof Spec & string)[]);
  /**
   * Others hold on to it, so that it is never deleted and made again under its own name: its replacement has another, and
   * a plan that would replace it is refused. The field of an entry by which that name was given.
   */
  readonly replacedBeside?: string;
  /** Resources that must be there before this one, and outlive it. */
  references(spec: Spec): readonly ResourceRef[];
  /**
   * Everything of this kind that carries our owner tag, and whatever has one of `names` whoever owns it.
   * In bulk: pages of many, never one call per resource where AWS has better.
   */
  list(names: readonly string[]): Promise<Listing<Live>>;
  /** What it takes the place of, should that be there: that is deleted once this one is made, so that there is no gap. */
  replaces?(spec: Spec): readonly ResourceRef[];
  /** For what time passes by. What is over is not made any more, and left as it is where it is there. */
  remaining?(spec: Spec): Remaining<Spec>;
  toSpec(live: Live): Spec;
  /** What people should know of it that no change can mend. */
  remark?(live: Live): string | undefined;
  create(desired: Spec, step: Step): Promise<void>;
  update(live: Live, desired: Spec, fields: readonly FieldDiff[], step: Step): Promise<void>;
  delete(live: Live, step: Step): Promise<void>;
  /** Puts our owner tag on it and changes nothing else. Absent where a resource belongs to its parent. */
  adopt?(live: Live, step: Step): Promise<void>;
  /** What a deletion takes along that nobody can make again. Reads only. */
  lossOf?(live: Live): Promise<Loss | undefined>;
  /** How many of them AWS lets an account have in a region, unless it was asked for more. */
  readonly quota?: { readonly most: number; readonly what: string };
}
