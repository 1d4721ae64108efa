import {
  paginateDescribeComputeEnvironments,
  paginateDescribeJobDefinitions,
  paginateDescribeJobQueues,
  paginateListSchedulingPolicies,
} from '@aws-sdk/client-batch';
import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { paginateListTopics } from '@aws-sdk/client-sns';
import { pagesOf } from '../aws/bulk.ts';
import type { Aws } from '../aws/clients.ts';

async function namesIn<Page>(
  { signal }: Aws,
  pages: AsyncIterable<Page>,
  names: (page: Page) => readonly (string | undefined)[],
): Promise<string[]> {
  const found = new Set<string>();
  for await (const page of pages) {
    signal.throwIfAborted();
    for (const name of names(page)) if (name !== undefined) found.add(name);
  }
  return [...found].sort();
}

const lastPart = (arn = ''): string => arn.split(/[:/]/).at(-1) ?? '';

/** Rules that another service of AWS made for itself are left out: nobody else may change them. */
const ruleNames = (aws: Aws): Promise<string[]> =>
  namesIn(
    aws,
    pagesOf(
      (NextToken) => aws.events.send(new ListRulesCommand({ Limit: 100, NextToken })),
      ({ NextToken }) => NextToken,
    ),
    ({ Rules = [] }) => Rules.filter(({ ManagedBy }) => ManagedBy === undefined).map(({ Name }) => Name),
  );

/** The names of everything in the account and region that can be described, whosever it is. Sorted. */
export async function inventory(aws: Aws) {
  const { batch, sns } = aws;
  const [computeEnvironments, schedulingPolicies, jobQueues, jobDefinitions, rules, topics] = await Promise.all([
    namesIn(aws, paginateDescribeComputeEnvironments({ client: batch }, {}), ({ computeEnvironments: all = [] }) =>
      all.map(({ computeEnvironmentName }) => computeEnvironmentName),
    ),
    namesIn(aws, paginateListSchedulingPolicies({ client: batch }, {}), ({ schedulingPolicies: all = [] }) =>
      all.map(({ arn }) => lastPart(arn)),
    ),
    namesIn(aws, paginateDescribeJobQueues({ client: batch }, {}), ({ jobQueues: all = [] }) =>
      all.map(({ jobQueueName }) => jobQueueName),
    ),
    namesIn(aws, paginateDescribeJobDefinitions({ client: batch }, { status: 'ACTIVE' }), ({ jobDefinitions = [] }) =>
      jobDefinitions.map(({ jobDefinitionName }) => jobDefinitionName),
    ),
    ruleNames(aws),
    namesIn(aws, paginateListTopics({ client: sns }, {}), ({ Topics = [] }) =>
      Topics.map(({ TopicArn }) => lastPart(TopicArn)),
    ),
  ]);
  return { computeEnvironments, schedulingPolicies, jobQueues, jobDefinitions, rules, topics };
}
