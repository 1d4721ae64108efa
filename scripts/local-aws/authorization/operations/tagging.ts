import type * as Tagging from '@aws-sdk/client-resource-groups-tagging-api';
import type { Need, Needs } from '../need.ts';

/** The tagging API has no resource-level permissions. */
const anywhere = (action: string) => (): readonly Need[] => [{ action: `tag:${action}`, resource: '*' }];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html */
export const taggingNeeds: Needs<typeof Tagging> = {
  GetResources: anywhere('GetResources'),
  GetTagKeys: anywhere('GetTagKeys'),
  GetTagValues: anywhere('GetTagValues'),
  // The permission of the resource's own service, which AWS asks for as well, is not asked for here.
  TagResources: anywhere('TagResources'),
  UntagResources: anywhere('UntagResources'),
};
