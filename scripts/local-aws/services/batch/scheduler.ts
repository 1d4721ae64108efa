import { setImmediate } from 'node:timers/promises';
import { blocked, setBlocked } from './blocked-jobs.ts';
import { sizeOf } from './container-properties.ts';
import type { Lifecycle } from './lifecycle.ts';
import { type BatchState, type ComputeEnvironment, isFargate, type Job, type JobQueue, nameIn } from './state.ts';

type Placement =
  | { readonly type: 'place'; readonly environment: ComputeEnvironment }
  | { readonly type: 'wait'; readonly for: readonly ComputeEnvironment[] }
  | { readonly type: 'blocked'; readonly reason: string };

export interface Scheduler {
  /** Asks for a look at the queues, soon. */
  reschedule(): void;
  stop(): void;
}

/**
 * Places runnable jobs: queues of higher priority first, each queue in order of submission, each job on the first compute
 * environment of its queue with enough free vCPUs. Queues share their compute environments. What the head of a queue waits
 * for is not given to queues of lower priority, so that small jobs cannot starve a large one.
 */
export function createScheduler(
  state: BatchState,
  lifecycle: () => Lifecycle,
  run: (job: Job, environment: ComputeEnvironment) => Promise<void>,
): Scheduler {
  const used = new Map<ComputeEnvironment, number>();
  let planned = false;
  let stopped = false;

  const reschedule = (): void => {
    if (planned || stopped) return;
    planned = true;
    void state.world.clock.busy(async () => {
      await setImmediate();
      planned = false;
      if (!stopped) placeAll();
    });
  };

  const placeAll = (): void => {
    const claimed = new Set<ComputeEnvironment>();
    const queues = [...state.queues.values()].sort((a, b) => b.priority - a.priority);
    for (const queue of queues) placeFrom(queue, claimed);
  };

  const placeFrom = (queue: JobQueue, claimed: Set<ComputeEnvironment>): void => {
    for (let job = queue.runnable[0]; job !== undefined; job = queue.runnable[0]) {
      const placement = placementOf(job, claimed);
      setBlocked(state, lifecycle(), job, placement.type === 'blocked' ? placement.reason : undefined);
      if (placement.type === 'wait') for (const environment of placement.for) claimed.add(environment);
      if (placement.type !== 'place') return;
      start(job, placement.environment);
    }
  };

  const placementOf = (job: Job, claimed: ReadonlySet<ComputeEnvironment>): Placement => {
    const attached = job.queue.environments.flatMap(
      ({ computeEnvironment }) => state.environments.get(nameIn(computeEnvironment ?? '')) ?? [],
    );
    if (attached.every((each) => each.status === 'INVALID')) return { type: 'blocked', reason: blocked.invalid };
    const suited = attached.filter((each) => runsOn(job, each));
    if (suited.length === 0) return { type: 'blocked', reason: blocked.wrongPlatform };
    const { vcpus } = sizeOf(job.container);
    const large = suited.filter((each) => vcpus <= (each.resources.maxvCpus ?? 0));
    if (large.length === 0) return { type: 'blocked', reason: blocked.tooManyVcpus };
    const open = large.filter(({ state: enabled, status }) => enabled === 'ENABLED' && status === 'VALID');
    const environment = open.find(
      (each) => !claimed.has(each) && vcpus + (used.get(each) ?? 0) <= (each.resources.maxvCpus ?? 0),
    );
    return environment === undefined ? { type: 'wait', for: open } : { type: 'place', environment };
  };

  const start = (job: Job, environment: ComputeEnvironment): void => {
    const { vcpus } = sizeOf(job.container);
    lifecycle().dequeue(job);
    used.set(environment, (used.get(environment) ?? 0) + vcpus);
    void state.world.clock.busy(async () => {
      try {
        await run(job, environment);
      } finally {
        used.set(environment, (used.get(environment) ?? 0) - vcpus);
        reschedule();
      }
    });
  };

  return {
    reschedule,
    stop: () => {
      stopped = true;
    },
  };
}

/** A definition that names no platform is one for EC2. */
const runsOn = ({ definition }: Job, environment: ComputeEnvironment): boolean =>
  (definition.platformCapabilities ?? ['EC2']).includes(isFargate(environment) ? 'FARGATE' : 'EC2');
