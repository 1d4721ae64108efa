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

/** Handed to everything that changes AWS: how to stop, and how to say what is being waited for. */
export interface Step {
  readonly signal: AbortSignal;
  /** Shown beside the resource while it works: `compute environment is CREATING`. */
  waiting(forWhat: string): void;
}

/**
 * One kind of AWS resource. Everything that is particular to it lives behind this interface; plan, diff, order, guard and
 * apply are generic. An implementation is made with its clients: `jobQueueKind(aws)`.
 *
 * `Spec` is the desired state and, through `toSpec`, what live state looks like: defaults filled in, sets sorted.
 * Create, update and delete are idempotent: "already exists" and "not found" are races, not failures.
 */
export interface ResourceKind<Spec extends { readonly name: string }, Live> {
  /** `job-queue`; also the word people see. */
  readonly kind: string;
  /** A change in one of these top-level fields replaces the resource. */
  readonly immutable: readonly (keyof Spec & string)[];
  /** Resources that must be there before this one, and outlive it. */
  references(spec: Spec): readonly ResourceRef[];
  /**
   * Everything of this kind that carries our owner tag, and whatever has one of `names` whoever owns it.
   * In bulk: pages of many, never one call per resource where AWS has better.
   */
  list(names: readonly string[]): Promise<readonly Observed<Live>[]>;
  toSpec(live: Live): Spec;
  create(desired: Spec, step: Step): Promise<void>;
  update(live: Live, desired: Spec, fields: readonly FieldDiff[], step: Step): Promise<void>;
  delete(live: Live, step: Step): Promise<void>;
}
