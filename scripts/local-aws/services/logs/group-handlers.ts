import { taggedBy, type World } from '../../world.ts';
import { invalid, type LogStore, type LogsHandlers, page } from './log-store.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Log groups: their retention and tags. */
export function groupHandlers(store: LogStore) {
  const tag = (reference: string, tags: Readonly<Record<string, string>>) => {
    const group = store.group(reference);
    for (const [key, value] of Object.entries(tags)) group.tags.set(key, value);
    return {};
  };
  const untag = (reference: string, keys: readonly string[]) => {
    const group = store.group(reference);
    for (const key of keys) group.tags.delete(key);
    return {};
  };
  const list = (reference: string) => ({ tags: Object.fromEntries(store.group(reference).tags) });
  return {
    CreateLogGroup(input) {
      store.create(input.logGroupName, input.tags);
      return {};
    },
    DeleteLogGroup(input) {
      store.delete(input.logGroupName);
      return {};
    },
    DescribeLogGroups(input) {
      const { logGroupNamePrefix: prefix = '', logGroupNamePattern: part = '' } = input;
      const found = store.all().filter(({ name }) => name.startsWith(prefix) && name.includes(part));
      const { items, ...next } = page(found, input.nextToken, input.limit ?? 50);
      return {
        logGroups: items.map((group) => ({
          logGroupName: group.name,
          logGroupClass: 'STANDARD',
          creationTime: group.createdAt,
          ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
          metricFilterCount: 0,
          storedBytes: group.storedBytes(),
          arn: `${group.arn}:*`,
          logGroupArn: group.arn,
        })),
        ...next,
      };
    },
    PutRetentionPolicy(input) {
      const group = store.group(input.logGroupName);
      if (!retentions.includes(input.retentionInDays))
        throw invalid(`Invalid retention value. The valid values for retention are: [${retentions.join(', ')}] (Days)`);
      group.retentionInDays = input.retentionInDays;
      return {};
    },
    DeleteRetentionPolicy(input) {
      store.group(input.logGroupName).retentionInDays = undefined;
      return {};
    },
    TagResource: (input) => tag(input.resourceArn, input.tags),
    UntagResource: (input) => untag(input.resourceArn, input.tagKeys),
    ListTagsForResource: (input) => list(input.resourceArn),
    TagLogGroup: (input) => tag(input.logGroupName, input.tags),
    UntagLogGroup: (input) => untag(input.logGroupName, input.tags),
    ListTagsLogGroup: (input) => list(input.logGroupName),
  } satisfies LogsHandlers;
}

/** What the tagging API sees of log groups. */
export const taggedGroups = (world: World, store: LogStore): void => {
  world.tagged.push(() => store.all().map(({ arn, tags }) => taggedBy(arn, tags)));
};
