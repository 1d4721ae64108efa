import { keyOf, type Plan } from './change.ts';
import type { ResourceRef } from './kind.ts';

/** The same plan with one of its changes after all others, and `before` just before it. */
export function withLast(plan: Plan, last: ResourceRef, before: () => Promise<void>): Plan {
  const others = plan.changes.map(({ ref }) => ref).filter((ref) => keyOf(ref) !== keyOf(last));
  const changes = plan.changes.map((change): Plan['changes'][number] => {
    if (keyOf(change.ref) !== keyOf(last)) return change;
    const perform: typeof change.perform = async (step) => {
      await before();
      await change.perform(step);
    };
    return { ...change, after: others, perform };
  });
  return { ...plan, changes };
}

/** Only the change of one resource, as a plan of its own; `undefined` where there is none of this action. */
export function only(plan: Plan, action: Plan['changes'][number]['action'], ref: ResourceRef): Plan | undefined {
  const change = plan.changes.find((each) => each.action === action && keyOf(each.ref) === keyOf(ref));
  return change && { ...plan, changes: [{ ...change, after: [] }] };
}
