import type { JobStatus } from '@aws-sdk/client-batch';
import { jobDetail } from './job-detail.ts';
import type { BatchState, Job } from './state.ts';

export const isFinished = ({ status }: Job): boolean => status === 'SUCCEEDED' || status === 'FAILED';
export const isPlaced = ({ status }: Job): boolean => status === 'STARTING' || status === 'RUNNING';

/** "The job state for SUCCEEDED jobs is persisted in AWS Batch for at least 7 days", and that of FAILED ones as well. */
const keptFor = 7 * 24 * 60 * 60 * 1000;

const dependencyFailed = 'Dependent Job failed';

export interface Lifecycle {
  /** Takes a job that was just submitted to PENDING or RUNNABLE. */
  admit(job: Job): void;
  /** Moves a job on, and tells the event bus. */
  move(job: Job, status: JobStatus, statusReason?: string): void;
  /** Puts a job into its queue, in order of submission; an attempt that is retried keeps its job's place. */
  enqueue(job: Job): void;
  /** Ends a job and whatever follows from its end: the jobs that depend on it, the array it is part of. */
  finish(job: Job, status: 'SUCCEEDED' | 'FAILED', statusReason: string): void;
  /** Removes a job from its queue. */
  dequeue(job: Job): void;
}

/** The states of docs.aws.amazon.com/batch/latest/userguide/job_states.html. */
export function createLifecycle(state: BatchState, reschedule: () => void): Lifecycle {
  const endings: (() => void)[] = [];

  const move: Lifecycle['move'] = (job, status, statusReason) => {
    job.status = status;
    if (statusReason === undefined) delete job.statusReason;
    else job.statusReason = statusReason;
    announce(state, 'Batch Job State Change', job);
  };

  const dequeue: Lifecycle['dequeue'] = (job) => {
    const at = job.queue.runnable.indexOf(job);
    if (at >= 0) job.queue.runnable.splice(at, 1);
    job.timeLimit?.cancel();
    delete job.timeLimit;
  };

  const enqueue: Lifecycle['enqueue'] = (job) => {
    const { runnable } = job.queue;
    const behind = runnable.findLastIndex((each) => each.sequence < job.sequence);
    runnable.splice(behind + 1, 0, job);
    job.positionedAt = state.world.clock.now();
    move(job, 'RUNNABLE');
    // docs.aws.amazon.com/batch/latest/APIReference/API_ListJobs.html: an array is PENDING while its children run.
    const parent = job.child?.parent;
    if (parent?.status === 'SUBMITTED') move(parent, 'PENDING');
    reschedule();
  };

  const advance = (job: Job): void => {
    if (isFinished(job)) return;
    if ([...job.waitsFor].some((each) => each.status === 'FAILED')) finish(job, 'FAILED', dependencyFailed);
    else if (job.waitsFor.size > 0) {
      if (job.status === 'SUBMITTED') move(job, 'PENDING');
    } else if (job.stop === undefined) enqueue(job);
    else finish(job, 'FAILED', job.stop.reason);
  };

  const finish: Lifecycle['finish'] = (job, status, statusReason) => {
    endings.push(() => end(job, status, statusReason));
    // One ending may cause thousands more (a sequential array): they follow one another instead of nesting.
    if (endings.length === 1) while (endings[0] !== undefined) runFirst(endings);
  };

  const end = (job: Job, status: 'SUCCEEDED' | 'FAILED', statusReason: string): void => {
    if (isFinished(job)) return;
    dequeue(job);
    job.stoppedAt = state.world.clock.now();
    move(job, status, statusReason);
    for (const dependent of job.dependents) {
      dependent.waitsFor.delete(job);
      if (status === 'FAILED') finish(dependent, 'FAILED', dependencyFailed);
      else if (dependent.status === 'PENDING') advance(dependent);
    }
    endArrayWithLast(job);
    // The children of an array are kept as long as the array.
    if (job.child === undefined) state.world.clock.after(keptFor, () => forget(job));
    job.queue.unfinished -= 1;
    if (job.queue.unfinished === 0) job.queue.onDrained?.();
    reschedule();
  };

  const forget = (job: Job): void => {
    for (const each of [job, ...(job.array?.children ?? [])]) state.jobs.delete(each.id);
  };

  const endArrayWithLast = ({ child }: Job): void => {
    const array = child?.parent.array;
    if (child === undefined || array === undefined) return;
    array.unfinished -= 1;
    if (array.unfinished > 0) return;
    if (array.children.some((each) => each.status === 'FAILED'))
      finish(child.parent, 'FAILED', 'Array Child Job failed');
    else finish(child.parent, 'SUCCEEDED', 'Array Child Jobs succeeded');
  };

  const admit: Lifecycle['admit'] = (job) => {
    for (const child of job.array?.children ?? []) advance(child);
    if (job.array === undefined) advance(job);
    else if (job.status === 'SUBMITTED') move(job, 'PENDING');
  };

  return { admit, move, enqueue, finish, dequeue };
}

/** The list keeps its head while it runs, so that what it adds waits its turn. */
function runFirst(endings: (() => void)[]): void {
  try {
    endings[0]?.();
  } finally {
    endings.shift();
  }
}

/** docs.aws.amazon.com/batch/latest/userguide/batch_cwe_events.html; the submission itself raises no event. */
export function announce(
  state: BatchState,
  detailType: 'Batch Job State Change' | 'Batch Job Queue Blocked',
  job: Job,
): void {
  state.world.ports.events.put({
    source: 'aws.batch',
    'detail-type': detailType,
    resources: detailType === 'Batch Job Queue Blocked' ? [job.arn, job.queue.arn] : [job.arn],
    detail: jobDetail(job),
  });
}
