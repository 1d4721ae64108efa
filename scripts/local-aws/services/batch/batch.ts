import { setImmediate } from 'node:timers/promises';
import { serveContainerCredentials } from '../../runtime/container-credentials.ts';
import { containerEngines } from '../../runtime/container-engine.ts';
import type { Jobs, World } from '../../world.ts';
import { type Attempts, createAttempts } from './attempts.ts';
import { computeEnvironmentHandlers } from './compute-environments.ts';
import { jobDefinitionHandlers } from './job-definitions.ts';
import { jobListingHandlers } from './job-listing.ts';
import { jobQueueHandlers } from './job-queues.ts';
import { createJobStopping } from './job-stopping.ts';
import { createLifecycle } from './lifecycle.ts';
import { createScheduler } from './scheduler.ts';
import { schedulingPolicyHandlers } from './scheduling-policies.ts';
import type { BatchHandlers, BatchState, Job, JobQueue } from './state.ts';
import { type Submission, submittedJob } from './submission.ts';
import { taggedResources, taggingHandlers } from './tagging.ts';

export interface BatchSettings {
  /** Ends a transition of a compute environment or a queue, which stays CREATING, UPDATING or DELETING until then. */
  readonly settle: (finish: () => void) => void;
  /** Programs that may run images of other registries, in order of preference. */
  readonly engines: readonly string[];
}

const calm: BatchSettings = { settle: (finish) => finish(), engines: containerEngines };

/** AWS Batch: compute environments, queues, definitions, and jobs that really run. */
export function createBatch(
  world: World,
  settings: Partial<BatchSettings> = {},
): { handlers: BatchHandlers; jobs: Jobs } {
  const { settle, engines } = { ...calm, ...settings };
  const state: BatchState = {
    world,
    settle,
    environments: new Map(),
    detaching: new Set(),
    queues: new Map(),
    policies: new Map(),
    definitions: new Map(),
    jobs: new Map(),
  };
  const attempts: Attempts = createAttempts(state, () => lifecycle, serveContainerCredentials(world), engines);
  const scheduler = createScheduler(state, () => lifecycle, attempts.run);
  const lifecycle = createLifecycle(state, scheduler.reschedule);
  const stopping = createJobStopping(state, lifecycle);

  let sequence = 0;
  const submit = (input: Submission): Job => {
    const job = submittedJob(state, input, () => (sequence += 1));
    const made = [job, ...(job.array?.children ?? [])];
    for (const each of made) state.jobs.set(each.id, each);
    job.queue.unfinished += made.length;
    // The answer is on its way, and shows SUBMITTED, before the job moves on.
    void world.clock.busy(async () => {
      await setImmediate();
      lifecycle.admit(job);
    });
    return job;
  };
  const terminateAll = (queue: JobQueue, reason: string): void => {
    for (const job of state.jobs.values()) if (job.queue === queue) stopping.terminate(job, reason);
  };

  world.tagged.push(() => taggedResources(state));
  world.onStop.push(async () => {
    scheduler.stop();
    await attempts.stop();
  });
  return {
    handlers: {
      ...computeEnvironmentHandlers(state, scheduler.reschedule),
      ...jobQueueHandlers(state, { terminateAll, reschedule: scheduler.reschedule }),
      ...schedulingPolicyHandlers(state),
      ...jobDefinitionHandlers(state),
      ...jobListingHandlers(state),
      ...stopping.handlers,
      ...taggingHandlers(state),
      SubmitJob(input) {
        const job = submit(input);
        return { jobArn: job.arn, jobName: job.name, jobId: job.id };
      },
    },
    jobs: { submit: (input) => void submit(input) },
  };
}
