import assert from 'node:assert/strict';
import test from 'node:test';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, TagResourceCommand } from '@aws-sdk/client-sns';
import { account, region, stormyAccount } from './stormy-account.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const tagged = (Value: string) => [{ Key: 'baton:owner', Value }];
const lag = 3;

test('the tagging API hears of topics, of their tags and of their end late, each after a few questions', async (t) => {
  const { client } = await stormyAccount(t, { lag });
  const sns = new SNSClient(client);
  const tagging = new ResourceGroupsTaggingAPIClient(client);
  const found = async (owner: string): Promise<string[]> => {
    const TagFilters = [{ Key: 'baton:owner', Values: [owner] }];
    const { ResourceTagMappingList = [] } = await tagging.send(
      new GetResourcesCommand({ TagFilters, ResourceTypeFilters: ['sns:topic'] }),
    );
    return ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN?.split(':').at(-1) ?? '');
  };
  const counts = async (owner: string): Promise<number[]> => {
    const all: number[] = [];
    for (let times = 0; times <= lag; times += 1) all.push((await found(owner)).length);
    return all;
  };
  const arnOf = (name: string): string => `arn:aws:sns:${region}:${account}:${name}`;

  for (const Name of names) await sns.send(new CreateTopicCommand({ Name, Tags: tagged('ours') }));
  const [first = 0, ...later] = await counts('ours');
  assert.ok(first < names.length, 'all are known at once');
  assert.equal(later.at(-1), names.length);

  for (const name of names)
    await sns.send(new TagResourceCommand({ ResourceArn: arnOf(name), Tags: tagged('theirs') }));
  assert.ok((await found('ours')).length > 0, 'no tag lags');
  assert.equal((await counts('theirs')).at(-1), names.length);

  for (const name of names) await sns.send(new DeleteTopicCommand({ TopicArn: arnOf(name) }));
  const [ghosts = 0, ...fewer] = await counts('theirs');
  assert.ok(ghosts > 0, 'nothing deleted is still there');
  assert.equal(fewer.at(-1), 0);
});
