import {
  type ComputeEnvironmentDetail,
  type CRType,
  CreateComputeEnvironmentCommand,
  DeleteComputeEnvironmentCommand,
  DescribeComputeEnvironmentsCommand,
  paginateDescribeComputeEnvironments,
  UpdateComputeEnvironmentCommand,
} from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { created, isError } from '../aws/errors.ts';
import { adopt, oursOrNamed, ownerIn, ownerTags } from '../aws/ownership.ts';
import { persist, type Waiter } from '../aws/waiting.ts';
import type { Listing, Observed, ResourceKind } from '../reconcile/kind.ts';
import { isThere, type Unhurried, untilGone, untilSettled, untilValid } from './batch-status.ts';

export interface ComputeEnvironmentSpec {
  readonly name: string;
  readonly type: CRType;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly maxvCpus: number;
  /** Sorted. */
  readonly subnets: readonly string[];
  /** Sorted. */
  readonly securityGroupIds: readonly string[];
}

/** `desiredvCpus` and statuses are AWS's own and no part of the spec. */
const toSpec = ({
  computeEnvironmentName,
  computeResources,
  state,
}: ComputeEnvironmentDetail): ComputeEnvironmentSpec => ({
  name: computeEnvironmentName ?? '',
  type: computeResources?.type ?? 'FARGATE',
  state: state ?? 'ENABLED',
  maxvCpus: computeResources?.maxvCpus ?? 0,
  subnets: (computeResources?.subnets ?? []).toSorted(),
  securityGroupIds: (computeResources?.securityGroupIds ?? []).toSorted(),
});

async function list(aws: Aws, names: readonly string[]): Promise<Listing<ComputeEnvironmentDetail>> {
  const observed: Observed<ComputeEnvironmentDetail>[] = [];
  for await (const page of paginateDescribeComputeEnvironments({ client: aws.batch }, {})) {
    aws.signal.throwIfAborted();
    for (const live of page.computeEnvironments ?? []) {
      const { computeEnvironmentName: name = '', tags } = live;
      if (isThere(live)) observed.push({ name, live, owner: ownerIn(tags) });
    }
  }
  return oursOrNamed(aws, names, observed);
}

async function describe(aws: Aws, name: string): Promise<ComputeEnvironmentDetail | undefined> {
  const { computeEnvironments = [] } = await aws.batch.send(
    new DescribeComputeEnvironmentsCommand({ computeEnvironments: [name] }),
  );
  return computeEnvironments.find(({ status }) => status !== 'DELETED');
}

const resource = (aws: Aws, name: string): Unhurried<ComputeEnvironmentDetail> => ({
  what: `compute environment "${name}"`,
  describe: () => describe(aws, name),
});

async function create(aws: Aws, desired: ComputeEnvironmentSpec, waiter: Waiter): Promise<void> {
  // One of this name may still be going away.
  await untilSettled(aws, waiter, resource(aws, desired.name));
  await created(
    aws.batch.send(
      new CreateComputeEnvironmentCommand({
        computeEnvironmentName: desired.name,
        type: 'MANAGED',
        // It must be created enabled; disabling it is an update.
        state: 'ENABLED',
        computeResources: {
          type: desired.type,
          maxvCpus: desired.maxvCpus,
          subnets: [...desired.subnets],
          securityGroupIds: [...desired.securityGroupIds],
        },
        tags: ownerTags(aws),
      }),
    ),
    (error) => isError(error, 'ClientException', /already exists/i),
  );
  await untilValid(aws, waiter, resource(aws, desired.name));
  if (desired.state === 'DISABLED') await update(aws, desired, waiter);
}

async function update(aws: Aws, desired: ComputeEnvironmentSpec, waiter: Waiter): Promise<void> {
  await untilSettled(aws, waiter, resource(aws, desired.name));
  await aws.batch.send(
    new UpdateComputeEnvironmentCommand({
      computeEnvironment: desired.name,
      state: desired.state,
      computeResources: {
        maxvCpus: desired.maxvCpus,
        subnets: [...desired.subnets],
        securityGroupIds: [...desired.securityGroupIds],
      },
    }),
  );
  await untilValid(aws, waiter, resource(aws, desired.name));
}

/** A queue that let go of it a moment ago is still seen as holding it. */
const stillAttached = (error: unknown): string | undefined =>
  isError(error, 'ClientException', /relationship/i) ? 'still attached to a job queue' : undefined;

async function remove(aws: Aws, name: string, waiter: Waiter): Promise<void> {
  const live = await untilSettled(aws, waiter, resource(aws, name));
  if (live === undefined) return;
  if (live.state !== 'DISABLED') {
    await aws.batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: name, state: 'DISABLED' }));
    await untilSettled(aws, waiter, resource(aws, name));
  }
  await persist(aws.pace, waiter, {
    what: `compute environment "${name}"`,
    attempt: () => aws.batch.send(new DeleteComputeEnvironmentCommand({ computeEnvironment: name })),
    transient: stillAttached,
  });
  await untilGone(aws, waiter, resource(aws, name));
}

/**
 * A Fargate compute environment. It uses Batch's service-linked role, which AWS makes by itself and is never ours to
 * delete.
 */
export const computeEnvironmentKind = (aws: Aws): ResourceKind<ComputeEnvironmentSpec, ComputeEnvironmentDetail> => ({
  kind: 'compute-environment',
  immutable: ['type'],
  references: () => [],
  list: (names) => list(aws, names),
  toSpec,
  create: (desired, step) => create(aws, desired, step),
  update: (_live, desired, _fields, step) => update(aws, desired, step),
  delete: ({ computeEnvironmentName = '' }, step) => remove(aws, computeEnvironmentName, step),
  adopt: ({ computeEnvironmentArn = '' }) => adopt(aws, computeEnvironmentArn),
});
