import {
  type ComputeEnvironmentDetail,
  CreateComputeEnvironmentCommand,
  DeleteComputeEnvironmentCommand,
  DescribeComputeEnvironmentsCommand,
  paginateDescribeComputeEnvironments,
  UpdateComputeEnvironmentCommand,
  type UpdateComputeEnvironmentRequest,
} from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { created, found, isError } from '../aws/errors.ts';
import { adopt, completed, isProtectedBy, oursOrNamed, ownerIn, ownerTags, setProtection } from '../aws/ownership.ts';
import { persist, type Waiter } from '../aws/waiting.ts';
import type { Listing, Observed, ResourceKind, ResourceRef } from '../reconcile/kind.ts';
import { isFields, isList } from '../reconcile/value.ts';
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
import {
  type ComputeEnvironmentSpec,
  createRequest,
  environmentSpec,
  identityChanges,
  updateRequest,
} from './compute-environment-spec.ts';
import { untilDrained } from './draining.ts';

/** Statuses, and what AWS gives it, are no part of the spec. */
function described(live: ComputeEnvironmentDetail): ComputeEnvironmentSpec {
  const {
    computeEnvironmentArn: _arn,
    ecsClusterArn: _cluster,
    status: _status,
    statusReason: _reason,
    containerOrchestrationType: _orchestration,
    uuid: _uuid,
    ...rest
  } = live;
  return environmentSpec(rest, isProtectedBy(live.tags));
}

/** Which image AWS has chosen, by the instance types and the date, says nothing where config leaves it to AWS. */
function toSpec(live: ComputeEnvironmentDetail, desired: ComputeEnvironmentSpec | undefined): ComputeEnvironmentSpec {
  const spec = described(live);
  const { ec2Configuration: images, ...instances } = spec.instances;
  const chosenByAws = isList(images) && images.every((image) => isFields(image) && !('imageIdOverride' in image));
  const left = desired !== undefined && desired.instances['ec2Configuration'] === undefined && chosenByAws;
  return left ? { ...spec, instances } : spec;
}

const observe = (described: readonly ComputeEnvironmentDetail[] = []): Observed<ComputeEnvironmentDetail>[] =>
  described
    .filter(isThere)
    .map((live) => ({ name: live.computeEnvironmentName ?? '', live, owner: ownerIn(live.tags) }));

async function list(aws: Aws, names: readonly string[]): Promise<Listing<ComputeEnvironmentDetail>> {
  const listed: Observed<ComputeEnvironmentDetail>[] = [];
  for await (const page of paginateDescribeComputeEnvironments({ client: aws.batch }, {})) {
    aws.signal.throwIfAborted();
    listed.push(...observe(page.computeEnvironments));
  }
  const all = await completed(names, listed, async (missing) => {
    const named = new DescribeComputeEnvironmentsCommand({ computeEnvironments: [...missing] });
    return observe((await aws.batch.send(named)).computeEnvironments);
  });
  return oursOrNamed(aws, names, all);
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
    aws.batch.send(new CreateComputeEnvironmentCommand(createRequest(desired, ownerTags(aws, desired)))),
    (error) => isError(error, 'ClientException', /already exists/i),
  );
  await untilValid(aws, waiter, resource(aws, desired.name));
  // A creation takes neither a disabled state nor an update policy.
  await change(aws, { ...desired, state: 'ENABLED', updatePolicy: {} }, desired, waiter);
}

async function send(aws: Aws, request: UpdateComputeEnvironmentRequest, waiter: Waiter): Promise<void> {
  const { computeEnvironment: name = '' } = request;
  await untilSettled(aws, waiter, resource(aws, name));
  await persist(aws.pace, waiter, {
    what: `compute environment "${name}"`,
    attempt: () => aws.batch.send(new UpdateComputeEnvironmentCommand(request)),
    transient: beingModified,
  });
}

async function change(
  aws: Aws,
  live: ComputeEnvironmentSpec,
  desired: ComputeEnvironmentSpec,
  waiter: Waiter,
): Promise<void> {
  const request = updateRequest(live, desired);
  if (request === undefined) return;
  await send(aws, request, waiter);
  await untilValid(aws, waiter, resource(aws, desired.name));
}

async function update(
  aws: Aws,
  live: ComputeEnvironmentDetail,
  desired: ComputeEnvironmentSpec,
  waiter: Waiter,
): Promise<void> {
  const { computeEnvironmentArn = '' } = live;
  const before = toSpec(live, desired);
  if (before.protect !== desired.protect) await setProtection(aws, computeEnvironmentArn, desired.protect);
  await retag(aws, computeEnvironmentArn, before.other, desired.other);
  await change(aws, before, desired, waiter);
}

/** A queue that let go of it a moment ago is still seen as holding it. */
const notFreeYet = (error: unknown): string | undefined =>
  isError(error, 'ClientException', /relationship/i) ? 'still attached to a job queue' : beingModified(error);

async function remove(aws: Aws, name: string, waiter: Waiter): Promise<void> {
  const live = await untilSettledOrGone(aws, waiter, resource(aws, name));
  if (live === undefined) return;
  if (live.state !== 'DISABLED') {
    await found(send(aws, { computeEnvironment: name, state: 'DISABLED' }, waiter), isGone);
    await untilSettled(aws, waiter, resource(aws, name));
  }
  await untilDrained(aws, waiter, live);
  await persist(aws.pace, waiter, {
    what: `compute environment "${name}"`,
    attempt: () => found(aws.batch.send(new DeleteComputeEnvironmentCommand({ computeEnvironment: name })), isGone),
    transient: notFreeYet,
  });
  await untilGone(aws, waiter, resource(aws, name));
}

/** What its instances run as: the role of the name of its instance profile. */
const instanceRole = ({ instances: { instanceRole: profile } }: ComputeEnvironmentSpec): ResourceRef[] =>
  typeof profile === 'string' ? [{ kind: 'role', name: nameInArn(profile) }] : [];

/**
 * A compute environment. It uses Batch's service-linked role, which AWS makes by itself and is never ours to delete,
 * unless it is given one. `desired` says what of it is left to AWS.
 */
export const computeEnvironmentKind = (
  aws: Aws,
  desired: readonly ComputeEnvironmentSpec[] = [],
): ResourceKind<ComputeEnvironmentSpec, ComputeEnvironmentDetail> => ({
  kind: 'compute-environment',
  immutable: identityChanges,
  replacedBeside: 'name',
  quota: { most: 50, what: 'compute environments' },
  references: instanceRole,
  list: (names) => list(aws, names),
  toSpec: (live) =>
    toSpec(
      live,
      desired.find(({ name }) => name === live.computeEnvironmentName),
    ),
  create: (wanted, step) => create(aws, wanted, step),
  update: (live, wanted, _fields, step) => update(aws, live, wanted, step),
  delete: ({ computeEnvironmentName = '' }, step) => remove(aws, computeEnvironmentName, step),
  adopt: ({ computeEnvironmentArn = '' }) => adopt(aws, computeEnvironmentArn),
});
