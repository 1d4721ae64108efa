import { BatchClient, paginateDescribeJobDefinitions } from '@aws-sdk/client-batch';
import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { paginateGetResources, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { paginateListSubscriptions, SNSClient } from '@aws-sdk/client-sns';
import type { LocalAws } from '../../scripts/local-aws/server.ts';

async function collected<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[],
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...items(page));
  return all;
}

/**
 * Everything that is in an embedded AWS, whoever owns it, by name: once for each that there is, so that what was made twice
 * shows. Asked of the services themselves, not through baton's own eyes.
 */
export async function census(local: LocalAws): Promise<readonly string[]> {
  const settings = {
    endpoint: local.endpoint,
    region: local.world.region,
    credentials: { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' },
  };
  const [iam, sns, batch, tagging] = [
    new IAMClient(settings),
    new SNSClient(settings),
    new BatchClient(settings),
    new ResourceGroupsTaggingAPIClient(settings),
  ];
  const found = await Promise.all([
    collected(paginateListRoles({ client: iam }, {}), ({ Roles = [] }) => Roles.map(({ Arn }) => Arn)),
    collected(paginateListSubscriptions({ client: sns }, {}), ({ Subscriptions = [] }) =>
      Subscriptions.map(({ TopicArn, Endpoint }) => `${TopicArn} → ${Endpoint}`),
    ),
    collected(paginateDescribeJobDefinitions({ client: batch }, {}), ({ jobDefinitions = [] }) =>
      jobDefinitions.map(({ jobDefinitionArn }) => jobDefinitionArn),
    ),
    collected(paginateGetResources({ client: tagging }, {}), ({ ResourceTagMappingList = [] }) =>
      ResourceTagMappingList.map(({ ResourceARN, Tags }) => `${ResourceARN} ${JSON.stringify(Tags)}`),
    ),
  ]);
  for (const client of [iam, sns, batch, tagging]) client.destroy();
  return found.flat().map(String).sort();
}
