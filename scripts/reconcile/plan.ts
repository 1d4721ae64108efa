import { createHash } from 'node:crypto';
import { byKey, type Change, keyOf, type Plan, titled } from './change.ts';
import { changedFields, diff } from './diff.ts';
import { isBug, PlanError, reasonOf } from './errors.ts';
import type { ResourceRef } from './kind.ts';
import { type Node, orderOf } from './order.ts';
import type { Present, Resource, ResourceSet } from './resource-set.ts';

/** All kinds are read at the same time. Where AWS refuses, the kinds it refused with one reason are named together. */
async function observeAll(sets: readonly ResourceSet[]): Promise<readonly Resource[]> {
  const results = await Promise.allSettled(sets.map((set) => set.observe()));
  const refused = new Map<string, string[]>();
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') continue;
    if (isBug(result.reason) || result.reason instanceof PlanError) throw result.reason;
    const reason = reasonOf(result.reason);
    refused.set(reason, [...(refused.get(reason) ?? []), sets[index]?.kind ?? '']);
  }
  if (refused.size > 0) {
    throw new PlanError([...refused].map(([reason, kinds]) => `reading live state (${kinds.join(', ')}): ${reason}`));
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
}

function refuseForeign(resources: readonly Resource[], owner: string): void {
  const problems = resources.flatMap((resource) => {
    if (resource.state !== 'present' || resource.owner === owner) return [];
    const whose =
      resource.owner === undefined ? 'carries no tag baton:owner' : `is tagged baton:owner = ${resource.owner}`;
    return [
      `planning ${titled(resource.ref)}: it exists and ${whose}, so it is not ours to change; ` +
        `choose another name or prefix, delete it, or hand it over by tagging it baton:owner = ${owner}`,
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

function draftOf(resource: Resource): Draft {
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
      const { live, delete: perform } = resource;
      return { action: 'delete', resource, change: (after) => ({ action: 'delete', ref, after, live, perform }) };
    }
  }
}

function draftOfPresent(resource: Present): Draft {
  const { ref, live, desired } = resource;
  const fields = diff(live, desired);
  if (fields.length === 0) return { action: 'none', resource };
  const changed = changedFields(fields);
  const because = resource.immutable.filter((name) => changed.has(name));
  if (because.length > 0) {
    const perform: Change['perform'] = async (step) => {
      await resource.delete(step);
      await resource.create(step);
    };
    return {
      action: 'replace',
      resource,
      change: (after) => ({ action: 'replace', ref, after, live, desired, fields, because, perform }),
    };
  }
  const perform: Change['perform'] = (step) => resource.update(fields, step);
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
});

function digestOf(owner: string, resources: readonly Resource[]): string {
  const situation = resources.map((resource) => [
    keyOf(resource.ref),
    resource.state === 'undesired' ? null : resource.desired,
    resource.state === 'missing' ? null : resource.live,
  ]);
  return createHash('sha256')
    .update(JSON.stringify([owner, situation]))
    .digest('hex');
}

/**
 * Compares what config wants with what there is. What is ours and not wanted is deleted. Reads only.
 * Throws PlanError when live state cannot be read, when something of our name is not ours, or when there is no order.
 */
export async function makePlan(sets: readonly ResourceSet[], owner: string): Promise<Plan> {
  const observed = await observeAll(sets);
  refuseForeign(observed, owner);
  const resources = observed.filter((each) => each.state !== 'undesired' || each.owner === owner).toSorted(byKey);
  const drafts = resources.map(draftOf);
  const order = orderOf(drafts.map(nodeOf));
  const changes = drafts.flatMap((draft) =>
    draft.action === 'none' ? [] : [draft.change(order.get(keyOf(draft.resource.ref)) ?? [])],
  );
  return {
    owner,
    changes,
    unchanged: resources.length - changes.length,
    digest: digestOf(owner, resources),
  };
}
