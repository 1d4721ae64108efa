import {
  DeregisterJobDefinitionCommand,
  type JobDefinition,
  paginateDescribeJobDefinitions,
  RegisterJobDefinitionCommand,
} from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { atOnce, mapConcurrently } from '../aws/concurrency.ts';
import { adopt, completed, isProtectedBy, oursOrNamed, ownerIn, ownerTags, setProtection } from '../aws/ownership.ts';
import type { Listing, Observed, ResourceKind, ResourceRef } from '../reconcile/kind.ts';
import { nameInArn } from './arn.ts';
import { canonical } from './aws-fields.ts';
import { retag } from './batch-tags.ts';
import { definitionsInUse, jobsOf } from './definitions-in-use.ts';
import { imageReference } from './image.ts';
import { definitionSpec, type JobDefinitionSpec, registerRequest } from './job-definition-spec.ts';

/** All ACTIVE revisions, the latest first: that is the one a name without revision means. */
interface LiveJobDefinition {
  readonly latest: JobDefinition;
  readonly revisionArns: readonly string[];
  /** Of the revisions that carry the tag of protection. */
  readonly protectedArns: readonly string[];
}

/** What AWS gives a revision is no part of the spec. */
function toSpec({ region }: Aws, { latest, protectedArns }: LiveJobDefinition): JobDefinitionSpec {
  const {
    jobDefinitionArn: _arn,
    revision: _revision,
    status: _status,
    containerOrchestrationType: _orchestration,
    type,
    ...described
  } = latest;
  const isKnown = type === 'multinode' || type === 'container';
  return definitionSpec({ ...described, ...(isKnown && { type }) }, region, protectedArns.length > 0);
}

/** Of one name, or of all: AWS takes no list of names, only of revisions, which nobody knows before. */
async function activeRevisions(aws: Aws, jobDefinitionName?: string): Promise<JobDefinition[]> {
  const revisions: JobDefinition[] = [];
  const named = jobDefinitionName === undefined ? {} : { jobDefinitionName };
  for await (const page of paginateDescribeJobDefinitions({ client: aws.batch }, { ...named, status: 'ACTIVE' })) {
    aws.signal.throwIfAborted();
    revisions.push(...(page.jobDefinitions ?? []));
  }
  return revisions;
}

const arnsOf = (revisions: readonly JobDefinition[]): string[] =>
  revisions.flatMap(({ jobDefinitionArn }) => jobDefinitionArn ?? []);

function observe(unsorted: readonly JobDefinition[]): Observed<LiveJobDefinition>[] {
  const byName = new Map<string, JobDefinition[]>();
  for (const each of unsorted.toSorted((a, b) => (b.revision ?? 0) - (a.revision ?? 0))) {
    const others = byName.get(each.jobDefinitionName ?? '');
    if (others === undefined) byName.set(each.jobDefinitionName ?? '', [each]);
    else others.push(each);
  }
  return [...byName].flatMap(([name, revisions]) => {
    const [latest] = revisions;
    if (latest === undefined) return [];
    // A revision that a hand registered carries no tag: it is drift of whose the one before it is. One that was taken over
    // has the new owner's tag on its latest, and the tags of the old one on those before.
    const owner = revisions.map(({ tags }) => ownerIn(tags)).find((each) => each !== undefined);
    const protectedArns = arnsOf(revisions.filter(({ tags }) => isProtectedBy(tags)));
    return [{ name, live: { latest, revisionArns: arnsOf(revisions), protectedArns }, owner }];
  });
}

async function list(aws: Aws, names: readonly string[]): Promise<Listing<LiveJobDefinition>> {
  const listed = observe(await activeRevisions(aws));
  const all = await completed(names, listed, async (missing) =>
    observe((await mapConcurrently(missing, atOnce, (name) => activeRevisions(aws, name))).flat()),
  );
  return oursOrNamed(aws, names, all);
}

/** A revision never changes, so creating and updating are one: the next revision is registered. */
async function register(aws: Aws, desired: JobDefinitionSpec): Promise<void> {
  const request = registerRequest(desired, aws.region, ownerTags(aws, desired));
  await aws.batch.send(new RegisterJobDefinitionCommand(request));
}

