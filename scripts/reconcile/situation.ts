import { createHash } from 'node:crypto';
import { keyOf, type Plan } from './change.ts';
import type { Resource } from './resource-set.ts';

const sha256 = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Over specs in their clothes, never over raw answers with their timestamps and statuses. */
export function situationOf(resources: readonly Resource[]): Plan['situation'] {
  return Object.fromEntries(
    resources.map((resource) => {
      const desired = resource.state === 'undesired' ? null : resource.desired;
      const live = resource.state === 'missing' ? null : resource.live;
      return [keyOf(resource.ref), sha256([desired, live]).slice(0, 16)];
    }),
  );
}

export const digestOf = (owner: string, situation: Plan['situation']): string => sha256([owner, situation]);
