import type { Pace } from '../../aws/waiting.ts';
import { PlanError, reasonOf } from '../../reconcile/errors.ts';
import type { Clock } from '../clock.ts';
import { hasEnded, type Job } from '../job.ts';
import { passes } from '../passing.ts';
import type { Following, Look } from './following.ts';
import type { Tell } from './told.ts';

/** Milliseconds that AWS may be out of reach, one look after the other, before following is given up. */
const longestTrouble = 10 * 60_000;
/** Milliseconds after which a job that was just submitted must be known. */
const unknownFor = 60_000;
/** Milliseconds between two looks at most: lines of a log should not come later. */
const longestPause = 5_000;
/** A log has its last lines some seconds after the job has ended: it is over when so many looks bring nothing new. */
const quietLooks = 2;
const mostLateLooks = 6;
const latePause = 1_500;

export interface Watch {
  readonly following: Following;
  readonly clock: Clock;
  readonly pace: Pace;
  /** Whether lines of a log come late. */
  readonly isDistant: boolean;
  /** When to give up, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly stop: AbortSignal;
  readonly tell: Tell;
  /** Shows what is going on, between two looks. */
  show(now: number): void;
}

export interface Watched {
  readonly why: 'ended' | 'timed out' | 'stopped';
  /** As it was last seen; `undefined` where it never was. */
  readonly job: Job | undefined;
}

/** Looks again as long as what goes wrong may pass; `undefined` for a look that failed. */
function patientLook({ following, clock, tell }: Watch): () => Promise<Look | undefined> {
  let since: number | undefined;
  return async () => {
    try {
      const look = await following.look(clock.now());
      since = undefined;
      return look;
    } catch (error) {
      const now = clock.now();
      if (!passes(error) || (since !== undefined && now - since > longestTrouble)) throw error;
      if (since === undefined) tell({ type: 'trouble', at: now, reason: reasonOf(error) });
      since ??= now;
      return undefined;
    }
  };
}

async function readLateLines({ clock, isDistant, stop }: Watch, look: () => Promise<Look | undefined>): Promise<void> {
  if (!isDistant) return;
  let quiet = 0;
  for (let looks = 0; looks < mostLateLooks && quiet < quietLooks && !stop.aborted; looks += 1) {
    await clock.wait(latePause, stop);
    const seen = await look();
    quiet = seen?.isNew === true ? 0 : quiet + 1;
  }
}

/**
 * Looks at a job until it has ended, the time is over, or somebody wants it to stop: often while something happens, and
 * less and less often while nothing does.
 */
export async function watch(watching: Watch): Promise<Watched> {
  const { clock, pace, deadline, stop, show } = watching;
  const look = patientLook(watching);
  const begun = clock.now();
  let job: Job | undefined;
  let pause = pace.first;
  for (;;) {
    const seen = await look();
    job = seen?.job ?? job;
    const now = clock.now();
    if (seen?.job !== undefined && hasEnded(seen.job)) {
      await readLateLines(watching, look);
      return { why: 'ended', job };
    }
    if (seen !== undefined && seen.job === undefined && (job !== undefined || now - begun > unknownFor)) {
      throw new PlanError(['AWS Batch does not know the job; it keeps those that have ended for about 7 days']);
    }
    if (stop.aborted) return { why: 'stopped', job };
    if (now >= deadline) return { why: 'timed out', job };
    show(now);
    pause = seen?.isNew === true ? pace.first : Math.min(pause * 1.5, pace.most, longestPause);
    await clock.wait(Math.min(pause, deadline - now), stop);
  }
}
