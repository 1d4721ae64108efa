import { byKey, type Change, keyOf, type Plan, titled } from './change.ts';
import { changedFields, diff } from './diff.ts';
import { PlanError } from './errors.ts';
import type { FieldDiff, ResourceRef } from './kind.ts';
import { notesOn } from './notes.ts';
import { observeAll } from './observe.ts';
import { type Node, orderOf } from './order.ts';
import type { Observation, Present, Resource, ResourceSet } from './resource-set.ts';
import { digestOf, situationOf } from './situation.ts';
import { veiled, veiledFields } from './veil.ts';

function refuseForeign(resources: readonly Resource[], owner: string): void {
  const problems = resources.flatMap((resource) => {
    if (resource.state !== 'present' || resource.owner === owner) return [];
    const whose =
      resource.owner === undefined ? 'carries no tag baton:owner' : `is tagged baton:owner = ${resource.owner}`;
    const ways =
      resource.adopt === undefined
        ? 'choose another name or prefix, or delete it'
        : `choose another name or prefix, delete it, or take it over as ${owner}: import ${resource.ref.kind} ${resource.ref.name}`;
    return [`planning ${titled(resource.ref)}: it exists and ${whose}, so it is not ours to change; ${ways}`];
  });
  if (problems.length > 0) throw new PlanError(problems.toSorted());
}

/** What others hold on to cannot be deleted before its replacement is there, and both cannot have one name. */
function refuseInPlace(resources: readonly Resource[]): void {
  const problems = resources.flatMap((resource) => {
    if (resource.state !== 'present' || resource.replacedBeside === undefined) return [];
    const because = replacing(resource, diff(resource.live, resource.desired));
    if (because.length === 0) return [];
    return [
      `planning ${titled(resource.ref)}: AWS does not change its ${because.join(' and ')} in place; give it another ` +
        `${resource.replacedBeside} in config, or none, and the new one is made beside it before this one goes`,
    ];
  });
  if (problems.length > 0) throw new PlanError(problems.toSorted());
}

type Draft =
  | { readonly action: 'none'; readonly resource: Resource }
  | {
      readonly action: Change['action'];
      readonly resource: Resource;
      readonly change: (after: readonly ResourceRef[]) => Change;
    };

async function draftOf(resource: Resource): Promise<Draft> {
  const { ref } = resource;
  switch (resource.state) {
    case 'missing': {
      const { desired, create } = resource;
      return {
        action: 'create',
        resource,
        change: (after) => ({ action: 'create', ref, after, desired, perform: create }),
      };
    }
    case 'present':
      return draftOfPresent(resource);
    case 'undesired': {
      const { delete: perform } = resource;
      const live = veiled(resource.live);
      const loss = await resource.lossOf();
      return { action: 'delete', resource, change: (after) => ({ action: 'delete', ref, after, live, loss, perform }) };
    }
  }
}

/** The changed fields that only a replacement changes. */
function replacing({ immutable }: Present, fields: readonly FieldDiff[]): readonly string[] {
  const changed = changedFields(fields);
  return immutable.filter((name) => changed.has(name));
}

async function draftOfPresent(resource: Present): Promise<Draft> {
  const { ref, desired } = resource;
  const differences = diff(resource.live, desired);
  const [live, fields] = [veiled(resource.live), veiledFields(differences)];
  if (fields.length === 0) return { action: 'none', resource };
  const because = replacing(resource, fields);
  if (because.length > 0) {
    const perform: Change['perform'] = async (step) => {
      await resource.delete(step);
      await resource.create(step);
    };
    const loss = await resource.lossOf();
    return {
      action: 'replace',
      resource,
      change: (after) => ({ action: 'replace', ref, after, live, desired, fields, because, loss, perform }),
    };
  }
  const perform: Change['perform'] = (step) => resource.update(differences, step);
  return {
    action: 'update',
    resource,
    change: (after) => ({ action: 'update', ref, after, live, desired, fields, perform }),
  };
}

const nodeOf = ({ action, resource }: Draft): Node => ({
  ref: resource.ref,
  action,
  references: resource.state === 'undesired' ? resource.liveReferences : resource.references,
  liveReferences: resource.state === 'missing' ? [] : resource.liveReferences,
  replaces: resource.state === 'missing' ? resource.replaces : [],
});

async function planOf(
  observations: readonly Observation[],
  unsorted: readonly Resource[],
  owner: string,
): Promise<Plan> {
  const resources = unsorted.toSorted(byKey);
  const drafts = await Promise.all(resources.map(draftOf));
  const order = orderOf(drafts.map(nodeOf));
  const changes = drafts.flatMap((draft) =>
    draft.action === 'none' ? [] : [draft.change(order.get(keyOf(draft.resource.ref)) ?? [])],
  );
  const situation = situationOf(resources);
  return {
    owner,
    changes,
    unchanged: resources.length - changes.length,
    owned: resources.filter(({ state }) => state !== 'missing').length,
    notes: notesOn(observations, changes),
    situation,
    digest: digestOf(owner, situation),
  };
}

/**
 * Compares what config wants with what there is. What is ours and not wanted is deleted. Reads only.
 * Throws PlanError when live state cannot be read, when something of our name is not ours, or when there is no order.
 */
export async function makePlan(sets: readonly ResourceSet[], owner: string): Promise<Plan> {
  const observations = await observeAll(sets);
  const resources = observations.flatMap((each) => each.resources);
  refuseForeign(resources, owner);
  refuseInPlace(resources);
  const concerned = resources.filter((each) => each.state !== 'undesired' || each.owner === owner);
  return planOf(observations, concerned, owner);
}

/** Plans the removal of everything that is ours, in config or not. Reads only; throws as {@link makePlan}. */
export async function makeRemoval(sets: readonly ResourceSet[], owner: string): Promise<Plan> {
  const observations = await observeAll(sets);
  const ours = observations
    .flatMap((each) => each.resources)
    .flatMap((each): Resource[] =>
      each.state === 'missing' || each.owner !== owner ? [] : [{ ...each, state: 'undesired' }],
    );
  return planOf(observations, ours, owner);
}
