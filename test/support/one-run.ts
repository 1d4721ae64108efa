import assert from 'node:assert/strict';
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

/**
 * Runs it again, each time by a process of its own, until it finds nothing to do; in a storm that takes some looks, since
 * what is read may be late.
 */
export async function untilNothingIsLeftToDo(
  local: LocalAws,
  desired: DesiredState,
  command: typeof apply,
  looks = 4,
): Promise<void> {
  for (let left = looks; ; left -= 1) {
    const report = await asProcess(local, desired, command);
    const done = report.applied.map(({ change: { action, ref } }) => `${action} ${ref.kind} ${ref.name}`);
    const found = [...troubles(report), ...done];
    if (found.length === 0) return;
    assert.ok(left > 1, `${command.name} still finds something to do: ${found.join('; ')}`);
  }
}
