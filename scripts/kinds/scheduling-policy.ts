import {
  CreateSchedulingPolicyCommand,
  type CreateSchedulingPolicyRequest,
  CreateSchedulingPolicyRequest$,
  DeleteSchedulingPolicyCommand,
  DescribeSchedulingPoliciesCommand,
  paginateListSchedulingPolicies,
  type SchedulingPolicyDetail,
  UpdateSchedulingPolicyCommand,
  type UpdateSchedulingPolicyRequest,
  UpdateSchedulingPolicyRequest$,
} from '@aws-sdk/client-batch';
import { accountOf } from '../aws/account.ts';
import type { Aws } from '../aws/clients.ts';
import { created, found, isError } from '../aws/errors.ts';
import { adopt, completed, isProtectedBy, oursOrNamed, ownerIn, ownerTags, setProtection } from '../aws/ownership.ts';
import { persist, type Waiter } from '../aws/waiting.ts';
import type { Listing, Observed, ResourceKind } from '../reconcile/kind.ts';
import { type Fields, plainFields } from '../reconcile/value.ts';
import { canonical, laidOver } from './aws-fields.ts';
import { isGone } from './batch-status.ts';
import { givenTags, retag, taggedWith } from './batch-tags.ts';
import { asRequest, requestShape } from './request-shape.ts';

export interface SchedulingPolicySpec {
  readonly name: string;
  readonly protect: boolean;
  /** How long what a share used counts against it. */
  readonly shareDecaySeconds: number;
  /** Percent of the vCPUs that are kept for shares that use none now. */
  readonly computeReservation: number;
  /** Share identifier → weight factor; a share of half the weight gets twice as much. */
  readonly shareDistribution: Readonly<Record<string, number>>;
  /** What else CreateSchedulingPolicy takes. */
  readonly other: Fields;
}

export const createShape = requestShape(CreateSchedulingPolicyRequest$);
const updateShape = requestShape(UpdateSchedulingPolicyRequest$);

/** AWS holds a factor as a single-precision float, with four decimals at most. */
const factor = (weight: number): number => Math.round(weight * 10_000) / 10_000;

/** A request or an answer in the spec's clothes. */
function policySpec(described: Partial<CreateSchedulingPolicyRequest>, protect: boolean): SchedulingPolicySpec {
  const { name = '', fairsharePolicy, tags, ...rest } = described;
  const { shareDecaySeconds = 0, computeReservation = 0, shareDistribution = [], ...more } = fairsharePolicy ?? {};
  const shares = shareDistribution.map(
    ({ shareIdentifier = '', weightFactor = 1 }) => [shareIdentifier, factor(weightFactor)] as const,
  );
  return {
    name,
    protect,
    shareDecaySeconds,
    computeReservation,
    shareDistribution: Object.fromEntries(shares),
    other: canonical({ ...rest, fairsharePolicy: more, tags: givenTags(tags) }),
  };
}

function toSpec({ arn: _, ...described }: SchedulingPolicyDetail): SchedulingPolicySpec {
  return policySpec(described, isProtectedBy(described.tags));
}

/** What a policy is; one of quota shares has no fair ones. */
function policyOf({ shareDecaySeconds, computeReservation, shareDistribution, other }: SchedulingPolicySpec): Fields {
  const { tags: _, ...rest } = other;
  if (rest['quotaSharePolicy'] !== undefined) return rest;
  const shares = Object.entries(shareDistribution).map(([shareIdentifier, weightFactor]) => ({
    shareIdentifier,
    weightFactor,
  }));
  return laidOver({ fairsharePolicy: { shareDecaySeconds, computeReservation, shareDistribution: shares } }, rest);
}

const creation = (spec: SchedulingPolicySpec): Fields => ({
  name: spec.name,
  ...policyOf(spec),
  ...(spec.other['tags'] !== undefined && { tags: spec.other['tags'] }),
});