/** Tags are no part of a revision: they are put on the latest, and no new one is registered for them alone. */
async function mark(aws: Aws, live: LiveJobDefinition, desired: JobDefinitionSpec): Promise<void> {
  const { jobDefinitionArn = '' } = live.latest;
  const before = toSpec(aws, live);
  await retag(aws, jobDefinitionArn, before.other, desired.other);
  if (desired.protect && !before.protect) await setProtection(aws, jobDefinitionArn, true);
}

/** What was protected stays so by any of its revisions. */
async function unprotect(aws: Aws, { protectedArns }: LiveJobDefinition): Promise<void> {
  for (const arn of protectedArns) await setProtection(aws, arn, false);
}

const withoutTags = (aws: Aws, spec: JobDefinitionSpec): string =>
  JSON.stringify(canonical(registerRequest({ ...spec, other: { ...spec.other, tags: {} } }, aws.region, {})));

/** RegisterJobDefinition knows no token, and a second one makes a second revision: so what was read may not be late. */
async function readOnceMore(aws: Aws, name: string): Promise<LiveJobDefinition | undefined> {
  const [observed] = observe(await activeRevisions(aws, name));
  return observed?.owner === aws.owner ? observed.live : undefined;
}

async function create(aws: Aws, desired: JobDefinitionSpec, keep: number): Promise<void> {
  const live = await readOnceMore(aws, desired.name);
  await (live === undefined ? register(aws, desired) : change(aws, live, desired, keep));
}

async function update(aws: Aws, planned: LiveJobDefinition, desired: JobDefinitionSpec, keep: number): Promise<void> {
  const live = await readOnceMore(aws, desired.name);
  // Revisions are counted up, so that of two reads the later one is known.
  const isLater = (live?.latest.revision ?? 0) > (planned.latest.revision ?? 0);
  await change(aws, live !== undefined && isLater ? live : planned, desired, keep);
}

async function change(aws: Aws, live: LiveJobDefinition, desired: JobDefinitionSpec, keep: number): Promise<void> {
  if (!desired.protect) await unprotect(aws, live);
  if (withoutTags(aws, toSpec(aws, live)) === withoutTags(aws, desired)) return mark(aws, live, desired);
  await register(aws, desired);
  await prune(aws, desired.name, live.revisionArns, keep);
}

/** The latest was registered a moment ago and is not among `before`, which has the latest of its time first. */
async function prune(aws: Aws, name: string, before: readonly string[], keep: number): Promise<void> {
  const surplus = before.slice(keep - 1);
  if (surplus.length === 0) return;
  const inUse = await definitionsInUse(aws, name);
  await deregister(
    aws,
    surplus.filter((arn) => !inUse.has(arn)),
  );
}

async function deregister(aws: Aws, revisionArns: readonly string[]): Promise<void> {
  for (const jobDefinition of revisionArns) {
    await aws.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition }));
  }
}

const references = ({ image, jobRoleArn, executionRoleArn, logGroup }: JobDefinitionSpec): ResourceRef[] => [
  ...imageReference(image),
  ...[jobRoleArn, executionRoleArn].flatMap((arn) => (arn === null ? [] : { kind: 'role', name: nameInArn(arn) })),
  ...(logGroup === null ? [] : [{ kind: 'log-group', name: logGroup }]),
];

/**
 * A Batch job definition: its latest ACTIVE revision. Older ones stay, for jobs that name them: of each definition as
 * many as `kept` says, by its name, or all.
 */
export const jobDefinitionKind = (
  aws: Aws,
  kept: ReadonlyMap<string, number> = new Map(),
): ResourceKind<JobDefinitionSpec, LiveJobDefinition> => ({
  kind: 'job-definition',
  immutable: [],
  references,
  list: (names) => list(aws, names),
  toSpec: (live) => toSpec(aws, live),
  create: (desired) => create(aws, desired, kept.get(desired.name) ?? Infinity),
  update: (live, desired) => update(aws, live, desired, kept.get(desired.name) ?? Infinity),
  delete: ({ revisionArns }) => deregister(aws, revisionArns),
  adopt: ({ latest: { jobDefinitionArn = '' } }) => adopt(aws, jobDefinitionArn),
  // They go on without it; but their role goes with it, and with that all they may do.
  lossOf: ({ latest: { jobDefinitionName = '' } }) => jobsOf(aws, jobDefinitionName),
});
