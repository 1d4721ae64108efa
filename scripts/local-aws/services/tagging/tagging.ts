import type * as Tagging from '@aws-sdk/client-resource-groups-tagging-api';
import { AwsError } from '../../wire/errors.ts';
import type { Handlers } from '../../wire/service.ts';
import type { TaggedResource, World } from '../../world.ts';
import { isOfType } from './resource-type.ts';

type TaggingHandlers = Handlers<typeof Tagging>;
type GetResourcesInput = Parameters<NonNullable<TaggingHandlers['GetResources']>>[0];
type TagFilter = NonNullable<GetResourcesInput['TagFilters']>[number];

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);

/** A resource as it is found. */
export type Found = Pick<TaggedResource, 'arn' | 'tags'>;

/** What an index knows, at this call, of all there is; `isAskedFor` tells what the call is about. */
export type Indexed = (all: readonly Found[], isAskedFor: (resource: Found) => boolean) => readonly Found[];

const isOfIam = (arn: string): boolean => arn.split(':')[2] === 'iam';

/** Resource Groups Tagging API: finds the tagged resources of all services but IAM, which it does not cover. */
export function createTagging(world: World, indexed: Indexed): { readonly handlers: TaggingHandlers } {
  const resources = (): readonly TaggedResource[] =>
    world.tagged
      .flatMap((source) => [...source()])
      .filter(({ arn, tags }) => Object.keys(tags).length > 0 && !isOfIam(arn))
      .sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const keysAndValues = () => resources().flatMap(({ tags }) => Object.entries(tags));
  return {
    handlers: {
      GetResources: (input) => getResources(indexed(resources(), isAskedFor(input)), input),
      TagResources: ({ ResourceARNList = [], Tags = {} }) =>
        eachOf(world, ResourceARNList, ({ tags, retag }) => retag({ ...tags, ...Tags })),
      UntagResources: ({ ResourceARNList = [], TagKeys = [] }) =>
        eachOf(world, ResourceARNList, ({ tags, retag }) =>
          retag(Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key)))),
        ),
      GetTagKeys: ({ PaginationToken }) => {
        const { page, next } = pageAfter(
          distinct(keysAndValues().map(([key]) => key)),
          keyItself,
          PaginationToken,
          1000,
        );
        return { TagKeys: [...page], PaginationToken: next };
      },
      GetTagValues: ({ Key, PaginationToken }) => {
        const values = keysAndValues().flatMap(([key, value]) => (key === Key ? [value] : []));
        const { page, next } = pageAfter(distinct(values), keyItself, PaginationToken, 1000);
        return { TagValues: [...page], PaginationToken: next };
      },
    },
  };
}

/** Both answer with what they could not do for which resource, and succeed. */
function eachOf(world: World, arns: readonly string[], change: (resource: TaggedResource) => void) {
  const all = world.tagged.flatMap((source) => [...source()]).filter(({ arn }) => !isOfIam(arn));
  const resources = new Map(all.map((each) => [each.arn, each]));
  const missing = arns.filter((arn) => !resources.has(arn));
  for (const arn of arns) {
    const resource = resources.get(arn);
    if (resource !== undefined) change(resource);
  }
  const failure = {
    StatusCode: 400,
    ErrorCode: 'InvalidParameterException',
    ErrorMessage: 'The resource does not exist.',
  } as const;
  return { FailedResourcesMap: Object.fromEntries(missing.map((arn) => [arn, failure])) };
}

const keyItself = (key: string): string => key;
const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

function getResources(all: readonly Found[], input: GetResourcesInput) {
  checkRequest(input);
  const { ResourcesPerPage = 50 } = input;
  const found = all.filter(isAskedFor(input));
  const { page, next } = pageAfter(found, ({ arn }) => arn, input.PaginationToken, ResourcesPerPage);
  return {
    PaginationToken: next,
    ResourceTagMappingList: page.map(({ arn, tags }) => ({
      ResourceARN: arn,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

const isAskedFor =
  ({ TagFilters = [], ResourceTypeFilters = [], ResourceARNList = [] }: GetResourcesInput) =>
  ({ arn, tags }: Found): boolean =>
    (ResourceARNList.length === 0 || ResourceARNList.includes(arn)) &&
    (ResourceTypeFilters.length === 0 || ResourceTypeFilters.some((type) => isOfType(arn, type))) &&
    TagFilters.every((filter) => hasTag(tags, filter));

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html */
function checkRequest(input: GetResourcesInput): void {
  const { ResourcesPerPage, ResourceARNList = [], TagFilters = [] } = input;
  if (ResourcesPerPage !== undefined && (ResourcesPerPage < 1 || ResourcesPerPage > 100))
    throw invalid('ResourcesPerPage must be between 1 and 100');
  if (ResourceARNList.length > 100) throw invalid('ResourceARNList can hold at most 100 ARNs');
  const paged = ResourcesPerPage !== undefined || input.TagsPerPage !== undefined || Boolean(input.PaginationToken);
  if (ResourceARNList.length > 0 && paged)
    throw invalid('ResourceARNList cannot be combined with pagination parameters');
  if (TagFilters.length > 50) throw invalid('TagFilters can hold at most 50 keys');
  if (TagFilters.some(({ Values = [] }) => Values.length > 20))
    throw invalid('A tag filter can hold at most 20 values');
}

/** Filters are joined by AND, the values of one by OR; a filter without values asks for the key alone. */
const hasTag = (tags: TaggedResource['tags'], { Key = '', Values = [] }: TagFilter): boolean => {
  const value = tags[Key];
  return value !== undefined && (Values.length === 0 || Values.includes(value));
};

/** The token is the name of the last item shown. After the last page it is empty, not absent. */
function pageAfter<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  token: string | undefined,
  limit: number,
): { readonly page: readonly Item[]; readonly next: string } {
  const after = token ? fromToken(token) : '';
  const rest = items.filter((item) => nameOf(item) > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { page, next: rest.length > page.length && last !== undefined ? toToken(nameOf(last)) : '' };
}

const toToken = (name: string): string => Buffer.from(name).toString('base64');

function fromToken(token: string): string {
  const name = Buffer.from(token, 'base64').toString();
  if (toToken(name) === token) return name;
  throw new AwsError('PaginationTokenExpiredException', 'The specified pagination token is not valid.');
}
