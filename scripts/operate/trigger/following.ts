import type { JobStatus } from '@aws-sdk/client-batch';
import type { Aws } from '../../aws/clients.ts';
import type { Site } from '../../config/names.ts';
import type { Config } from '../../config/schema.ts';
import { type Attempt, describedJobs, hasEnded, type Job } from '../job.ts';
import { situationOf, whyPending, whyRunnable } from '../waiting.ts';
import { waitingChild } from '../waiting-child.ts';
import { type Children, childrenOf } from './children.ts';
import { currentStream, jobLines } from './job-lines.ts';
import type { Tell } from './told.ts';

/** Looks at a job that has not moved after which it is asked why. */
const patience = 3;
/** Milliseconds after which that is asked again. */
const askAgain = 30_000;
/** Looks after the end of an attempt during which its log may get its last lines. */
const lateLooks = 5;

export interface Followed {
  readonly aws: Aws;
  readonly site: Site;
  readonly config: Config;
  readonly id: string;
}

/** What one look at a job saw. */
export interface Look {
  /** `undefined` where Batch does not know the job: not yet, or not any more. */
  readonly job: Job | undefined;
  readonly isNew: boolean;
}

/** A job that is looked at from time to time. */
export interface Following {
  /** Tells what has happened since the last look. */
  look(now: number): Promise<Look>;
  readonly failed: Children['failed'];
}

/** When a state began, where Batch says so; else when it was seen. */
function beginningOf({ status, createdAt, startedAt, stoppedAt }: Job, now: number): number {
  if (status === 'SUBMITTED') return createdAt;
  if (status === 'RUNNING') return startedAt ?? now;
  return status === 'SUCCEEDED' || status === 'FAILED' ? (stoppedAt ?? now) : now;
}

/** Tells the states of a job, each once for each attempt. */
function stateTeller(tell: Tell) {
  let last: { readonly status: JobStatus; readonly at: number } | undefined;
  const to = (job: Job, status: JobStatus, at: number): boolean => {
    if (last?.status === status) return false;
    const before = last && { status: last.status, lasted: at - last.at };
    last = { status, at };
    tell({ type: 'state', job, status, at, before });
    return true;
  };
  return {
    /** Says whether the state is another one. */
    see: (job: Job, now: number): boolean => to(job, job.status, beginningOf(job, now)),
    /** An attempt that began and ended between two looks. */
    ran: (job: Job, { startedAt }: Attempt): void => {
      if (startedAt !== undefined) to(job, 'RUNNING', startedAt);
    },
    /** The next attempt goes through the same states. */
    again: (): void => {
      last = undefined;
    },
  };
}

/** Says why a job waits: once it has not moved for a while, again from time to time, and each answer once. */
function waitTeller({ aws, site, config }: Followed, tell: Tell) {
  let looks = 0;
  let asked = Number.NEGATIVE_INFINITY;
  let said = '';
  let reason = '';
  const reasonsOf = async (job: Job): Promise<readonly string[]> => {
    const waiting = job.children === undefined ? job : await waitingChild(aws, job);
    if (waiting === undefined) return [];
    if (waiting.status === 'PENDING') return whyPending(aws, waiting);
    return whyRunnable(await situationOf(aws, site, config, waiting.queue), waiting);
  };
  return {
    moved: (): void => {
      looks = 0;
      asked = Number.NEGATIVE_INFINITY;
      said = '';
    },
    see: async (job: Job, now: number): Promise<void> => {
      if (job.status !== 'RUNNABLE' && job.status !== 'PENDING') return;
      looks += 1;
      if (looks < patience || (now - asked < askAgain && reason === job.reason)) return;
      asked = now;
      reason = job.reason;
      const why = await reasonsOf(job);
      if (why.length === 0 || why.join() === said) return;
      said = why.join();
      tell({ type: 'waiting', at: now, why });
    },
  };
}

/** Follows a job from whatever state it is in. */
export function following(followed: Followed, tell: Tell): Following {
  const { aws, id } = followed;
  const lines = jobLines(aws.logs, tell);
  const children = childrenOf(aws, lines, tell);
  const states = stateTeller(tell);
  const waits = waitTeller(followed, tell);
  let over = 0;
  let late = 0;

  /** What became of attempts since the last look: each one's log, then its end, unless the job's own end says that. */
  const lookAtAttempts = async (job: Job, now: number): Promise<boolean> => {
    const before = over;
    let count = 0;
    late += 1;
    const from = late > lateLooks && !hasEnded(job) ? over : Math.max(over - 1, 0);
    for (const attempt of job.attempts.slice(from)) {
      const isNew = attempt.number > over;
      if (isNew) states.ran(job, attempt);
      count += await lines.read(job, attempt.number, attempt.stream);
      if (!isNew) continue;
      over = attempt.number;
      late = 0;
      if (over === job.attempts.length && hasEnded(job)) continue;
      tell({ type: 'attempt', at: attempt.stoppedAt ?? now, attempt, of: job.mostAttempts });
      states.again();
    }
    return over > before || count > 0;
  };

  return {
    get failed() {
      return children.failed;
    },
    look: async (now) => {
      const [job] = await describedJobs(aws, [id]);
      if (job === undefined) return { job, isNew: false };
      const attempted = await lookAtAttempts(job, now);
      const begun = !hasEnded(job) && states.see(job, now);
      const said = await lines.read(job, job.attempts.length + 1, currentStream(job));
      const changed = await children.look(job, now);
      const moved = states.see(job, now) || begun || attempted;
      if (moved) waits.moved();
      await waits.see(job, now);
      return { job, isNew: moved || changed || said > 0 };
    },
  };
}
