import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  GetTagKeysCommand,
  GetTagValuesCommand,
  ResourceGroupsTaggingAPIClient,
  TagResourcesCommand,
  UntagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { taggedBy } from '../../../../scripts/local-aws/world.ts';
import { openAccount } from '../account.ts';

const owner = { 'baton:owner': 'feeds/local' };
const resources = [
  { arn: 'arn:aws:s3:::feeds', tags: { ...owner, kind: 'bucket' } },
  { arn: 'arn:aws:s3:::untagged', tags: {} },
  { arn: 'arn:aws:sns:eu-central-1:123456789012:start', tags: owner },
  { arn: 'arn:aws:lambda:eu-central-1:123456789012:function:topic-to-batch', tags: owner },
  { arn: 'arn:aws:events:eu-central-1:123456789012:rule/broadbean', tags: { 'baton:owner': 'feeds/production' } },
  { arn: 'arn:aws:batch:eu-central-1:123456789012:job-queue/feeds', tags: { kind: 'queue' } },
  { arn: 'arn:aws:iam::123456789012:role/job', tags: owner },
];

async function taggingFor(t: TestContext) {
  const account = await openAccount();
  const kept = resources.map(({ arn, tags }) => ({ arn, tags: new Map(Object.entries(tags)) }));
  account.world.tagged.push(
    () => kept.slice(0, 3).map(({ arn, tags }) => taggedBy(arn, tags)),
    () => kept.slice(3).map(({ arn, tags }) => taggedBy(arn, tags)),
  );
  const client = new ResourceGroupsTaggingAPIClient(account.client);
  t.after(async () => {
    client.destroy();
    await account.close();
  });
  const find = async (input: GetResourcesCommandInput) =>
    (await client.send(new GetResourcesCommand(input))).ResourceTagMappingList?.map(({ ResourceARN }) =>
      ResourceARN?.split(':').slice(2).join(':').replace('eu-central-1:123456789012:', ''),
    );
  return { client, find };
}

test('tagged resources of all services are found, but not those of IAM', async (t) => {
  const { find } = await taggingFor(t);
  assert.deepEqual(await find({}), [
    'batch:job-queue/feeds',
    'events:rule/broadbean',
    'lambda:function:topic-to-batch',
    's3:::feeds',
    'sns:start',
  ]);
});

test('tag filters are joined by AND, their values by OR, and a key alone asks for any value', async (t) => {
  const { find } = await taggingFor(t);
  const key = 'baton:owner';
  assert.deepEqual(await find({ TagFilters: [{ Key: key, Values: ['feeds/production'] }] }), ['events:rule/broadbean']);
  assert.equal((await find({ TagFilters: [{ Key: key, Values: ['feeds/production', 'feeds/local'] }] }))?.length, 4);
  assert.deepEqual(await find({ TagFilters: [{ Key: key }, { Key: 'kind' }] }), ['s3:::feeds']);
  assert.deepEqual(await find({ TagFilters: [{ Key: 'BATON:OWNER' }] }), []);
});

test('type filters name a service or one of its types', async (t) => {
  const { find } = await taggingFor(t);
  assert.deepEqual(await find({ ResourceTypeFilters: ['lambda:function', 's3:bucket'] }), [
    'lambda:function:topic-to-batch',
    's3:::feeds',
  ]);
  assert.deepEqual(await find({ ResourceTypeFilters: ['events', 'sns:topic'] }), [
    'events:rule/broadbean',
    'sns:start',
  ]);
  assert.deepEqual(await find({ ResourceTypeFilters: ['batch:compute-environment'] }), []);
});

test('resources are asked for by ARN, and answered with their tags', async (t) => {
  const { client } = await taggingFor(t);
  const { ResourceTagMappingList } = await client.send(
    new GetResourcesCommand({ ResourceARNList: ['arn:aws:s3:::feeds', 'arn:aws:s3:::gone'] }),
  );
  assert.deepEqual(ResourceTagMappingList, [
    {
      ResourceARN: 'arn:aws:s3:::feeds',
      Tags: [
        { Key: 'baton:owner', Value: 'feeds/local' },
        { Key: 'kind', Value: 'bucket' },
      ],
    },
  ]);
  await assert.rejects(
    client.send(new GetResourcesCommand({ ResourceARNList: ['arn:aws:s3:::feeds'], ResourcesPerPage: 10 })),
    { name: 'InvalidParameterException' },
  );
});

test('resources come in pages, each once', async (t) => {
  const { client } = await taggingFor(t);
  const sizes: number[] = [];
  const seen = new Set<string | undefined>();
  let PaginationToken: string | undefined;
  do {
    const page = await client.send(new GetResourcesCommand({ ResourcesPerPage: 2, PaginationToken }));
    sizes.push(page.ResourceTagMappingList?.length ?? 0);
    for (const { ResourceARN } of page.ResourceTagMappingList ?? []) seen.add(ResourceARN);
    PaginationToken = page.PaginationToken;
  } while (PaginationToken);
  assert.deepEqual([sizes, seen.size], [[2, 2, 1], 5]);
  await assert.rejects(client.send(new GetResourcesCommand({ PaginationToken: '?' })), {
    name: 'PaginationTokenExpiredException',
  });
});

test('tag keys and their values are listed once each', async (t) => {
  const { client } = await taggingFor(t);
  assert.deepEqual((await client.send(new GetTagKeysCommand({}))).TagKeys, ['baton:owner', 'kind']);
  const { TagValues } = await client.send(new GetTagValuesCommand({ Key: 'baton:owner' }));
  assert.deepEqual(TagValues, ['feeds/local', 'feeds/production']);
});

test('resources are tagged and untagged one by one; what is not there is told, and the others are done', async (t) => {
  const { client, find } = await taggingFor(t);
  const [feeds, gone] = ['arn:aws:s3:::feeds', 'arn:aws:s3:::gone'];
  const Tags = { 'baton:owner': 'feeds/staging' };
  const { FailedResourcesMap } = await client.send(new TagResourcesCommand({ ResourceARNList: [feeds, gone], Tags }));
  assert.deepEqual(Object.keys(FailedResourcesMap ?? {}), [gone]);
  assert.deepEqual(await find({ TagFilters: [{ Key: 'baton:owner', Values: ['feeds/staging'] }] }), ['s3:::feeds']);
  assert.deepEqual(await find({ TagFilters: [{ Key: 'kind', Values: ['bucket'] }] }), ['s3:::feeds']);
  await client.send(new UntagResourcesCommand({ ResourceARNList: [feeds], TagKeys: ['kind'] }));
  assert.deepEqual(await find({ TagFilters: [{ Key: 'kind', Values: ['bucket'] }] }), []);
});
