import { Batch } from '@aws-sdk/client-batch';
import { ECR } from '@aws-sdk/client-ecr';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { account, region } from './github-world.ts';

type Settings = NonNullable<ConstructorParameters<typeof IAM>[0]>;

const trust = (Service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });

/** Changes by hand what config gives no other value to, so that an apply mends all of it. */
export async function driftByHand(settings: Settings): Promise<void> {
  const clients = {
    batch: new Batch(settings),
    ecr: new ECR(settings),
    iam: new IAM(settings),
    lambda: new Lambda(settings),
    sns: new SNS(settings),
    sqs: new SQS(settings),
  };
  const { batch, ecr, iam, lambda, sns, sqs } = clients;
  try {
    const repositoryName = 'unit/jobs/feed-watcher';
    await ecr.putImageScanningConfiguration({ repositoryName, imageScanningConfiguration: { scanOnPush: false } });
    await ecr.putImageTagMutability({ repositoryName, imageTagMutability: 'MUTABLE' });
    const { jobQueues = [] } = await batch.describeJobQueues({ jobQueues: ['unit-feeds'] });
    await batch.tagResource({ resourceArn: jobQueues[0]?.jobQueueArn, tags: { stray: 'yes' } });
    await iam.deleteRolePermissionsBoundary({ RoleName: 'unit-execution' });
    await iam.updateAssumeRolePolicy({
      RoleName: 'unit-execution',
      PolicyDocument: trust('lambda.amazonaws.com'),
    });
    const FunctionName = 'unit-topic-to-batch';
    await lambda.updateFunctionConfiguration({ FunctionName, MemorySize: 512 });
    const stranger = { StatementId: 'stranger', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' };
    await lambda.addPermission({ FunctionName, ...stranger });
    await sns.setTopicAttributes({
      TopicArn: `arn:aws:sns:${region}:${account}:unit-quiet`,
      AttributeName: 'Policy',
      AttributeValue: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' }],
      }),
    });
    const { QueueUrl } = await sqs.getQueueUrl({ QueueName: 'unit-failed-invocations' });
    await sqs.setQueueAttributes({ QueueUrl, Attributes: { MessageRetentionPeriod: '60' } });
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}
