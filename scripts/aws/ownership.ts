import {
  type FailureInfo,
  TagResourcesCommand,
  UntagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api';
import type { Aws } from './clients.ts';
import { atOnce, mapConcurrently } from './concurrency.ts';
import { OWNER_TAG, type Taggable, type TagList, tagsByName } from './tag-index.ts';

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

type Tags = Readonly<Record<string, string>> | TagList | undefined;

const isList = (tags: Tags): tags is TagList => Array.isArray(tags);

const valueIn = (tags: Tags, tag: string): string | undefined =>
  isList(tags) ? tags.find(({ Key }) => Key === tag)?.Value : tags?.[tag];

/** Who owns a resource by its tags, in either of AWS's forms. */
export const ownerIn = (tags: Tags): string | undefined => valueIn(tags, OWNER_TAG);

export const isProtectedBy = (tags: Tags): boolean => valueIn(tags, PROTECT_TAG) === 'true';

/** The tagging API reports per resource what it could not tag, and succeeds. */
export function assertTagged(arn: string, failures: Readonly<Record<string, FailureInfo>> | undefined): void {
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
export function oursOrNamed<Found extends Owned>(
  aws: Aws,
  names: readonly string[],
  found: readonly Found[],
): Listed<Found> {
  const wanted = new Set(names);
  return {
    observed: found.filter(({ name, owner }) => owner === aws.owner || wanted.has(name)),
    total: found.length,
  };
}

/**
 * A listing does not have at once what was just made: what is named and not in it is looked for by itself, before it
 * counts as missing; a hundred at a time, which is as many as AWS takes in one question.
 */
export async function completed<Found extends Owned>(
  names: readonly string[],
  listed: readonly Found[],
  read: (missing: readonly string[]) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const there = new Set(listed.map(({ name }) => name));
  const missing = names.filter((name) => !there.has(name));
  const all = [...listed];
  for (let at = 0; at < missing.length; at += 100) all.push(...(await read(missing.slice(at, at + 100))));
  return all;
}

/** Of what config wants, what is to be protected. */
export const namesOfProtected = (
  desired: readonly { readonly name: string; readonly protect: boolean }[],
): ReadonlySet<string> => new Set(desired.flatMap(({ name, protect }) => (protect ? [name] : [])));

/**
 * Tags of the tagging API, where they say of protection what config wants: then there is nothing to tell. Else one of
 * the two has changed, and whether that is the tagging API's lag only the service knows.
 */
export const upToDate = (tags: TagList | undefined, isProtected: boolean): TagList | undefined =>
  tags !== undefined && isProtectedBy(tags) === isProtected ? tags : undefined;

/**
 * Reads what is ours by the tagging API and what is named, each by itself, some at a time. What turns out to be neither
 * there, nor ours, nor named is left out.
 *
 * `read` is given the tags of what is named and, by the tagging API, ours: they are as good as read. Of what nobody names
 * it must read them, since it will be deleted.
 */
export async function readOwned<Found extends Owned>(
  aws: Aws,
  taggable: Taggable,
  names: readonly string[],
  read: (name: string, tags: TagList | undefined) => Promise<Found | undefined>,
): Promise<Listed<Found>> {
  const index = await aws.tagged();
  const tagged = tagsByName(index, taggable);
  const named = new Set(names);
  const found = await mapConcurrently([...new Set([...names, ...tagged.keys()])], atOnce, async (name) => {
    aws.signal.throwIfAborted();
    if (!named.has(name)) return read(name, undefined);
    const tags = tagged.get(name);
    const answer = await read(name, tags);
    // One of the two is late. Which, a second look tells better than a plan that makes anew what is there.
    return answer === undefined && tags !== undefined ? read(name, tags) : answer;
  });
  const there = found.filter((each) => each !== undefined);
  return { observed: oursOrNamed(aws, names, there).observed, unseen: index.unseen };
}
