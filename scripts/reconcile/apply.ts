import { type Change, keyOf, type Plan, titled } from './change.ts';
import { reasonOf } from './errors.ts';
import type { Permit, ResourceRef } from './kind.ts';

/** What happens to one change while a plan is applied. */
export type Progress =
  | { readonly type: 'started'; readonly change: Change }
  | { readonly type: 'waiting'; readonly change: Change; readonly forWhat: string }
  | ({ readonly type: 'applied' } & Applied)
  | ({ readonly type: 'failed' } & Failed)
  | ({ readonly type: 'skipped' } & Skipped);

interface Applied {
  readonly change: Change;
  readonly milliseconds: number;
}

interface Failed {
  readonly change: Change;
  readonly milliseconds: number;
  readonly reason: string;
}

interface Skipped {
  readonly change: Change;
  readonly reason: string;
}

/** How a plan went, each list in the order of the plan. */
export interface Report {
  readonly applied: readonly Applied[];
  readonly failed: readonly Failed[];
  readonly skipped: readonly Skipped[];
  /** From the first beginning to the last end. */
  readonly milliseconds: number;
}

export interface ApplyOptions {
  /** What the operator permitted; kinds hold to it once more when they delete. */
  readonly permits?: ReadonlySet<Permit>;
  /** Once aborted, nothing new begins; what is under way sees the signal too. */
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  /** How many changes are under way at the same time. */
  readonly concurrency?: number;
}

type Result = Extract<Progress, { readonly type: 'applied' | 'failed' | 'skipped' }>;

/** Lets `limit` tasks run at a time; the others wait their turn. */
function turns(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

async function perform(change: Change, { signal, report, permits = new Set() }: ApplyOptions): Promise<Result> {
  if (signal.aborted) return { type: 'skipped', change, reason: 'stopped before it began' };
  report({ type: 'started', change });
  const start = performance.now();
  const milliseconds = (): number => Math.round(performance.now() - start);
  try {
    const waiting = (forWhat: string): void => report({ type: 'waiting', change, forWhat });
    await change.perform({ signal, permits, waiting });
    return { type: 'applied', change, milliseconds: milliseconds() };
  } catch (error) {
    return { type: 'failed', change, milliseconds: milliseconds(), reason: reasonOf(error) };
  }
}

/** Why a change cannot begin, given how those before it went. */
function obstacle(before: readonly Result[]): string | undefined {
  const bad = before.find(({ type }) => type !== 'applied');
  if (bad === undefined) return undefined;
  return `${titled(bad.change.ref)} ${bad.type === 'failed' ? 'failed' : 'was skipped'}`;
}

/**
 * Carries out exactly this plan: each change as soon as those it comes after are done, many at a time. Repeats nothing;
 * a failure skips only what depends on it. Never throws for a failed change: the report tells.
 */
export async function applyPlan(plan: Plan, options: ApplyOptions): Promise<Report> {
  const start = performance.now();
  const inTurn = turns(options.concurrency ?? 8);
  const changes = new Map(plan.changes.map((change) => [keyOf(change.ref), change]));
  const results = new Map<string, Promise<Result>>();
  const carryOut = async (change: Change): Promise<Result> => {
    const before = await Promise.all(change.after.flatMap((ref) => resultOf(ref) ?? []));
    const reason = obstacle(before);
    const result: Result =
      reason === undefined ? await inTurn(() => perform(change, options)) : { type: 'skipped', change, reason };
    options.report(result);
    return result;
  };
  const resultOf = (ref: ResourceRef): Promise<Result> | undefined => {
    const key = keyOf(ref);
    const change = changes.get(key);
    if (change !== undefined && !results.has(key)) results.set(key, carryOut(change));
    return results.get(key);
  };
  const all = await Promise.all(plan.changes.flatMap(({ ref }) => resultOf(ref) ?? []));
  return {
    applied: all.filter((result) => result.type === 'applied'),
    failed: all.filter((result) => result.type === 'failed'),
    skipped: all.filter((result) => result.type === 'skipped'),
    milliseconds: Math.round(performance.now() - start),
  };
}