/** The spec with fields of CreateSchedulingPolicy laid over what it would ask for. */
export function overriddenPolicy(spec: SchedulingPolicySpec, override: object): SchedulingPolicySpec {
  const request = laidOver(creation(spec), plainFields(override));
  return policySpec(
    asRequest<CreateSchedulingPolicyRequest>(createShape, 'CreateSchedulingPolicy', request),
    spec.protect,
  );
}

async function describe(aws: Aws, arns: readonly string[]): Promise<Observed<SchedulingPolicyDetail>[]> {
  if (arns.length === 0) return [];
  const { schedulingPolicies = [] } = await aws.batch.send(new DescribeSchedulingPoliciesCommand({ arns: [...arns] }));
  return schedulingPolicies.map((live) => ({ name: live.name ?? '', live, owner: ownerIn(live.tags) }));
}

/** A list of ARNs, and what is behind a hundred of them at a time. */
async function list(aws: Aws, names: readonly string[]): Promise<Listing<SchedulingPolicyDetail>> {
  const listed: Observed<SchedulingPolicyDetail>[] = [];
  for await (const page of paginateListSchedulingPolicies({ client: aws.batch, pageSize: 100 }, {})) {
    aws.signal.throwIfAborted();
    listed.push(
      ...(await describe(
        aws,
        (page.schedulingPolicies ?? []).flatMap(({ arn }) => arn ?? []),
      )),
    );
  }
  const all = await completed(names, listed, async (missing) => {
    const { partition, account } = await accountOf(aws);
    const arnOf = (name: string) => `arn:${partition}:batch:${aws.region}:${account}:scheduling-policy/${name}`;
    return describe(aws, missing.map(arnOf));
  });
  return oursOrNamed(aws, names, all);
}

async function create(aws: Aws, desired: SchedulingPolicySpec): Promise<void> {
  const request = asRequest<CreateSchedulingPolicyRequest>(
    createShape,
    'CreateSchedulingPolicy',
    taggedWith(creation(desired), ownerTags(aws, desired)),
  );
  await created(aws.batch.send(new CreateSchedulingPolicyCommand(request)), (error) =>
    isError(error, 'ClientException', /already exists/i),
  );
}

async function update(aws: Aws, live: SchedulingPolicyDetail, desired: SchedulingPolicySpec): Promise<void> {
  const { arn = '' } = live;
  const before = toSpec(live);
  if (before.protect !== desired.protect) await setProtection(aws, arn, desired.protect);
  await retag(aws, arn, before.other, desired.other);
  const [from, to] = [policyOf(before), policyOf(desired)];
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  const request = asRequest<UpdateSchedulingPolicyRequest>(updateShape, 'UpdateSchedulingPolicy', { arn, ...to });
  await aws.batch.send(new UpdateSchedulingPolicyCommand(request));
}

/** A queue that went a moment ago is still seen as using it. */
const stillInUse = (error: unknown): string | undefined =>
  isError(error, 'ClientException', /relationship|in use|associated/i) ? 'still used by a job queue' : undefined;

async function remove(aws: Aws, { arn, name }: SchedulingPolicyDetail, waiter: Waiter): Promise<void> {
  await persist(aws.pace, waiter, {
    what: `scheduling policy "${name}"`,
    attempt: () => found(aws.batch.send(new DeleteSchedulingPolicyCommand({ arn })), isGone),
    transient: stillInUse,
  });
}

/** A policy by which job queues share their compute environments out; what a queue without one has is order of arrival. */
export const schedulingPolicyKind = (aws: Aws): ResourceKind<SchedulingPolicySpec, SchedulingPolicyDetail> => ({
  kind: 'scheduling-policy',
  immutable: [],
  references: () => [],
  list: (names) => list(aws, names),
  toSpec,
  create: (desired) => create(aws, desired),
  update: (live, desired) => update(aws, live, desired),
  delete: (live, step) => remove(aws, live, step),
  adopt: ({ arn = '' }) => adopt(aws, arn),
});
