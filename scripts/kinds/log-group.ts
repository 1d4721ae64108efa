import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  type LogGroup,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Aws } from '../aws/clients.ts';
import { created, found } from '../aws/errors.ts';
import { adopt, ownerIn, ownerTags, readOwned } from '../aws/ownership.ts';
import type { TagList } from '../aws/tag-index.ts';
import type { Observed, ResourceKind } from '../reconcile/kind.ts';

export interface LogGroupSpec {
  readonly name: string;
  /** One of the periods AWS allows; `null` keeps events for ever. */
  readonly retentionDays: number | null;
}

const toSpec = (live: LogGroup): LogGroupSpec => ({
  name: live.logGroupName ?? '',
  retentionDays: live.retentionInDays ?? null,
});

/** DescribeLogGroups knows prefixes only; a name comes before all longer names that start with it. */
async function read(aws: Aws, name: string, known: TagList | undefined): Promise<Observed<LogGroup> | undefined> {
  const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 }));
  const live = logGroups.find(({ logGroupName }) => logGroupName === name);
  if (live === undefined) return undefined;
  if (known !== undefined) return { name, live, owner: ownerIn(known) };
  // `arn` ends in `:*`, which names the streams; tags belong to `logGroupArn`.
  const answer = await found(aws.logs.send(new ListTagsForResourceCommand({ resourceArn: live.logGroupArn })));
  return answer === undefined ? undefined : { name, live, owner: ownerIn(answer.tags) };
}

async function setRetention(aws: Aws, { name: logGroupName, retentionDays }: LogGroupSpec): Promise<void> {
  if (retentionDays === null) await aws.logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
  else await aws.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: retentionDays }));
}

export const logGroupKind = (aws: Aws): ResourceKind<LogGroupSpec, LogGroup> => ({
  kind: 'log-group',
  immutable: [],
  references: () => [],
  list: (names) =>
    readOwned(aws, { resourceType: 'logs:log-group', before: 'log-group:' }, names, (name, tags) =>
      read(aws, name, tags),
    ),
  toSpec,
  create: async (desired) => {
    await created(aws.logs.send(new CreateLogGroupCommand({ logGroupName: desired.name, tags: ownerTags(aws) })));
    await setRetention(aws, desired);
  },
  update: (_live, desired) => setRetention(aws, desired),
  delete: async ({ logGroupName }) => {
    await found(aws.logs.send(new DeleteLogGroupCommand({ logGroupName })));
  },
  adopt: ({ logGroupArn = '' }) => adopt(aws, logGroupArn),
});
