import { TagResourcesCommand, UntagResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import { accountOf } from './account.ts';
import type { Aws } from './clients.ts';
import { found, isError, isNotFound } from './errors.ts';
import { assertTagged, ownerIn } from './ownership.ts';

/** Who paused an environment, as far as tags can tell: what they cannot hold stands in the record of the pause. */
export interface Pause {
  /** ISO 8601. */
  readonly since: string;
  readonly by: string;
  readonly reason: string | undefined;
}

/** What an environment's own bucket says by its tags, which who may read no objects may read. */
export interface StateBucketTags {
  readonly owner: string | undefined;
  readonly pause: Pause | undefined;
}

const sinceTag = 'baton:paused';
const byTag = 'baton:paused-by';
const reasonTag = 'baton:paused-because';

/** A value of a tag holds 256 characters, and of signs these. https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const asTagValue = (text: string): string => text.replaceAll(/[^\p{L}\p{N} +\-=._:/@]/gu, '_').slice(0, 256);

/** `undefined` where there is no such bucket. */
export async function readStateBucketTags(aws: Aws, Bucket: string): Promise<StateBucketTags | undefined> {
  const read = async () => {
    const answer = await found(aws.s3.send(new GetBucketTaggingCommand({ Bucket })), (error) =>
      isError(error, 'NoSuchTagSet'),
    );
    return answer?.TagSet ?? [];
  };
  const tags = await found(read(), isNotFound);
  if (tags === undefined) return undefined;
  const value = (key: string): string | undefined => tags.find(({ Key }) => Key === key)?.Value;
  const since = value(sinceTag);
  const pause = since === undefined ? undefined : { since, by: value(byTag) ?? 'somebody', reason: value(reasonTag) };
  return { owner: ownerIn(tags), pause };
}

const arnOf = async (aws: Aws, bucket: string): Promise<string> =>
  `arn:${(await accountOf(aws)).partition}:s3:::${bucket}`;

/** Marks an environment as paused. The bucket's other tags stay. */
export async function tagPaused(aws: Aws, bucket: string, { since, by, reason }: Pause): Promise<void> {
  const arn = await arnOf(aws, bucket);
  const Tags = {
    [sinceTag]: since,
    [byTag]: asTagValue(by),
    ...(reason !== undefined && { [reasonTag]: asTagValue(reason) }),
  };
  const { FailedResourcesMap } = await aws.tagging.send(new TagResourcesCommand({ ResourceARNList: [arn], Tags }));
  assertTagged(arn, FailedResourcesMap);
}

/** Takes the mark away; nothing where there is none. */
export async function untagPaused(aws: Aws, bucket: string): Promise<void> {
  const arn = await arnOf(aws, bucket);
  const TagKeys = [sinceTag, byTag, reasonTag];
  const { FailedResourcesMap } = await aws.tagging.send(new UntagResourcesCommand({ ResourceARNList: [arn], TagKeys }));
  assertTagged(arn, FailedResourcesMap);
}
