import type { FieldDiff, Listing, Loss, Observed, Remaining, ResourceKind, ResourceRef, Step } from './kind.ts';
import { type Fields, plainFields } from './value.ts';

interface Identity {
  readonly ref: ResourceRef;
}

/** In config and not in AWS. */
interface Missing extends Identity {
  readonly state: 'missing';
  readonly desired: Fields;
  readonly references: readonly ResourceRef[];
  /** What is deleted after it was made. */
  readonly replaces: readonly ResourceRef[];
  create(step: Step): Promise<void>;
}

/** What is in AWS, wanted or not, whoever owns it. */
interface Existing extends Identity {
  readonly owner: string | undefined;
  readonly live: Fields;
  readonly liveReferences: readonly ResourceRef[];
  delete(step: Step): Promise<void>;
  /** Puts our tag on it; `undefined` where it belongs to its parent. */
  readonly adopt: ((step: Step) => Promise<void>) | undefined;
  /** What a deletion would take along. */
  lossOf(): Promise<Loss | undefined>;
}

/** In config and in AWS. */
export interface Present extends Existing {
  readonly state: 'present';
  readonly desired: Fields;
  readonly references: readonly ResourceRef[];
  /** The top-level fields that only a replacement changes. */
  readonly immutable: readonly string[];
  /** The field of its entry that gives it a name: it is replaced under another one only. */
  readonly replacedBeside: string | undefined;
  create(step: Step): Promise<void>;
  update(fields: readonly FieldDiff[], step: Step): Promise<void>;
}

/** In AWS and not in config. */
interface Undesired extends Existing {
  readonly state: 'undesired';
}

export type Resource = Missing | Present | Undesired;

/** What there is of a kind and what config wants of it, in pairs. */
export interface Observation {
  readonly kind: string;
  readonly resources: readonly Resource[];
  readonly unseen: string | undefined;
  /** What config wants and time has passed by, with the reason. */
  readonly over: readonly { readonly ref: ResourceRef; readonly reason: string }[];
  /** What people should know of what config wants and is there. */
  readonly remarks: readonly { readonly ref: ResourceRef; readonly remark: string }[];
  /** Of those in the account, ours or not, and how many it may have. */
  readonly quota: { readonly total: number; readonly most: number; readonly what: string } | undefined;
}

/** One kind and what config wants of it; the types of its specs and live state stay inside. */
export interface ResourceSet {
  readonly kind: string;
  /** Reads what there is and pairs it with what is wanted; and what has one of these names besides, whoever owns it. */
  observe(others?: readonly string[]): Promise<Observation>;
}

function byName<Spec extends { readonly name: string }>(kind: string, specs: readonly Spec[]): Map<string, Spec> {
  const wanted = new Map(specs.map((spec) => [spec.name, spec]));
  if (wanted.size === specs.length) return wanted;
  const names = specs.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  throw new Error(`two specs of kind ${kind} are named "${twice}"`);
}

function missing<Spec extends { readonly name: string }, Live>(kind: ResourceKind<Spec, Live>, spec: Spec): Missing {
  return {
    state: 'missing',
    ref: { kind: kind.kind, name: spec.name },
    desired: plainFields(spec),
    references: kind.references(spec),
    replaces: kind.replaces?.(spec) ?? [],
    create: (step) => kind.create(spec, step),
  };
}

function existing<Spec extends { readonly name: string }, Live>(
  kind: ResourceKind<Spec, Live>,
  { name, live, owner }: Observed<Live>,
  wanted: Remaining<Spec> | undefined,
): Present | Undesired {
  const liveSpec = kind.toSpec(live);
  const { adopt } = kind;
  const common: Existing = {
    ref: { kind: kind.kind, name },
    owner,
    live: plainFields(liveSpec),
    liveReferences: kind.references(liveSpec),
    delete: (step) => kind.delete(live, step),
    adopt: adopt && ((step) => adopt(live, step)),
    lossOf: async () => kind.lossOf?.(live),
  };
  if (wanted === undefined) return { state: 'undesired', ...common };
  const spec = 'spec' in wanted ? wanted.spec : liveSpec;
  return {
    state: 'present',
    ...common,
    desired: plainFields(spec),
    references: kind.references(spec),
    immutable: typeof kind.immutable === 'function' ? kind.immutable(liveSpec, spec) : kind.immutable,
    replacedBeside: kind.replacedBeside,
    create: (step) => kind.create(spec, step),
    update: (fields, step) => kind.update(live, spec, fields, step),
  };
}

const quotaOf = <Spec extends { readonly name: string }, Live>(
  { quota }: ResourceKind<Spec, Live>,
  { total }: Listing<Live>,
): Observation['quota'] => (quota === undefined || total === undefined ? undefined : { ...quota, total });

/** Joins a kind and its specs into what plan and apply work on, without knowing their types. */
export function resourceSet<Spec extends { readonly name: string }, Live>(
  kind: ResourceKind<Spec, Live>,
  specs: readonly Spec[],
): ResourceSet {
  const named = byName(kind.kind, specs);
  const observe = async (others: readonly string[] = []): Promise<Observation> => {
    const listing = await kind.list([...new Set([...named.keys(), ...others])]);
    const there = new Set(listing.observed.map(({ name }) => name));
    const wanted = [...named].map(([name, spec]) => [name, kind.remaining?.(spec) ?? { spec }] as const);
    const remaining = new Map(wanted);
    return {
      kind: kind.kind,
      resources: [
        ...listing.observed.map((each) => existing(kind, each, remaining.get(each.name))),
        ...wanted.flatMap(([name, each]) => ('spec' in each && !there.has(name) ? [missing(kind, each.spec)] : [])),
      ],
      unseen: listing.unseen,
      over: wanted.flatMap(([name, each]) =>
        'over' in each ? [{ ref: { kind: kind.kind, name }, reason: each.over }] : [],
      ),
      remarks: listing.observed.flatMap(({ name, live }) => {
        const remark = remaining.has(name) ? kind.remark?.(live) : undefined;
        return remark === undefined ? [] : [{ ref: { kind: kind.kind, name }, remark }];
      }),
      quota: quotaOf(kind, listing),
    };
  };
  return { kind: kind.kind, observe };
}
