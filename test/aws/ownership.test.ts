import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import * as tagging from '@aws-sdk/client-resource-groups-tagging-api';
import { type Aws, awsClients, forOnePlan } from '../../scripts/aws/clients.ts';
import { completed, ownerIn, readOwned, upToDate } from '../../scripts/aws/ownership.ts';
import { AwsError } from '../../scripts/local-aws/wire/errors.ts';
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
const rules = { resourceType: 'events:rule', before: 'rule/' } as const;

test('owned resources of a kind are found on every page of what is ours', async (context) => {
  const asked: unknown[] = [];
  const aws = await awsWith(context, ({ PaginationToken, TagFilters, ResourcesPerPage, ResourceTypeFilters = [] }) => {
    asked.push([TagFilters, ResourcesPerPage, ResourceTypeFilters.includes('events:rule')]);
    return PaginationToken === 'more'
      ? { ResourceTagMappingList: [rule('b'), { ResourceARN: 'arn:aws:s3:::rule/c' }], PaginationToken: '' }
      : { ResourceTagMappingList: [rule('a')], PaginationToken: 'more' };
  });
  const { observed: found } = await readOwned(aws, rules, [], async (name) => ({ name, owner: 'baton/test' }));
  assert.deepEqual(
    found.map(({ name }) => name),
    ['a', 'b'],
  );
  assert.deepEqual(asked, Array(2).fill([[{ Key: 'baton:owner', Values: ['baton/test'] }], 100, true]));
});

test('all kinds of one plan ask the tagging API once, and the next plan asks anew', async (context) => {
  let asked = 0;
  const clients = await awsWith(context, () => {
    asked += 1;
    return { ResourceTagMappingList: [rule('a'), { ResourceARN: 'arn:aws:sns:eu-central-1:123456789012:topic' }] };
  });
  const read = async (name: string) => ({ name, owner: 'baton/test' });
  const plan = async () => {
    const aws = forOnePlan(clients);
    const listings = [readOwned(aws, rules, [], read), readOwned(aws, { resourceType: 'sns', before: '' }, [], read)];
    return (await Promise.all(listings)).map(({ observed }) => observed.map(({ name }) => name));
  };
  assert.deepEqual(await plan(), [['a'], ['topic']]);
  assert.equal(asked, 1);
  await plan();
  assert.equal(asked, 2);
});

test('tags are handed on for what is named and known, and must be read for what nobody names', async (context) => {
  const Tags = [{ Key: 'baton:owner', Value: 'baton/test' }];
  const aws = await awsWith(context, () => ({
    ResourceTagMappingList: [
      { ...rule('orphan'), Tags },
      { ...rule('known'), Tags },
    ],
  }));
  const handed: Record<string, unknown> = {};
  await readOwned(aws, rules, ['known', 'fresh'], async (name, tags) => {
    handed[name] = tags;
    return undefined;
  });
  assert.deepEqual(handed, { known: Tags, fresh: undefined, orphan: undefined });
});

test('what is named and known to the tagging API is looked for twice before it is missing', async (context) => {
  const aws = await awsWith(context, () => ({ ResourceTagMappingList: [rule('known'), rule('ghost')] }));
  const reads: string[] = [];
  const { observed } = await readOwned(aws, rules, ['known', 'fresh'], async (name) => {
    const isSecond = reads.includes(name);
    reads.push(name);
    return isSecond ? { name, owner: 'baton/test' } : undefined;
  });
  assert.deepEqual(reads.sort(), ['fresh', 'ghost', 'known', 'known']);
  assert.deepEqual(observed, [{ name: 'known', owner: 'baton/test' }]);
});

test('where the tagging API refuses, what is named is read and the reason is told', async (context) => {
  const aws = await awsWith(context, () => {
    throw new AwsError('AccessDeniedException', 'not authorized to perform: tag:GetResources');
  });
  const read = async (name: string) => ({ name, owner: 'baton/test' });
  assert.deepEqual(await readOwned(aws, rules, ['named'], read), {
    observed: [{ name: 'named', owner: 'baton/test' }],
    unseen: 'asking the tagging API: AccessDeniedException: not authorized to perform: tag:GetResources',
  });
});

test('what is named and not in a listing is asked for by itself, a hundred at a time', async () => {
  const names = Array.from({ length: 203 }, (_, at) => `n${at}`);
  const asked: number[] = [];
  const all = await completed(names, [{ name: 'n0', owner: undefined }], async (missing) => {
    asked.push(missing.length);
    return missing.slice(0, 1).map((name) => ({ name, owner: undefined }));
  });
  assert.deepEqual(asked, [100, 100, 2]);
  assert.deepEqual(
    all.map(({ name }) => name),
    ['n0', 'n1', 'n101', 'n201'],
  );
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

test('tags that say of protection what config does not want are too old to believe', () => {
  const tags = [{ Key: 'baton:protect', Value: 'true' }];
  assert.equal(upToDate(tags, true), tags);
  assert.equal(upToDate(tags, false), undefined);
  assert.deepEqual(upToDate([], false), []);
  assert.equal(upToDate([], true), undefined);
  assert.equal(upToDate(undefined, false), undefined);
});

test('the owner is read from tags in either of AWS’s forms', () => {
  assert.equal(ownerIn({ 'baton:owner': 'baton/test' }), 'baton/test');
  assert.equal(ownerIn([{ Key: 'baton:owner', Value: 'baton/test' }]), 'baton/test');
  assert.equal(ownerIn([{ Key: 'owner', Value: 'baton/test' }]), undefined);
  assert.equal(ownerIn(undefined), undefined);
});
