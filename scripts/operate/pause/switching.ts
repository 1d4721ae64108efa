import type { Aws } from '../../aws/clients.ts';
import { atOnce, mapConcurrently } from '../../aws/concurrency.ts';
import { isBug, PlanError, reasonOf } from '../../reconcile/errors.ts';
import { type Switch, titleOf } from './description.ts';
import { setState } from './switches.ts';

/**
 * Puts each into its state, as many as can be: of one that fails the others are no less urgent. Returns what failed and
 * why. `signal` stops what has not begun.
 */
async function tryAll(aws: Aws, switches: readonly Switch[], signal: AbortSignal): Promise<string[]> {
  const reasons = await mapConcurrently(switches, atOnce, async ({ pausable, to }) => {
    signal.throwIfAborted();
    try {
      await setState(aws, pausable, to);
      return [];
    } catch (error) {
      if (isBug(error)) throw error;
      return [`${titleOf(pausable)}: ${reasonOf(error)}`];
    }
  });
  return reasons.flat();
}

/**
 * Switches one group after the other: who stops lets nothing fire into a queue that takes nothing, and who starts has
 * queues before anything fires. Throws PlanError naming what could not be switched, or that it was stopped.
 */
export async function switchAll(
  aws: Aws,
  doing: string,
  groups: readonly (readonly Switch[])[],
  signal: AbortSignal,
): Promise<void> {
  const failures: string[] = [];
  for (const group of groups) {
    try {
      failures.push(...(await tryAll(aws, group, signal)));
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) throw error;
      const why = error instanceof Error ? error.message : reasonOf(error);
      throw new PlanError([`${doing}: ${why}: what is done stays; run this again to go on`], { cause: error });
    }
  }
  if (failures.length === 0) return;
  throw new PlanError([
    `${doing}: ${failures.length} could not be switched:`,
    ...failures,
    'what is done stays; run this again to go on',
  ]);
}

/** What starts jobs, and the queues that take them. */
export function byRole(switches: readonly Switch[]): { readonly starting: Switch[]; readonly queues: Switch[] } {
  const isQueue = ({ pausable }: Switch): boolean => pausable.kind === 'job-queue';
  return { starting: switches.filter((each) => !isQueue(each)), queues: switches.filter(isQueue) };
}
