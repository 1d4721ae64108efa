import type { LoadedConfig } from '../config/load.ts';
import { grantedBesides } from '../desired/boundary.ts';
import type { Plan } from '../reconcile/change.ts';

/**
 * What a plan grants that does not bear the prefix and was not granted before. Applying works either way, and the job is
 * refused it as long as the boundary is an older one; what that holds, the role that plans is not told.
 */
export function boundaryNotes(
  { site, config, environment }: LoadedConfig,
  { changes }: Pick<Plan, 'changes'>,
): string[] {
  if (environment.permissionsBoundary === undefined) return [];
  const granted = grantedBesides(site, config);
  return changes.flatMap((change) => {
    if (change.ref.kind !== 'role' || change.action === 'delete') return [];
    const before = change.action === 'create' ? '' : JSON.stringify(change.live);
    const after = JSON.stringify(change.desired);
    return [...granted].flatMap(([resource, actions]) => {
      const arn = JSON.stringify(resource);
      if (before.includes(arn) || !after.includes(arn)) return [];
      return `role "${change.ref.name}" gets ${[...actions].join(', ')} on ${resource}, which does not begin with the prefix: its boundary allows that only if bootstrap has run with this config; npm run bootstrap -- -e ${site.environment} --plan shows it`;
    });
  });
}
