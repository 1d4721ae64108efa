import { isBug, PlanError, reasonOf } from './errors.ts';
import type { Observation, ResourceSet } from './resource-set.ts';

/**
 * Reads all kinds at the same time. Throws PlanError where AWS refuses, the kinds that it refused with one reason named
 * together.
 */
export async function observeAll(sets: readonly ResourceSet[]): Promise<readonly Observation[]> {
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
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
