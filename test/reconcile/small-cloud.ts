import type { Loss, ResourceKind, ResourceRef, Step } from '../../scripts/reconcile/kind.ts';
import { type ResourceSet, resourceSet } from '../../scripts/reconcile/resource-set.ts';

/** What the small cloud keeps: something with a name, fields, and references to others. */
export interface Thing {
  readonly name: string;
  readonly size: number;
  /** Cannot be changed in place. */
  readonly shape: string;
  readonly needs: readonly ResourceRef[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly protect?: boolean;
  /** What is deleted once it was made. */
  readonly replaces?: readonly ResourceRef[];
  /** Time has passed it by. */
  readonly over?: string;
}

export const owner = 'shop/test';

interface Kept {
  readonly thing: Thing;
  readonly owner: string | undefined;
}

/** What a kind was asked to do, in order: `create disk/a`. */
export type Journal = string[];

interface Behaviour {
  /** Runs inside every change, before it takes effect. */
  readonly during?: (action: string, step: Step) => Promise<void>;
  readonly list?: () => void;
  /** What goes with whatever is deleted. */
  readonly loss?: Loss;
  /** What people should know of whatever is there. */
  readonly remark?: string;
}

export class SmallCloud {
  readonly journal: Journal = [];
  readonly kept = new Map<string, Map<string, Kept>>();
  readonly behaviour: Behaviour;

  constructor(behaviour: Behaviour = {}) {
    this.behaviour = behaviour;
  }

  /** Puts something there behind the back of whoever plans. */
  put(kind: string, thing: Thing, by: string | null = owner): void {
    this.of(kind).set(thing.name, { thing, owner: by ?? undefined });
  }

  set(kind: string, ...wanted: readonly Thing[]): ResourceSet {
    return resourceSet(this.kind(kind), wanted);
  }

  private of(kind: string): Map<string, Kept> {
    const things = this.kept.get(kind) ?? new Map<string, Kept>();
    this.kept.set(kind, things);
    return things;
  }

  private kind(kind: string): ResourceKind<Thing, Kept> {
    const things = this.of(kind);
    const act = async (verb: string, name: string, step: Step): Promise<void> => {
      const action = `${verb} ${kind}/${name}`;
      await this.behaviour.during?.(action, step);
      this.journal.push(action);
    };
    return {
      kind,
      immutable: ['shape'],
      references: ({ needs }) => needs,
      replaces: ({ replaces = [] }) => replaces,
      remaining: (spec) => (spec.over === undefined ? { spec } : { over: spec.over }),
      list: async () => {
        this.behaviour.list?.();
        return { observed: [...things].map(([name, live]) => ({ name, live, owner: live.owner })) };
      },
      toSpec: ({ thing }) => thing,
      remark: () => this.behaviour.remark,
      lossOf: async () => this.behaviour.loss,
      create: async (desired, step) => {
        await act('create', desired.name, step);
        this.put(kind, desired);
      },
      update: async (_live, desired, fields, step) => {
        await act(`update ${fields.map(({ path }) => path).join(' ')} of`, desired.name, step);
        this.put(kind, desired);
      },
      delete: async ({ thing }, step) => {
        await act('delete', thing.name, step);
        things.delete(thing.name);
      },
      // Racks belong to nobody but who made them.
      ...(kind !== 'rack' && { adopt: async () => {} }),
    };
  }
}

/** A thing of the small world: `thing('a', 'disk/b')` needs disk b. */
export const thing = (name: string, ...needs: readonly string[]): Thing => ({
  name,
  size: 1,
  shape: 'round',
  needs: needs.map((key) => ({ kind: key.replace(/\/.*/, ''), name: key.replace(/.*\//, '') })),
});
