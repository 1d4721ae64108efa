import { randomUUID } from 'node:crypto';
import type { JobDependency } from '@aws-sdk/client-batch';
import { overriddenContainer } from './container-properties.ts';
import { clientException, refused } from './errors.ts';
import { checkedTimeout, findActiveDefinition } from './job-definitions.ts';
import { findQueue } from './job-queues.ts';
import { isFinished } from './lifecycle.ts';
import { checkName } from './names.ts';
import { checkedRetryStrategy } from './retry-strategy.ts';
import { arnOf, type BatchHandlers, type BatchState, type Job, type JobDefinition, type JobQueue } from './state.ts';

/** docs.aws.amazon.com/batch/latest/userguide/service_limits.html: "maximum job payload size (for SubmitJob API)". */
const largestPayload = 30 * 1024;

export type Submission = Parameters<NonNullable<BatchHandlers['SubmitJob']>>[0];

/** Makes the jobs of a submission, one or an array with its children, all SUBMITTED. Throws AwsError. */
export function submittedJob(state: BatchState, input: Submission, sequence: () => number): Job {
  checkRequest(input);
  const queue = findQueue(state, input.jobQueue);
  if (queue === undefined) throw clientException(`JobQueue ${input.jobQueue} not found`);
  if (queue.state !== 'ENABLED' || queue.status === 'DELETING')
    throw clientException(`Cannot submit job to job queue ${queue.name} in state DISABLED`);
  const definition = findActiveDefinition(state, input.jobDefinition);
  if (definition === undefined) throw refused(`JobDefinition ${input.jobDefinition} not found`);
  checkDependencies(state, input);
  checkShare(queue, input);

  const job = newJob(state, input, queue, definition, sequence());
  const size = input.arrayProperties?.size;
  return size === undefined ? withDependencies(state, job) : withChildren(state, job, size, sequence);
}

function checkRequest(input: Submission): void {
  checkName('jobName', input.jobName);
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > largestPayload) throw refused(`job payload of ${bytes} bytes exceeds the maximum of ${largestPayload}`);
  const size = input.arrayProperties?.size;
  if (input.arrayProperties !== undefined && (size === undefined || size < 2 || size > 10_000))
    throw refused(`array size must be between 2 and 10000, not ${size}`);
  if (Object.keys(input.tags ?? {}).length > 50) throw refused('a job takes at most 50 tags');
  if (input.nodeOverrides ?? input.eksPropertiesOverride ?? input.ecsPropertiesOverride)
    throw refused('the embedded AWS takes containerOverrides only');
}

/** docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html: what a queue with a fair share asks for, no other takes. */
function checkShare({ name, schedulingPolicyArn }: JobQueue, { shareIdentifier }: Submission): void {
  if (schedulingPolicyArn !== undefined && shareIdentifier === undefined)
    throw refused(`shareIdentifier must be specified for job queue ${name}, which has a scheduling policy`);
  if (schedulingPolicyArn === undefined && shareIdentifier !== undefined)
    throw refused(`shareIdentifier cannot be specified for job queue ${name}, which has no scheduling policy`);
}

function checkDependencies(state: BatchState, { dependsOn = [], arrayProperties }: Submission): void {
  if (dependsOn.length > 20) throw refused(`a job depends on at most 20 jobs, not ${dependsOn.length}`);
  for (const { jobId, type } of dependsOn) {
    if (jobId === undefined) {
      if (type !== 'SEQUENTIAL' || arrayProperties === undefined)
        throw refused('a dependency without jobId must be SEQUENTIAL and of an array job');
      continue;
    }
    const other = state.jobs.get(jobId);
    if (other === undefined) throw refused(`dependsOn: job ${jobId} does not exist`);
    if (type === 'N_TO_N' && (arrayProperties === undefined || other.array?.children.length !== arrayProperties.size))
      throw refused('an N_TO_N dependency needs two array jobs of the same size');
  }
}

function newJob(
  state: BatchState,
  input: Submission,
  queue: JobQueue,
  definition: JobDefinition,
  sequence: number,
): Job {
  const id = randomUUID();
  const parameters = { ...definition.parameters, ...input.parameters };
  const fargate = definition.platformCapabilities?.includes('FARGATE') === true;
  const timeout = input.timeout?.attemptDurationSeconds;
  const timeoutSeconds = timeout === undefined ? definition.timeoutSeconds : checkedTimeout(timeout);
  const schedulingPriority = input.schedulingPriorityOverride ?? definition.schedulingPriority;
  return {
    id,
    arn: arnOf(state.world, `job/${id}`),
    name: input.jobName,
    sequence,
    queue,
    definition,
    container: overriddenContainer(definition.container, input.containerOverrides ?? {}, parameters, fargate),
    overridesLength: JSON.stringify(input.containerOverrides ?? {}).length,
    parameters,
    retryStrategy:
      input.retryStrategy === undefined
        ? (definition.retryStrategy ?? { attempts: 1, evaluateOnExit: [] })
        : checkedRetryStrategy(input.retryStrategy),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(schedulingPriority !== undefined && { schedulingPriority }),
    ...(input.shareIdentifier !== undefined && { shareIdentifier: input.shareIdentifier }),
    dependsOn: input.dependsOn ?? [],
    propagateTags: input.propagateTags ?? definition.propagateTags,
    createdAt: state.world.clock.now(),
    tags: { ...input.tags },
    waitsFor: new Set(),
    dependents: [],
    attempts: [],
    status: 'SUBMITTED',
    current: {},
  };
}

/** Children are jobs of their own; each waits for what its parent depends on, or for its counterpart or predecessor. */
function withChildren(state: BatchState, base: Job, size: number, sequence: () => number): Job {
  const children: Job[] = [];
  const parent: Job = { ...base, array: { children, unfinished: size } };
  for (let index = 0; index < size; index += 1) {
    const id = `${parent.id}:${index}`;
    children.push({
      ...base,
      id,
      arn: arnOf(state.world, `job/${id}`),
      sequence: sequence(),
      child: { parent, index },
      dependsOn: [],
      tags: { ...base.tags },
      waitsFor: new Set(),
      dependents: [],
      attempts: [],
      current: {},
    });
  }
  children.forEach((child, index) => {
    for (const dependency of base.dependsOn) waitFor(child, awaited(state, dependency, children, index));
  });
  return parent;
}

function awaited(state: BatchState, { jobId, type }: JobDependency, children: readonly Job[], index: number) {
  if (jobId === undefined) return children[index - 1];
  const other = state.jobs.get(jobId);
  return type === 'N_TO_N' ? other?.array?.children[index] : other;
}

function withDependencies(state: BatchState, job: Job): Job {
  for (const { jobId } of job.dependsOn) waitFor(job, state.jobs.get(jobId ?? ''));
  return job;
}

/** A job that failed already stays among what is waited for: the new job fails because of it as soon as it is admitted. */
function waitFor(job: Job, other: Job | undefined): void {
  if (other === undefined || other.status === 'SUCCEEDED') return;
  job.waitsFor.add(other);
  if (!isFinished(other)) other.dependents.push(job);
}
