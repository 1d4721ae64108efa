import {
  CreateJobQueueCommand,
  DeleteJobQueueCommand,
  DescribeJobQueuesCommand,
  type JobQueueDetail,
  paginateDescribeJobQueues,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { created, isError } from '../aws/errors.ts';
import { adopt, oursOrNamed, ownerIn, ownerTags } from '../aws/ownership.ts';
import { persist, type Waiter } from '../aws/waiting.ts';
import type { Listing, Observed, ResourceKind } from '../reconcile/kind.ts';
import { nameInArn } from './arn.ts';
import { isThere, type Unhurried, untilGone, untilSettled, untilValid } from './batch-status.ts';

export interface JobQueueSpec {
  readonly name: string;
  readonly state: 'ENABLED' | 'DISABLED';
  /** The higher number is served first. */
  readonly priority: number;
  /** ARNs, in the order in which they are tried. */
  readonly computeEnvironments: readonly string[];
}

const toSpec = ({ jobQueueName, state, priority, computeEnvironmentOrder = [] }: JobQueueDetail): JobQueueSpec => ({
  name: jobQueueName ?? '',
  state: state ?? 'ENABLED',
  priority: priority ?? 0,
  computeEnvironments: computeEnvironmentOrder
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .flatMap(({ computeEnvironment }) => computeEnvironment ?? []),
});

async function list(aws: Aws, names: readonly string[]): Promise<Listing<JobQueueDetail>> {
  const observed: Observed<JobQueueDetail>[] = [];
  for await (const page of paginateDescribeJobQueues({ client: aws.batch }, {})) {
    aws.signal.throwIfAborted();
    for (const live of page.jobQueues ?? []) {
      const { jobQueueName: name = '', tags } = live;
      if (isThere(live)) observed.push({ name, live, owner: ownerIn(tags) });
    }
  }
  return oursOrNamed(aws, names, observed);
}

async function describe(aws: Aws, name: string): Promise<JobQueueDetail | undefined> {
  const { jobQueues = [] } = await aws.batch.send(new DescribeJobQueuesCommand({ jobQueues: [name] }));
  return jobQueues.find(({ status }) => status !== 'DELETED');
}

const resource = (aws: Aws, name: string): Unhurried<JobQueueDetail> => ({
  what: `job queue "${name}"`,
  describe: () => describe(aws, name),
});

const orderOf = ({ computeEnvironments }: JobQueueSpec) =>
  computeEnvironments.map((computeEnvironment, at) => ({ order: at + 1, computeEnvironment }));

/** A compute environment must be VALID before a queue takes it, and becomes so a moment after it says so. */
const notValidYet = (error: unknown): string | undefined =>
  isError(error, 'ClientException', /is not valid|not in VALID/i) ? 'waiting for its compute environment' : undefined;

/** Sends what attaches compute environments to a queue, and waits until the queue can be used with them. */
async function attach(aws: Aws, name: string, waiter: Waiter, send: () => Promise<unknown>): Promise<void> {
  await persist(aws.pace, waiter, { what: `job queue "${name}"`, attempt: send, transient: notValidYet });
  await untilValid(aws, waiter, resource(aws, name));
}

async function create(aws: Aws, desired: JobQueueSpec, waiter: Waiter): Promise<void> {
  const { name, state, priority } = desired;
  // One of this name may still be going away.
  await untilSettled(aws, waiter, resource(aws, name));
  const command = new CreateJobQueueCommand({
    jobQueueName: name,
    state,
    priority,
    computeEnvironmentOrder: orderOf(desired),
    tags: ownerTags(aws),
  });
  const isThere = (error: unknown): boolean => isError(error, 'ClientException', /already exists/i);
  await attach(aws, name, waiter, () => created(aws.batch.send(command), isThere));
}

async function update(aws: Aws, desired: JobQueueSpec, waiter: Waiter): Promise<void> {
  const { name, state, priority } = desired;
  await untilSettled(aws, waiter, resource(aws, name));
  const computeEnvironmentOrder = orderOf(desired);
  const command = new UpdateJobQueueCommand({ jobQueue: name, state, priority, computeEnvironmentOrder });
  await attach(aws, name, waiter, () => aws.batch.send(command));
}

/** Deleting a queue ends its jobs; AWS takes only a disabled one. */
async function remove(aws: Aws, name: string, waiter: Waiter): Promise<void> {
  const live = await untilSettled(aws, waiter, resource(aws, name));
  if (live === undefined) return;
  if (live.state !== 'DISABLED') {
    await aws.batch.send(new UpdateJobQueueCommand({ jobQueue: name, state: 'DISABLED' }));
    await untilSettled(aws, waiter, resource(aws, name));
  }
  await aws.batch.send(new DeleteJobQueueCommand({ jobQueue: name }));
  await untilGone(aws, waiter, resource(aws, name));
}

export const jobQueueKind = (aws: Aws): ResourceKind<JobQueueSpec, JobQueueDetail> => ({
  kind: 'job-queue',
  immutable: [],
  references: ({ computeEnvironments }) =>
    computeEnvironments.map((arn) => ({ kind: 'compute-environment', name: nameInArn(arn) })),
  list: (names) => list(aws, names),
  toSpec,
  create: (desired, step) => create(aws, desired, step),
  update: (_live, desired, _fields, step) => update(aws, desired, step),
  delete: ({ jobQueueName = '' }, step) => remove(aws, jobQueueName, step),
  adopt: ({ jobQueueArn = '' }) => adopt(aws, jobQueueArn),
});
