import type { Change, Plan } from '../change.ts';

/** `2 to create, 1 to update; 25 unchanged` */
export function countsOf({ changes, unchanged }: Pick<Plan, 'changes' | 'unchanged'>): string {
  const count = (action: Change['action']): number => changes.filter((change) => change.action === action).length;
  const parts = (['create', 'update', 'replace', 'delete'] as const).flatMap((action) =>
    count(action) === 0 ? [] : [`${count(action)} to ${action}`],
  );
  return `${parts.length === 0 ? 'nothing to do' : parts.join(', ')}; ${unchanged} unchanged`;
}
