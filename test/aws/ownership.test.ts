import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import * as tagging from '@aws-sdk/client-resource-groups-tagging-api';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { ownerIn, readOwned } from '../../scripts/aws/ownership.ts';
import { defineService, type Handlers } from '../../scripts/local-aws/wire/service.ts';
import { localWorld } from '../support/local-world.ts';

type GetResources = NonNullable<Handlers<typeof tagging>['GetResources']>;

/** Clients that reach nothing but a tagging API which answers as given. */
async function awsWith(context: TestContext, GetResources: GetResources): Promise<Aws> {
  const { endpoint, region, credentials } = await localWorld(context).serve({
    tagging: () => defineService(tagging, tagging.ResourceGroupsTaggingAPIClient)({ GetResources }),
  });
  const aws = awsClients({ endpoint, region, credentials, owner: 'baton/test' });
  context.after(() => aws.close());
  return aws;
}

const rule = (name: string) => ({ ResourceARN: `arn:aws:events:eu-central-1:123456789012:rule/${name}` });
const rules = { resourceType: 'events:rule', before: 'rule/' };

test('owned resources are found on every page, for our owner and type only', async (context) => {
  const asked: unknown[] = [];
  const aws = await awsWith(context, ({ PaginationToken, TagFilters, ResourceTypeFilters }) => {
    asked.push([TagFilters, ResourceTypeFilters]);
    return PaginationToken === 'more'
      ? { ResourceTagMappingList: [rule('b')], PaginationToken: '' }
      : { ResourceTagMappingList: [rule('a')], PaginationToken: 'more' };
  });
  const { observed: found } = await readOwned(aws, rules, [], async (name) => ({ name, owner: 'baton/test' }));
  assert.deepEqual(
    found.map(({ name }) => name),
    ['a', 'b'],
  );
  assert.deepEqual(asked[0], [[{ Key: 'baton:owner', Values: ['baton/test'] }], ['events:rule']]);
});

test('a ghost, and what has changed hands since, are left out', async (context) => {
  const aws = await awsWith(context, () => ({
    ResourceTagMappingList: [rule('ghost'), rule('sold'), rule('kept')],
    PaginationToken: '',
  }));
  const { observed: found } = await readOwned(aws, rules, [], async (name) =>
    name === 'ghost' ? undefined : { name, owner: name === 'sold' ? 'baton/other' : 'baton/test' },
  );
  assert.deepEqual(
    found.map(({ name }) => name),
    ['kept'],
  );
});

test('what is named is read though the tagging API does not know it yet, once, and whoever owns it', async (context) => {
  const aws = await awsWith(context, () => ({ ResourceTagMappingList: [rule('known')], PaginationToken: '' }));
  const read: string[] = [];
  const { observed: found } = await readOwned(aws, rules, ['fresh', 'foreign', 'known'], async (name) => {
    read.push(name);
    return { name, owner: name === 'foreign' ? undefined : 'baton/test' };
  });
  assert.deepEqual(read, ['fresh', 'foreign', 'known']);
  assert.deepEqual(found, [
    { name: 'fresh', owner: 'baton/test' },
    { name: 'foreign', owner: undefined },
    { name: 'known', owner: 'baton/test' },
  ]);
});

test('the owner is read from tags in either of AWS’s forms', () => {
  assert.equal(ownerIn({ 'baton:owner': 'baton/test' }), 'baton/test');
  assert.equal(ownerIn([{ Key: 'baton:owner', Value: 'baton/test' }]), 'baton/test');
  assert.equal(ownerIn([{ Key: 'owner', Value: 'baton/test' }]), undefined);
  assert.equal(ownerIn(undefined), undefined);
});
