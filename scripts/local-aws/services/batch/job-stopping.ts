import { clientException } from './errors.ts';
import { isFinished, isPlaced, type Lifecycle } from './lifecycle.ts';
import type { BatchHandlers, BatchState, Job } from './state.ts';

export interface JobStopping {
  readonly handlers: BatchHandlers;
  /** Ends a job wherever it is: what runs is sent SIGTERM and, 30 s later, SIGKILL. */
  terminate(job: Job, reason: string): void;
}

export function createJobStopping(state: BatchState, lifecycle: Lifecycle): JobStopping {
  const existing = (id: string): Job => {
    const found = state.jobs.get(id);
    if (found === undefined) throw clientException(`Job ${id} not found`);
    return found;
  };

  const cancel = (job: Job, reason: string): void => {
    // The call succeeds without effect on what has started or ended (API_CancelJob).
    if (isFinished(job) || isPlaced(job)) return;
    job.stop = { kind: 'cancelled', reason };
    if (job.array !== undefined) for (const child of job.array.children) cancel(child, reason);
    // "A PENDING job is canceled after all dependency jobs are completed."
    else if (job.waitsFor.size === 0) lifecycle.finish(job, 'FAILED', reason);
  };

  const terminate: JobStopping['terminate'] = (job, reason) => {
    if (isFinished(job)) return;
    job.stop = { kind: 'terminated', reason };
    if (job.array !== undefined) for (const child of job.array.children) terminate(child, reason);
    else if (isPlaced(job)) job.interrupt?.();
    else lifecycle.finish(job, 'FAILED', reason);
  };

  return {
    terminate,
    handlers: {
      CancelJob({ jobId, reason }) {
        cancel(existing(jobId), reason);
        return {};
      },
      TerminateJob({ jobId, reason }) {
        terminate(existing(jobId), reason);
        return {};
      },
    },
  };
}
