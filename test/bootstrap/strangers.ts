import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { ECR } from '@aws-sdk/client-ecr';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SQS } from '@aws-sdk/client-sqs';

type Settings = NonNullable<ConstructorParameters<typeof SQS>[0]>;

const logGroupName = '/aws/batch/unit';
const repositoryName = 'unit/jobs/feed-watcher';
const Name = 'unit-schedules';
const AlarmName = 'unit-dead-letters.failed-invocations';

/** Makes what has names of ours and is nobody's, of the kinds whose tags are read one by one then; returns how it goes. */
export async function makeStrangers(settings: Settings): Promise<() => Promise<void>> {
  const clients = {
    cloudwatch: new CloudWatch(settings),
    ecr: new ECR(settings),
    logs: new CloudWatchLogs(settings),
    scheduler: new Scheduler(settings),
    sqs: new SQS(settings),
  };
  const { cloudwatch, ecr, logs, scheduler, sqs } = clients;
  const metric = { Namespace: 'AWS/SQS', MetricName: 'NumberOfMessagesSent', Statistic: 'Sum', Period: 60 } as const;
  const comparison = { ComparisonOperator: 'GreaterThanThreshold', Threshold: 0, EvaluationPeriods: 1 } as const;
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'unit-failed-invocations' });
  await logs.createLogGroup({ logGroupName });
  await ecr.createRepository({ repositoryName });
  await scheduler.createScheduleGroup({ Name });
  await cloudwatch.putMetricAlarm({ AlarmName, ...metric, ...comparison });
  return async () => {
    await sqs.deleteQueue({ QueueUrl });
    await logs.deleteLogGroup({ logGroupName });
    await ecr.deleteRepository({ repositoryName });
    await scheduler.deleteScheduleGroup({ Name });
    await cloudwatch.deleteAlarms({ AlarmNames: [AlarmName] });
    for (const client of Object.values(clients)) client.destroy();
  };
}
