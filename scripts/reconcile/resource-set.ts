import type { FieldDiff, ResourceKind, ResourceRef, Step } from './kind.ts';
import { type Fields, plainFields } from './value.ts';

interface Identity {
  readonly ref: ResourceRef;
}

/** In config and not in AWS. */
interface Missing extends Identity {
  readonly state: 'missing';
  readonly desired: Fields;
  readonly references: readonly ResourceRef[];
  create(step: Step): Promise<void>;
}

/** In config and in AWS, whoever owns it. */
export interface Present extends Identity {
  readonly state: 'present';
  readonly owner: string | undefined;
  readonly desired: Fields;
  readonly live: Fields;
  readonly references: readonly ResourceRef[];
  readonly liveReferences: readonly ResourceRef[];
  /** The top-level fields that only a replacement changes. */
  readonly immutable: readonly string[];
  create(step: Step): Promise<void>;
  update(fields: readonly FieldDiff[], step: Step): Promise<void>;
  delete(step: Step): Promise<void>;
}

/** In AWS and not in config. */
interface Undesired extends Identity {
  readonly state: 'undesired';
  readonly owner: string | undefined;
  readonly live: Fields;
  readonly liveReferences: readonly ResourceRef[];
  delete(step: Step): Promise<void>;
}

export type Resource = Missing | Present | Undesired;

/** One kind and what config wants of it; the types of its specs and live state stay inside. */
export interface ResourceSet {
  readonly kind: string;
  /** Reads what there is and pairs it with what is wanted. */
  observe(): Promise<readonly Resource[]>;
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
    create: (step) => kind.create(spec, step),
  };
}

/** Joins a kind and its specs into what plan and apply work on, without knowing their types. */
export function resourceSet<Spec extends { readonly name: string }, Live>(
  kind: ResourceKind<Spec, Live>,
  specs: readonly Spec[],
): ResourceSet {
  const wanted = byName(kind.kind, specs);
  const observe = async (): Promise<readonly Resource[]> => {
    const observed = await kind.list([...wanted.keys()]);
    const resources = observed.map(({ name, live, owner }): Resource => {
      const spec = wanted.get(name);
      const liveSpec = kind.toSpec(live);
      const common = {
        ref: { kind: kind.kind, name },
        owner,
        live: plainFields(liveSpec),
        liveReferences: kind.references(liveSpec),
        delete: (step: Step) => kind.delete(live, step),
      };
      if (spec === undefined) return { state: 'undesired', ...common };
      return {
        state: 'present',
        ...common,
        desired: plainFields(spec),
        references: kind.references(spec),
        immutable: kind.immutable,
        create: (step) => kind.create(spec, step),
        update: (fields, step) => kind.update(live, spec, fields, step),
      };
    });
    const there = new Set(observed.map(({ name }) => name));
    return [...resources, ...specs.filter(({ name }) => !there.has(name)).map((spec) => missing(kind, spec))];
  };
  return { kind: kind.kind, observe };
}
