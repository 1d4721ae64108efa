import { paginateGetResources } from '@aws-sdk/client-resource-groups-tagging-api';
import type { Aws } from './clients.ts';
import { mapConcurrently } from './concurrency.ts';

const OWNER_TAG = 'baton:owner';

/** Tags as a map: Batch, Lambda, Logs, SQS. */
export const ownerTags = (aws: Aws): Record<string, string> => ({ [OWNER_TAG]: aws.owner });

/** Tags as a list: ECR, EventBridge, IAM, S3, SNS. */
export const ownerTagList = (aws: Aws): { Key: string; Value: string }[] => [{ Key: OWNER_TAG, Value: aws.owner }];

type Tags =
  | Readonly<Record<string, string>>
  | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
  | undefined;

const isList = (tags: Tags): tags is Extract<Tags, readonly unknown[]> => Array.isArray(tags);

/** Who owns a resource by its tags, in either of AWS's forms. */
export const ownerIn = (tags: Tags): string | undefined =>
  isList(tags) ? tags.find(({ Key }) => Key === OWNER_TAG)?.Value : tags?.[OWNER_TAG];

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

/** Of what AWS lists in bulk: what is ours, and what is named whoever owns it. */
export const oursOrNamed = <Found extends Owned>(
  aws: Aws,
  names: readonly string[],
  found: readonly Found[],
): Found[] => found.filter(({ name, owner }) => owner === aws.owner || names.includes(name));

/**
 * Reads what is ours by the tagging API and what is named, each directly, some at a time. What turns out to be neither
 * there, nor ours, nor named is left out.
 */
export async function readOwned<Found extends Owned>(
  aws: Aws,
  taggable: Taggable,
  names: readonly string[],
  read: (name: string) => Promise<Found | undefined>,
): Promise<Found[]> {
  const candidates = [...new Set([...names, ...(await ownedNames(aws, taggable))])];
  const found = await mapConcurrently(candidates, 8, async (name) => {
    aws.signal.throwIfAborted();
    return read(name);
  });
  return oursOrNamed(
    aws,
    names,
    found.filter((each) => each !== undefined),
  );
}
