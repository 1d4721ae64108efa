import type { ComputeEnvironmentOrder, JobQueueDetail, JobStateTimeLimitAction } from '@aws-sdk/client-batch';
import { findEnvironment } from './compute-environments.ts';
import { clientException, refused } from './errors.ts';
import { checkName } from './names.ts';
import { page } from './paging.ts';
import { arnOf, type BatchHandlers, type BatchState, isFargate, type JobQueue, lingersFor, nameIn } from './state.ts';

/** docs.aws.amazon.com/batch/latest/userguide/service_limits.html */
const mostQueues = 50;
const mostEnvironments = 3;

/** Finds a queue that is not deleted, by name or ARN. */
export function findQueue(state: BatchState, reference: string): JobQueue | undefined {
  const found = state.queues.get(nameIn(reference));
  return found?.status === 'DELETED' ? undefined : found;
}

function existingQueue(state: BatchState, reference: string): JobQueue {
  const found = findQueue(state, reference);
  if (found === undefined) throw clientException(`${reference} does not exist`);
  return found;
}

/** What the queues ask of the jobs. */
export interface QueueJobs {
  terminateAll(queue: JobQueue, reason: string): void;
  reschedule(): void;
}

export function jobQueueHandlers(state: BatchState, jobs: QueueJobs): BatchHandlers {
  return {
    CreateJobQueue(input) {
      const name = input.jobQueueName;
      checkName('jobQueueName', name);
      if (findQueue(state, name) !== undefined) throw clientException('Object already exists');
      if ([...state.queues.values()].filter((each) => each.status !== 'DELETED').length >= mostQueues)
        throw clientException(`Limit exceeded: ${mostQueues} job queues`);
      const environments = environmentsOf(state, input.computeEnvironmentOrder ?? []);
      const queue: JobQueue = {
        name,
        arn: arnOf(state.world, `job-queue/${name}`),
        fargate: isOnFargate(state, environments),
        state: input.state ?? 'ENABLED',
        status: 'CREATING',
        statusReason: '',
        priority: checkedPriority(input.priority),
        environments,
        timeLimits: checkedTimeLimits(input.jobStateTimeLimitActions ?? []),
        tags: { ...input.tags },
        runnable: [],
        unfinished: 0,
        ...(input.schedulingPolicyArn !== undefined && {
          schedulingPolicyArn: checkedPolicy(state, input.schedulingPolicyArn),
        }),
      };
      state.queues.set(name, queue);
      settleToValid(state, queue, jobs);
      return { jobQueueName: name, jobQueueArn: queue.arn };
    },

    UpdateJobQueue(input) {
      const queue = existingQueue(state, input.jobQueue);
      if (isChanging(queue)) throw clientException('Cannot update, resource is being modified');
      if (input.computeEnvironmentOrder !== undefined) {
        const environments = environmentsOf(state, input.computeEnvironmentOrder);
        if (isOnFargate(state, environments) !== queue.fargate)
          throw refused('Cannot change between EC2 and Fargate compute environments');
        const kept = new Set(environments.map((each) => each.computeEnvironment));
        detach(
          state,
          queue.environments.filter((each) => !kept.has(each.computeEnvironment)),
        );
        queue.environments = environments;
      }
      if (input.schedulingPolicyArn !== undefined) {
        if (queue.schedulingPolicyArn === undefined)
          throw refused('A scheduling policy cannot be added to a job queue that was created without one');
        queue.schedulingPolicyArn = checkedPolicy(state, input.schedulingPolicyArn);
      }
      if (input.jobStateTimeLimitActions !== undefined)
        queue.timeLimits = checkedTimeLimits(input.jobStateTimeLimitActions);
      queue.priority = checkedPriority(input.priority ?? queue.priority);
      queue.state = input.state ?? queue.state;
      queue.status = 'UPDATING';
      settleToValid(state, queue, jobs);
      return { jobQueueName: queue.name, jobQueueArn: queue.arn };
    },

    DeleteJobQueue(input) {
      const queue = existingQueue(state, input.jobQueue);
      if (queue.state !== 'DISABLED') throw clientException('Cannot delete, state must be DISABLED');
      if (isChanging(queue)) throw clientException('Cannot delete, resource is being modified');
      queue.status = 'DELETING';
      const gone = (): void => {
        queue.status = 'DELETED';
        queue.statusReason = '';
        queue.deletedAt = state.world.clock.now();
        detach(state, queue.environments);
      };
      if (queue.unfinished === 0) state.settle(gone);
      else {
        queue.onDrained = () => state.settle(gone);
        jobs.terminateAll(queue, 'Job queue was deleted');
      }
      return {};
    },

    DescribeJobQueues(input) {
      const wanted = input.jobQueues?.map(nameIn);
      const shown = [...state.queues.values()].filter(
        (each) =>
          (each.deletedAt === undefined || state.world.clock.now() - each.deletedAt < lingersFor) &&
          (wanted === undefined || wanted.length === 0 || wanted.includes(each.name)),
      );
      const { items, nextToken } = page(shown, input);
      return { jobQueues: items.map(queueDetail), nextToken };
    },
  };
}

