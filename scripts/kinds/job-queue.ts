import {
  CreateJobQueueCommand,
  DeleteJobQueueCommand,
  DescribeJobQueuesCommand,
  type JobQueueDetail,
  paginateDescribeJobQueues,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { created, found, isError } from '../aws/errors.ts';
import { adopt, completed, isProtectedBy, oursOrNamed, ownerIn, ownerTags, setProtection } from '../aws/ownership.ts';
import { persist } from '../aws/waiting.ts';
import type { Listing, Loss, Observed, ResourceKind, ResourceRef, Step } from '../reconcile/kind.ts';
import { nameInArn } from './arn.ts';
import {
  beingModified,
  isGone,
  isThere,
  type Unhurried,
  untilGone,
  untilSettled,
  untilSettledOrGone,
  untilValid,
} from './batch-status.ts';
import { retag } from './batch-tags.ts';
import { activeJobs } from './job-listing.ts';
import { createRequest, fixedChanges, type JobQueueSpec, queueSpec, updateRequest } from './job-queue-spec.ts';

/** Statuses, and what AWS gives it, are no part of the spec. */
function toSpec(live: JobQueueDetail): JobQueueSpec {
  const { jobQueueArn: _arn, status: _status, statusReason: _reason, ...described } = live;
  return queueSpec(described, isProtectedBy(live.tags));
}

const observe = (described: readonly JobQueueDetail[] = []): Observed<JobQueueDetail>[] =>
  described.filter(isThere).map((live) => ({ name: live.jobQueueName ?? '', live, owner: ownerIn(live.tags) }));

async function list(aws: Aws, names: readonly string[]): Promise<Listing<JobQueueDetail>> {
  const listed: Observed<JobQueueDetail>[] = [];
  for await (const page of paginateDescribeJobQueues({ client: aws.batch }, {})) {
    aws.signal.throwIfAborted();
    listed.push(...observe(page.jobQueues));
  }
  const all = await completed(names, listed, async (missing) => {
    const named = new DescribeJobQueuesCommand({ jobQueues: [...missing] });
    return observe((await aws.batch.send(named)).jobQueues);
  });
  return oursOrNamed(aws, names, all);
}

async function describe(aws: Aws, name: string): Promise<JobQueueDetail | undefined> {
  const { jobQueues = [] } = await aws.batch.send(new DescribeJobQueuesCommand({ jobQueues: [name] }));
  return jobQueues.find(({ status }) => status !== 'DELETED');
}

const resource = (aws: Aws, name: string): Unhurried<JobQueueDetail> => ({
  what: `job queue "${name}"`,
  describe: () => describe(aws, name),
});

/** A compute environment must be VALID before a queue takes it, and becomes so a moment after it says so. */
const notReady = (error: unknown): string | undefined =>
  isError(error, 'ClientException', /is not valid|not in VALID/i)
    ? 'waiting for its compute environment'
    : beingModified(error);

const patiently = (aws: Aws, name: string, step: Step, attempt: () => Promise<unknown>): Promise<unknown> =>
  persist(aws.pace, step, { what: `job queue "${name}"`, attempt, transient: notReady });

/** Sends what attaches compute environments to a queue, and waits until the queue can be used with them. */
async function attach(aws: Aws, name: string, step: Step, send: () => Promise<unknown>): Promise<void> {
  await patiently(aws, name, step, send);
  await untilValid(aws, step, resource(aws, name));
}

async function create(aws: Aws, desired: JobQueueSpec, step: Step): Promise<void> {
  // One of this name may still be going away.
  await untilSettled(aws, step, resource(aws, desired.name));
  const command = new CreateJobQueueCommand(createRequest(desired, ownerTags(aws, desired)));
  const isThere = (error: unknown): boolean => isError(error, 'ClientException', /already exists/i);
  await attach(aws, desired.name, step, () => created(aws.batch.send(command), isThere));
}

async function update(aws: Aws, live: JobQueueDetail, desired: JobQueueSpec, step: Step): Promise<void> {
  const { jobQueueArn = '' } = live;
  const before = toSpec(live);
  if (before.protect !== desired.protect) await setProtection(aws, jobQueueArn, desired.protect);
  await retag(aws, jobQueueArn, before.other, desired.other);
  const [from, to] = [updateRequest(before), updateRequest(desired)];
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  await untilSettled(aws, step, resource(aws, desired.name));
  await attach(aws, desired.name, step, () => aws.batch.send(new UpdateJobQueueCommand(to)));
}

/** What goes with a queue: deleting it ends the jobs that it has. */
async function jobsIn(aws: Aws, name: string): Promise<Loss | undefined> {
  const { count, more } = await activeJobs(aws, name);
  if (count === 0) return undefined;
  return {
    permit: 'jobs',
    what: `${more ? `more than ${count}` : count} active ${count === 1 && !more ? 'job' : 'jobs'}`,
  };
}

/** Jobs may have come since the plan was made. AWS takes only a disabled queue. */
async function remove(aws: Aws, name: string, step: Step): Promise<void> {
  const live = await untilSettledOrGone(aws, step, resource(aws, name));
  if (live === undefined) return;
  const loss = step.permits.has('jobs') ? undefined : await jobsIn(aws, name);
  if (loss !== undefined)
    throw new Error(
      `job queue "${name}" has ${loss.what}, and deleting it would end them; let them finish, or permit it`,
    );
  if (live.state !== 'DISABLED') {
    const disable = new UpdateJobQueueCommand({ jobQueue: name, state: 'DISABLED' });
    await patiently(aws, name, step, () => found(aws.batch.send(disable), isGone));
    await untilSettled(aws, step, resource(aws, name));
  }
  const deletion = new DeleteJobQueueCommand({ jobQueue: name });
  await patiently(aws, name, step, () => found(aws.batch.send(deletion), isGone));
  await untilGone(aws, step, resource(aws, name));
}

const references = ({ computeEnvironments, schedulingPolicyArn }: JobQueueSpec): ResourceRef[] => [
  ...computeEnvironments.map((arn) => ({ kind: 'compute-environment', name: nameInArn(arn) })),
  ...(schedulingPolicyArn === null ? [] : [{ kind: 'scheduling-policy', name: nameInArn(schedulingPolicyArn) }]),
];

export const jobQueueKind = (aws: Aws): ResourceKind<JobQueueSpec, JobQueueDetail> => ({
  kind: 'job-queue',
  immutable: fixedChanges,
  quota: { most: 50, what: 'job queues' },
  references,
  list: (names) => list(aws, names),
  toSpec,
  create: (desired, step) => create(aws, desired, step),
  update: (live, desired, _fields, step) => update(aws, live, desired, step),
  delete: ({ jobQueueName = '' }, step) => remove(aws, jobQueueName, step),
  adopt: ({ jobQueueArn = '' }) => adopt(aws, jobQueueArn),
  lossOf: ({ jobQueueName = '' }) => jobsIn(aws, jobQueueName),
});
