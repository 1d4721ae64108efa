import { randomUUID } from 'node:crypto';
import type { Timer } from '../../runtime/clock.ts';
import {
  type Container,
  type ContainerExit,
  type ContainerSpec,
  ContainerStartError,
} from '../../runtime/container.ts';
import type { ContainerCredentials, GrantedCredentials } from '../../runtime/container-credentials.ts';
import type { World } from '../../world.ts';
import { attemptEnvironment } from './attempt-environment.ts';
import { sizeOf } from './container-properties.ts';
import { type JobLog, logOf } from './job-log.ts';
import type { Lifecycle } from './lifecycle.ts';
import { isRetried } from './retry-strategy.ts';
import type { BatchState, ComputeEnvironment, Job } from './state.ts';
import { checkTask, executionCaller, grantRoles, launchContainer } from './task-launch.ts';
import { taskSecrets } from './task-secrets.ts';

/** Between SIGTERM and SIGKILL: ECS's stopTimeout, which Batch leaves at its default. */
const graceMs = 30_000;

interface Ending extends Partial<ContainerExit> {
  readonly statusReason: string;
  /** Timed out or stopped by request: not retried whatever the strategy says. */
  readonly final: boolean;
}

export interface Attempts {
  /** Runs one attempt of a job to its end and decides what comes next. */
  run(job: Job, environment: ComputeEnvironment): Promise<void>;
  /** Kills what runs; resolves when no process is left. */
  stop(): Promise<void>;
}

export function createAttempts(
  state: BatchState,
  lifecycle: () => Lifecycle,
  credentials: ContainerCredentials,
  engines: readonly string[],
): Attempts {
  const { world } = state;
  const underWay = new Set<Promise<void>>();
  const containers = new Set<Container>();
  const stopping = new AbortController();

  const attempt = async (job: Job, environment: ComputeEnvironment): Promise<void> => {
    const taskId = randomUUID().replaceAll('-', '');
    const cluster = environment.ecsClusterArn.slice(environment.ecsClusterArn.lastIndexOf('/') + 1);
    const { partition, region, account } = world;
    job.current = {
      taskArn: `arn:${partition}:ecs:${region}:${account}:task/${cluster}/${taskId}`,
      networkInterfaces: [],
    };
    delete job.startedAt;
    lifecycle().move(job, 'STARTING');
    conclude(world, lifecycle(), job, await runTask(job, environment, taskId));
  };

  const runTask = async (job: Job, environment: ComputeEnvironment, taskId: string): Promise<Ending> => {
    let granted: GrantedCredentials | undefined;
    try {
      granted = grantRoles(job, taskId, credentials);
      checkTask(job);
      const puller = executionCaller(job, taskId);
      const secrets = taskSecrets(world, job, puller);
      const log = logOf(world, job, taskId);
      log.open();
      const spec: ContainerSpec = {
        name: taskId,
        command: job.container.command ?? [],
        environment: { ...attemptEnvironment(world, job, environment, granted?.url), ...secrets },
        memoryMiB: sizeOf(job.container).memoryMiB,
        onLines: log.write,
        signal: stopping.signal,
      };
      const container = await launchContainer(world, engines, job.container.image ?? '', spec, puller);
      containers.add(container);
      if (stopping.signal.aborted) container.kill('SIGKILL');
      return await follow(world, lifecycle(), job, container, log).finally(() => containers.delete(container));
    } catch (error) {
      if (!(error instanceof ContainerStartError)) throw error;
      if (job.stop !== undefined) return { statusReason: job.stop.reason, final: true };
      if (error.subject === 'task') return { statusReason: error.message, final: false };
      return { statusReason: 'Task failed to start', reason: error.message, final: false };
    } finally {
      granted?.revoke();
    }
  };

  return {
    run(job, environment) {
      const running = attempt(job, environment).finally(() => underWay.delete(running));
      underWay.add(running);
      return running;
    },
    async stop() {
      stopping.abort();
      for (const container of containers) container.kill('SIGKILL');
      await Promise.all(underWay);
    },
  };
}

/** From RUNNING to the exit; a time-out and a request to stop both send SIGTERM and, when that does not help, SIGKILL. */
async function follow(
  world: World,
  lifecycle: Lifecycle,
  job: Job,
  container: Container,
  log: JobLog,
): Promise<Ending> {
  let timedOut = false;
  let killer: Timer | undefined;
  const stop = (): void => {
    if (killer !== undefined) return;
    container.kill('SIGTERM');
    killer = world.clock.after(graceMs, () => container.kill('SIGKILL'));
  };
  job.startedAt = world.clock.now();
  job.current = { ...job.current, logStreamName: log.stream };
  lifecycle.move(job, 'RUNNING');
  job.interrupt = stop;
  if (job.stop !== undefined) stop();
  const timeout =
    job.timeoutSeconds === undefined
      ? undefined
      : world.clock.after(job.timeoutSeconds * 1000, () => {
          timedOut = true;
          stop();
        });
  const exit = await container.exited;
  delete job.interrupt;
  timeout?.cancel();
  killer?.cancel();
  if (job.stop !== undefined) return { ...exit, statusReason: job.stop.reason, final: true };
  if (timedOut) return { ...exit, statusReason: 'Job attempt duration exceeded timeout', final: true };
  return { ...exit, statusReason: 'Essential container in task exited', final: false };
}

/** Records the attempt and decides what comes next. */
function conclude(world: World, lifecycle: Lifecycle, job: Job, ending: Ending): void {
  const { exitCode, reason, statusReason, final } = ending;
  job.current = { ...job.current, exitCode, reason };
  const stoppedAt = world.clock.now();
  job.attempts.push({ container: job.current, startedAt: job.startedAt, stoppedAt, statusReason });
  if (!final && exitCode === 0) lifecycle.finish(job, 'SUCCEEDED', statusReason);
  else if (!final && isRetried(job.retryStrategy, { exitCode, reason, statusReason }, job.attempts.length))
    lifecycle.enqueue(job);
  else lifecycle.finish(job, 'FAILED', statusReason);
}