const isChanging = ({ status }: JobQueue): boolean =>
  status === 'CREATING' || status === 'UPDATING' || status === 'DELETING';

function settleToValid(state: BatchState, queue: JobQueue, jobs: QueueJobs): void {
  state.settle(() => {
    queue.status = 'VALID';
    queue.statusReason = 'JobQueue Healthy';
    jobs.reschedule();
  });
}

/** Batch takes as long to see that a compute environment is free again as it takes for everything else. */
function detach(state: BatchState, environments: readonly ComputeEnvironmentOrder[]): void {
  for (const { computeEnvironment: arn = '' } of environments) {
    state.detaching.add(arn);
    state.settle(() => state.detaching.delete(arn));
  }
}

function environmentsOf(state: BatchState, given: readonly ComputeEnvironmentOrder[]): ComputeEnvironmentOrder[] {
  if (given.length === 0) throw refused('computeEnvironmentOrder must be provided');
  if (given.length > mostEnvironments)
    throw refused(`a job queue takes at most ${mostEnvironments} compute environments, not ${given.length}`);
  const found = given.map(({ order, computeEnvironment: reference = '' }) => {
    const environment = findEnvironment(state, reference);
    if (environment === undefined) throw refused(`Compute environment ${reference} does not exist`);
    if (environment.status !== 'VALID') throw refused(`Compute environment ${environment.arn} is not VALID`);
    return { order: order ?? 0, computeEnvironment: environment.arn, fargate: isFargate(environment) };
  });
  if (new Set(found.map((each) => each.fargate)).size > 1)
    throw refused('Cannot mix EC2 and Fargate compute environments in one job queue');
  if (new Set(found.map((each) => each.order)).size < found.length)
    throw refused('computeEnvironmentOrder has the same order twice');
  return found
    .sort((a, b) => a.order - b.order)
    .map(({ order, computeEnvironment }) => ({ order, computeEnvironment }));
}

const isOnFargate = (state: BatchState, environments: readonly ComputeEnvironmentOrder[]): boolean =>
  environments.some((each) => {
    const environment = findEnvironment(state, each.computeEnvironment ?? '');
    return environment !== undefined && isFargate(environment);
  });

function checkedPriority(priority: number): number {
  if (!Number.isInteger(priority) || priority < 0) throw refused(`priority must be 0 or greater, not ${priority}`);
  return priority;
}

function checkedPolicy(state: BatchState, arn: string): string {
  if (!state.policies.has(arn)) throw refused(`Scheduling policy ${arn} does not exist`);
  return arn;
}

/** docs.aws.amazon.com/batch/latest/APIReference/API_JobStateTimeLimitAction.html */
function checkedTimeLimits(actions: readonly JobStateTimeLimitAction[]): readonly JobStateTimeLimitAction[] {
  for (const { action, maxTimeSeconds = 0, reason, state } of actions) {
    if (state !== 'RUNNABLE') throw refused(`jobStateTimeLimitActions: state must be RUNNABLE, not ${state}`);
    if (action !== 'CANCEL') throw refused(`jobStateTimeLimitActions: action must be CANCEL, not ${action}`);
    if (reason === undefined || reason === '') throw refused('jobStateTimeLimitActions: reason is required');
    if (maxTimeSeconds < 600 || maxTimeSeconds > 86_400)
      throw refused(`jobStateTimeLimitActions: maxTimeSeconds must be between 600 and 86400, not ${maxTimeSeconds}`);
  }
  return actions;
}

const queueDetail = (queue: JobQueue): JobQueueDetail => ({
  jobQueueName: queue.name,
  jobQueueArn: queue.arn,
  state: queue.state,
  schedulingPolicyArn: queue.schedulingPolicyArn,
  status: queue.status,
  statusReason: queue.statusReason,
  priority: queue.priority,
  computeEnvironmentOrder: [...queue.environments],
  serviceEnvironmentOrder: [],
  jobQueueType: queue.fargate ? 'ECS_FARGATE' : 'ECS',
  tags: queue.tags,
  jobStateTimeLimitActions: [...queue.timeLimits],
});
