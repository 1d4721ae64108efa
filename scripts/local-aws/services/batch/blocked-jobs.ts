import { announce, type Lifecycle } from './lifecycle.ts';
import type { BatchState, Job } from './state.ts';

/** Why the job at the head of a queue cannot start, in the words of .../userguide/job_stuck_in_runnable.html. */
export const blocked = {
  invalid: 'ACTION_REQUIRED - CE(s) associated with the job queue are invalid.',
  tooManyVcpus:
    'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.',
  wrongPlatform:
    'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.',
} as const;

/** Says why a job is stuck at the head of its queue, or with `undefined` that it is not. */
export function setBlocked(state: BatchState, lifecycle: Lifecycle, job: Job, reason: string | undefined): void {
  if (job.statusReason !== reason) {
    job.timeLimit?.cancel();
    delete job.timeLimit;
    if (reason === undefined) delete job.statusReason;
    else job.statusReason = reason;
    if (reason !== undefined) announce(state, 'Batch Job Queue Blocked', job);
  }
  if (reason !== undefined && job.timeLimit === undefined) limitTime(state, lifecycle, job, reason);
}

/** The queue's jobStateTimeLimitActions: cancels the job when it is stuck for so long for that reason. */
function limitTime(state: BatchState, lifecycle: Lifecycle, job: Job, blockedBy: string): void {
  const limit = job.queue.timeLimits.find(({ reason = '' }) => blockedBy.startsWith(reason));
  if (limit === undefined) return;
  job.timeLimit = state.world.clock.after((limit.maxTimeSeconds ?? 0) * 1000, () => {
    const reason = `Canceled by JobStateTimeLimit action due to reason: ${limit.reason}`;
    job.stop = { kind: 'cancelled', reason };
    lifecycle.finish(job, 'FAILED', reason);
  });
}
