import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import type { DesiredState } from '../../scripts/kinds/desired-state.ts';
import { resourceSets } from '../../scripts/kinds/resource-sets.ts';
import type { LocalAws } from '../../scripts/local-aws/server.ts';
import { applyPlan, type Report } from '../../scripts/reconcile/apply.ts';
import type { Plan } from '../../scripts/reconcile/change.ts';
import { makePlan, makeRemoval } from '../../scripts/reconcile/plan.ts';
import type { ResourceSet } from '../../scripts/reconcile/resource-set.ts';
import { owner } from './written-config.ts';

/** What one process does with clients of its own: it knows nothing of those before. */
export async function asProcess<T>(
  { endpoint, world }: LocalAws,
  desired: DesiredState,
  run: (sets: readonly ResourceSet[], aws: Aws) => Promise<T>,
): Promise<T> {
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws = awsClients({ region: world.region, owner, endpoint, credentials });
  try {
    return await run(resourceSets(aws, desired), aws);
  } finally {
    aws.close();
  }
}

const carriedOut = (plan: Plan): Promise<Report> =>
  applyPlan(plan, { signal: new AbortController().signal, report: () => {}, permits: new Set(['objects', 'jobs']) });

/** Plans, and carries that out. */
export const apply = async (sets: readonly ResourceSet[]): Promise<Report> => carriedOut(await makePlan(sets, owner));

/** Plans the removal of all that is ours, and carries that out. */
export const destroy = async (sets: readonly ResourceSet[]): Promise<Report> =>
  carriedOut(await makeRemoval(sets, owner));

/** What went wrong, in words. */
export const troubles = ({ failed, skipped }: Report): readonly string[] =>
  [...failed, ...skipped].map(
    ({ change, reason }) => `${change.action} ${change.ref.kind} ${change.ref.name}: ${reason}`,
  );
