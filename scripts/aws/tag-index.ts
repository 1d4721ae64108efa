import { paginateGetResources, type ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { isRefusal } from './errors.ts';

/** Marks what is ours: `<project>/<environment>`. */
export const OWNER_TAG = 'baton:owner';

/** What of ours the tagging API lists, all in one query. Batch and IAM give tags with their own listings. */
const resourceTypes = [
  'cloudwatch:alarm',
  'ecr:repository',
  'events:rule',
  'lambda:function',
  'logs:log-group',
  's3',
  'scheduler:schedule-group',
  'sns',
  'sqs',
] as const;

/** Where the tagging API has the resources of a kind: `events:rule`, whose ARNs end in `rule/NAME`. */
export interface Taggable {
  readonly resourceType: (typeof resourceTypes)[number];
  readonly before: string;
}

export type TagList = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];

/** What the tagging API believes to be ours. It lags and has ghosts. */
export interface TagIndex {
  readonly entries: readonly { readonly arn: string; readonly tags: TagList }[];
  /** Why it has none to tell. */
  readonly unseen?: string;
}

/** Asks for all that carries our owner tag, a hundred a page. A refusal is part of the answer. */
export async function askTagIndex(
  client: ResourceGroupsTaggingAPIClient,
  owner: string,
  signal: AbortSignal,
): Promise<TagIndex> {
  const entries: { arn: string; tags: TagList }[] = [];
  const pages = paginateGetResources(
    { client, pageSize: 100 },
    { TagFilters: [{ Key: OWNER_TAG, Values: [owner] }], ResourceTypeFilters: [...resourceTypes] },
  );
  try {
    for await (const page of pages) {
      signal.throwIfAborted();
      for (const { ResourceARN: arn = '', Tags: tags = [] } of page.ResourceTagMappingList ?? []) {
        entries.push({ arn, tags });
      }
    }
    return { entries };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { entries: [], unseen: `asking the tagging API: ${error.name}: ${error.message}` };
  }
}

/** Tags by the names of the resources of one kind. */
export function tagsByName({ entries }: TagIndex, { resourceType, before }: Taggable): ReadonlyMap<string, TagList> {
  const [wanted] = resourceType.split(':');
  const named = new Map<string, TagList>();
  for (const { arn, tags } of entries) {
    const [, , service, , , ...rest] = arn.split(':');
    const resource = rest.join(':');
    if (service === wanted && resource.startsWith(before)) named.set(resource.slice(before.length), tags);
  }
  return named;
}
