import {
  type FailureInfo,
  paginateGetResources,
  TagResourcesCommand,
  UntagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api';
import type { Aws } from './clients.ts';
import { mapConcurrently } from './concurrency.ts';

const OWNER_TAG = 'baton:owner';

/** Remembers that something is protected when config does not name it any more. */
const PROTECT_TAG = 'baton:protect';

/** What is put on a resource besides its owner; nothing where it cannot be protected. */
interface Marks {
  readonly protect?: boolean;
}

/** Tags as a map: Batch, Lambda, Logs, SQS. */
export const ownerTags = (aws: Aws, { protect = false }: Marks = {}): Record<string, string> => ({
  [OWNER_TAG]: aws.owner,
  ...(protect && { [PROTECT_TAG]: 'true' }),
});

/** Tags as a list: ECR, EventBridge, IAM, S3, SNS. */
export const ownerTagList = (aws: Aws, marks: Marks = {}): { Key: string; Value: string }[] =>
  Object.entries(ownerTags(aws, marks)).map(([Key, Value]) => ({ Key, Value }));

type Tags =
  | Readonly<Record<string, string>>
  | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
  | undefined;

const isList = (tags: Tags): tags is Extract<Tags, readonly unknown[]> => Array.isArray(tags);

const valueIn = (tags: Tags, tag: string): string | undefined =>
  isList(tags) ? tags.find(({ Key }) => Key === tag)?.Value : tags?.[tag];

/** Who owns a resource by its tags, in either of AWS's forms. */
export const ownerIn = (tags: Tags): string | undefined => valueIn(tags, OWNER_TAG);

export const isProtectedBy = (tags: Tags): boolean => valueIn(tags, PROTECT_TAG) === 'true';

/** The tagging API reports per resource what it could not tag, and succeeds. */
function assertTagged(arn: string, failures: Readonly<Record<string, FailureInfo>> | undefined): void {
  const failure = failures?.[arn];
  if (failure !== undefined) throw new Error(`tagging ${arn}: ${failure.ErrorCode}: ${failure.ErrorMessage}`);
}

/** Takes a resource over: puts our owner tag on it, and leaves its other tags. For all services but IAM. */
export async function adopt(aws: Aws, arn: string): Promise<void> {
  const Tags = ownerTags(aws);
  const { FailedResourcesMap } = await aws.tagging.send(new TagResourcesCommand({ ResourceARNList: [arn], Tags }));
  assertTagged(arn, FailedResourcesMap);
}

/** Remembers on a resource whether it is protected. For all services but IAM. */
export async function setProtection(aws: Aws, arn: string, protect: boolean): Promise<void> {
  const ResourceARNList = [arn];
  const { FailedResourcesMap } = protect
    ? await aws.tagging.send(new TagResourcesCommand({ ResourceARNList, Tags: { [PROTECT_TAG]: 'true' } }))
    : await aws.tagging.send(new UntagResourcesCommand({ ResourceARNList, TagKeys: [PROTECT_TAG] }));
  assertTagged(arn, FailedResourcesMap);
}

/** Where the tagging API has the resources of a kind: `events:rule`, whose ARNs end in `rule/NAME`. */
export interface Taggable {
  readonly resourceType: string;
  readonly before: string;
}

/** The names of what the tagging API believes to be ours. It lags and returns ghosts: read each one before believing it. */
async function ownedNames(aws: Aws, { resourceType, before }: Taggable): Promise<string[]> {
  const names: string[] = [];
  const pages = paginateGetResources(
    { client: aws.tagging, pageSize: 100 },
    { TagFilters: [{ Key: OWNER_TAG, Values: [aws.owner] }], ResourceTypeFilters: [resourceType] },
  );
  for await (const page of pages) {
    aws.signal.throwIfAborted();
    for (const { ResourceARN: arn = '' } of page.ResourceTagMappingList ?? []) {
      const resource = arn.split(':').slice(5).join(':');
      if (resource.startsWith(before)) names.push(resource.slice(before.length));
    }
  }
  return names;
}

interface Owned {
  readonly name: string;
  readonly owner: string | undefined;
}

/** What there is of a kind. The reader of a plan is told why something of ours may be missing from it. */
interface Listed<Found> {
  readonly observed: readonly Found[];
  readonly unseen?: string | undefined;
  readonly total?: number;
}

/** Of what AWS lists in bulk: what is ours, and what is named whoever owns it. */
export const oursOrNamed = <Found extends Owned>(
  aws: Aws,
  names: readonly string[],
  found: readonly Found[],
): Listed<Found> => ({
  observed: found.filter(({ name, owner }) => owner === aws.owner || names.includes(name)),
  total: found.length,
});

/** Errors of the SDK carry how often it tried; others are ours, or say that we were stopped. */
const isRefusal = (error: unknown): error is Error => error instanceof Error && '$metadata' in error;

/** The names that the tagging API has, or why it has none to tell. */
async function candidatesBy(
  aws: Aws,
  taggable: Taggable,
): Promise<{ readonly names: readonly string[]; readonly unseen?: string }> {
  try {
    return { names: await ownedNames(aws, taggable) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { names: [], unseen: `asking the tagging API: ${error.name}: ${error.message}` };
  }
}

/**
 * Reads what is ours by the tagging API and what is named, each directly, some at a time. What turns out to be neither
 * there, nor ours, nor named is left out.
 */
export async function readOwned<Found extends Owned>(
  aws: Aws,
  taggable: Taggable,
  names: readonly string[],
  read: (name: string) => Promise<Found | undefined>,
): Promise<Listed<Found>> {
  const { names: tagged, unseen } = await candidatesBy(aws, taggable);
  const candidates = [...new Set([...names, ...tagged])];
  const found = await mapConcurrently(candidates, 8, async (name) => {
    aws.signal.throwIfAborted();
    return read(name);
  });
  const { observed } = oursOrNamed(
    aws,
    names,
    found.filter((each) => each !== undefined),
  );
  return { observed, unseen };
}
