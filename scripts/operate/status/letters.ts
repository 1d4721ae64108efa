import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { Aws } from '../../aws/clients.ts';
import { mapConcurrently } from '../../aws/concurrency.ts';
import { found } from '../../aws/errors.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { desiredDeadLetterQueues } from '../../desired/dead-letters.ts';

/** What waits in a dead-letter queue, approximately, as SQS counts. */
export interface Letters {
  readonly queue: string;
  readonly count: number;
  /** Seconds; `undefined` where CloudWatch does not know it, or there is none. */
  readonly oldest?: number | undefined;
}

/** `undefined` where there is no such queue. */
async function countOf({ sqs }: Aws, QueueName: string): Promise<number | undefined> {
  const at = await found(sqs.send(new GetQueueUrlCommand({ QueueName })));
  if (at?.QueueUrl === undefined) return undefined;
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const answer = await found(
    sqs.send(new GetQueueAttributesCommand({ QueueUrl: at.QueueUrl, AttributeNames: [...AttributeNames] })),
  );
  return answer && AttributeNames.reduce((sum, name) => sum + Number(answer.Attributes?.[name] ?? 0), 0);
}

/** SQS tells ages to CloudWatch only. */
async function agesOf({ cloudwatch }: Aws, queues: readonly string[], now: Date): Promise<ReadonlyMap<string, number>> {
  if (queues.length === 0) return new Map();
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - 15 * 60_000),
      EndTime: now,
      ScanBy: 'TimestampDescending',
      MetricDataQueries: queues.map((queue, at) => ({
        Id: `q${at}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/SQS',
            MetricName: 'ApproximateAgeOfOldestMessage',
            Dimensions: [{ Name: 'QueueName', Value: queue }],
          },
          Period: 60,
          Stat: 'Maximum',
        },
      })),
    }),
  );
  return new Map(
    MetricDataResults.flatMap(({ Id = '', Values: [latest] = [] }) => {
      const queue = queues[Number(Id.slice(1))];
      return queue === undefined || latest === undefined ? [] : [[queue, latest] as const];
    }),
  );
}

/** Every dead-letter queue of the environment that is there. */
export async function waitingLetters({ site, config }: LoadedConfig, aws: Aws, now: Date): Promise<Letters[]> {
  const queues = desiredDeadLetterQueues(site, config).map(({ name }) => name);
  const counts = await mapConcurrently(queues, 4, async (queue) => [queue, await countOf(aws, queue)] as const);
  const ages = await agesOf(
    aws,
    counts.flatMap(([queue, count = 0]) => (count > 0 ? [queue] : [])),
    now,
  );
  return counts.flatMap(([queue, count]) =>
    count === undefined ? [] : [{ queue, count, ...(count > 0 && { oldest: ages.get(queue) }) }],
  );
}
