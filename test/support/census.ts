import { paginateDescribeJobDefinitions } from '@aws-sdk/client-batch';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { paginateDescribeRepositories, paginateListImages } from '@aws-sdk/client-ecr';
import { ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { paginateGetAccountAuthorizationDetails, paginateListInstanceProfiles } from '@aws-sdk/client-iam';
import { ListBucketsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { GetScheduleCommand, paginateListSchedules } from '@aws-sdk/client-scheduler';
import { GetSubscriptionAttributesCommand, paginateListSubscriptions } from '@aws-sdk/client-sns';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import type { LocalAws } from '../../scripts/local-aws/server.ts';
import { taggedResources } from './tagged-resources.ts';

type Lines = Promise<readonly string[]>;

async function collected<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...(items(page) ?? []));
  return all;
}

const told = (what: string, details: object): string => `${what} ${JSON.stringify(details)}`;

/** Its inline policies stand in the order in which they were put. */
async function roles({ iam }: Aws): Lines {
  const all = await collected(
    paginateGetAccountAuthorizationDetails({ client: iam }, { Filter: ['Role'] }),
    ({ RoleDetailList }) => RoleDetailList,
  );
  return all.map(({ Arn, Tags, AssumeRolePolicyDocument, RolePolicyList = [], AttachedManagedPolicies }) =>
    told(`role ${Arn}`, { Tags, AssumeRolePolicyDocument, RolePolicyList, AttachedManagedPolicies }),
  );
}

async function instanceProfiles({ iam }: Aws): Lines {
  const all = await collected(paginateListInstanceProfiles({ client: iam }, {}), (page) => page.InstanceProfiles);
  return all.map(({ Arn, Roles = [] }) =>
    told(
      `profile ${Arn}`,
      Roles.map(({ Arn: role }) => role),
    ),
  );
}

async function subscriptions({ sns }: Aws): Lines {
  const all = await collected(paginateListSubscriptions({ client: sns }, {}), (page) => page.Subscriptions);
  return Promise.all(
    all.map(async ({ TopicArn, Endpoint, SubscriptionArn = '' }) => {
      const what = `${TopicArn} → ${Endpoint}`;
      if (!SubscriptionArn.startsWith('arn:')) return what;
      const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
      const { RedrivePolicy, FilterPolicy, FilterPolicyScope } = Attributes;
      return told(what, { RedrivePolicy, FilterPolicy, FilterPolicyScope });
    }),
  );
}

/** Every ACTIVE revision. */
async function jobDefinitions({ batch }: Aws): Lines {
  const all = await collected(
    paginateDescribeJobDefinitions({ client: batch }, { status: 'ACTIVE' }),
    (page) => page.jobDefinitions,
  );
  return all.map(({ jobDefinitionArn, containerProperties = {} }) => told(`${jobDefinitionArn}`, containerProperties));
}

async function rules({ events }: Aws): Lines {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  return Promise.all(
    Rules.map(async (rule) => {
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: rule.Name }));
      return told('rule', { ...rule, Targets: Targets.toSorted((a, b) => ((a.Id ?? '') < (b.Id ?? '') ? -1 : 1)) });
    }),
  );
}

async function schedules({ scheduler }: Aws): Lines {
  const all = await collected(paginateListSchedules({ client: scheduler }, {}), (page) => page.Schedules);
  return Promise.all(
    all.map(async ({ Name, GroupName }) => {
      const { $metadata, CreationDate, LastModificationDate, ...schedule } = await scheduler.send(
        new GetScheduleCommand({ Name, GroupName }),
      );
      return told('schedule', schedule);
    }),
  );
}

/** What they are set to, and not how they stand. */
async function alarms({ cloudwatch }: Aws): Lines {
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ MaxRecords: 100 }));
  return MetricAlarms.map((alarm) =>
    told(
      'alarm',
      Object.fromEntries(Object.entries(alarm).filter(([name]) => !/^State|Timestamp$|^EvaluationState/.test(name))),
    ),
  );
}

async function images({ ecr }: Aws): Lines {
  const repositories = await collected(paginateDescribeRepositories({ client: ecr }, {}), (page) => page.repositories);
  const inEach = repositories.map(async ({ repositoryName = '' }) => {
    const all = await collected(paginateListImages({ client: ecr }, { repositoryName }), (page) => page.imageIds);
    return all.map(({ imageTag, imageDigest }) => `${repositoryName}:${imageTag}@${imageDigest}`);
  });
  return (await Promise.all(inEach)).flat();
}

async function objects({ s3 }: Aws): Lines {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const inEach = Buckets.map(async ({ Name: Bucket = '' }) => {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    return Versions.map(({ Key }) => `s3://${Bucket}/${Key}`);
  });
  return (await Promise.all(inEach)).flat();
}

const kinds = [roles, instanceProfiles, subscriptions, jobDefinitions, rules, schedules, alarms, images, objects];

let taken = 0;

/**
 * Everything that is in an embedded AWS, whoever owns it: once for each that there is, so that what was made twice shows,
 * with its details where its tags do not say all. Asked of the services themselves, not through baton's own eyes, and
 * each time by somebody else: weather answers nobody late who asks for the first time.
 */
export async function census({ endpoint, world }: LocalAws): Promise<readonly string[]> {
  taken += 1;
  const credentials = { accessKeyId: `AKIACENSUS${taken}`, secretAccessKey: 'secret' };
  const aws = awsClients({ endpoint, region: world.region, owner: 'nobody', credentials });
  try {
    const found = await Promise.all(kinds.map((kind) => kind(aws)));
    const tagged = taggedResources(world).map(({ arn, tags }) => told(arn, Object.entries(tags).sort()));
    return [...found.flat(), ...tagged].sort();
  } finally {
    aws.close();
  }
}

/** What is there and was not wanted, and what was wanted and is not there. */
export function censusDifferences(found: readonly string[], wanted: readonly string[]) {
  const only = (some: readonly string[], others: readonly string[]) => {
    const left = [...others];
    return some.filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  return { unwanted: only(found, wanted), missing: only(wanted, found) };
}

/** Revisions of a definition are counted on: one that says what another says is the same here. */
export const withoutRevisions = (lines: readonly string[]): readonly string[] => [
  ...new Set(lines.map((line) => line.replace(/(:job-definition\/[^:]+):\d+/, '$1'))),
];
