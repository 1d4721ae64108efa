import type * as Tagging from '@aws-sdk/client-resource-groups-tagging-api';
import { type Need, type Needs, tagging } from '../need.ts';

/** The tagging API has no resource-level permissions. */
const anywhere = (action: string) => (): readonly Need[] => [{ action: `tag:${action}`, resource: '*' }];

/**
 * The permission of the resource's own service, which AWS asks for as well, and answers for resource by resource; here
 * the whole call is refused. https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html
 */
function ownAction(verb: 'Tag' | 'Untag', arn: string): string {
  const service = arn.split(':')[2] ?? '';
  if (service === 'sqs') return `sqs:${verb}Queue`;
  // Of buckets it replaces the whole set of tags.
  if (service === 's3') return 's3:PutBucketTagging';
  return `${service}:${verb}Resource`;
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html */
export const taggingNeeds: Needs<typeof Tagging> = {
  GetResources: anywhere('GetResources'),
  GetTagKeys: anywhere('GetTagKeys'),
  GetTagValues: anywhere('GetTagValues'),
  TagResources: ({ ResourceARNList, Tags }) => [
    ...anywhere('TagResources')(),
    ...ResourceARNList.flatMap((arn) => tagging(ownAction('Tag', arn), arn, Tags)),
  ],
  UntagResources: ({ ResourceARNList }) => [
    ...anywhere('UntagResources')(),
    ...ResourceARNList.map((arn) => ({ action: ownAction('Untag', arn), resource: arn })),
  ],
};
