import { createAuthority } from './authorization/authority.ts';
import { createBatch } from './services/batch/batch.ts';
import { createCloudWatch } from './services/cloudwatch/cloudwatch.ts';
import { createEcr } from './services/ecr/ecr.ts';
import { createEvents } from './services/events/events.ts';
import { createIam } from './services/iam/iam.ts';
import { createLambda } from './services/lambda/lambda.ts';
import { createLogs } from './services/logs/logs.ts';
import { createS3 } from './services/s3/s3.ts';
import { createScheduler } from './services/scheduler/scheduler.ts';
import { isSecretArn } from './services/secretsmanager/secret-book.ts';
import { createSecretsManager } from './services/secretsmanager/secretsmanager.ts';
import { createSns } from './services/sns/sns.ts';
import { createSqs } from './services/sqs/sqs.ts';
import { createSsm } from './services/ssm/ssm.ts';
import { createSts } from './services/sts/sts.ts';
import { createTagging } from './services/tagging/tagging.ts';
import { calm, type Weather } from './weather/weather.ts';
import type { Services } from './wire/dispatch.ts';
import { defineService } from './wire/service.ts';
import type { World } from './world.ts';

/**
 * Everything the embedded AWS has, by signing name. State is made here and now, which is cheap, and the services are
 * introduced to each other; the SDK's module behind each wire, which is not, and its limits wait for the first request.
 * `given`: secrets that are there already, by the ARN of one, or by that or the name of a parameter.
 */
export function createServices(
  world: World,
  weather: Weather = calm,
  given: Readonly<Record<string, string>> = {},
): Services {
  const { ports } = world;
  const iam = createIam(world);
  ports.identity = iam.identity;
  ports.authority = createAuthority(world, iam.roles, iam.policies);
  const sts = createSts(world, iam.identity, iam.providers);
  const ecr = createEcr(world);
  ports.images = ecr.images;
  const ssm = createSsm(world);
  const secretsManager = createSecretsManager(world);
  ports.secrets = { parameter: ssm.valueOf, secret: secretsManager.valueOf };
  for (const [id, value] of Object.entries(given)) (isSecretArn(id) ? secretsManager : ssm).put(id, value);
  const logs = createLogs(world);
  ports.logs = logs.logs;
  const s3 = createS3(world);
  const sqs = createSqs(world);
  ports.queues = sqs.queues;
  const lambda = createLambda(world);
  ports.functions = lambda.functions;
  const batch = createBatch(world, { settle: weather.settle });
  ports.jobs = batch.jobs;
  const sns = createSns(world);
  ports.topics = sns.topics;
  const events = createEvents(world);
  ports.events = events.events;
  const scheduler = createScheduler(world);
  const cloudwatch = createCloudWatch(world);
  ports.metrics = cloudwatch.metrics;
  const tagging = createTagging(world, weather.indexed);
  return {
    async batch() {
      const [sdk, { batchLimits }] = await Promise.all([import('@aws-sdk/client-batch'), import('./limits/batch.ts')]);
      return defineService(sdk, sdk.BatchClient)(batch.handlers, batchLimits);
    },
    async ecr() {
      const [sdk, { ecrLimits }] = await Promise.all([import('@aws-sdk/client-ecr'), import('./limits/ecr.ts')]);
      return defineService(sdk, sdk.ECRClient)(ecr.handlers, ecrLimits);
    },
    async events() {
      const [sdk, { eventsLimits }] = await Promise.all([
        import('@aws-sdk/client-eventbridge'),
        import('./limits/events.ts'),
      ]);
      return defineService(sdk, sdk.EventBridgeClient)(events.handlers, eventsLimits);
    },
    async iam() {
      const [sdk, { iamLimits }] = await Promise.all([import('@aws-sdk/client-iam'), import('./limits/iam.ts')]);
      return defineService(sdk, sdk.IAMClient)(iam.handlers, iamLimits);
    },
    async lambda() {
      const [sdk, { lambdaLimits }] = await Promise.all([
        import('@aws-sdk/client-lambda'),
        import('./limits/lambda.ts'),
      ]);
      return defineService(sdk, sdk.LambdaClient)(lambda.handlers, lambdaLimits);
    },
    async logs() {
      const [sdk, { logsLimits }] = await Promise.all([
        import('@aws-sdk/client-cloudwatch-logs'),
        import('./limits/logs.ts'),
      ]);
      return defineService(sdk, sdk.CloudWatchLogsClient)(logs.handlers, logsLimits);
    },
    async monitoring() {
      const [sdk, { cloudwatchLimits }] = await Promise.all([
        import('@aws-sdk/client-cloudwatch'),
        import('./limits/cloudwatch.ts'),
      ]);
      return defineService(sdk, sdk.CloudWatchClient)(cloudwatch.handlers, cloudwatchLimits);
    },
    async s3() {
      const [sdk, { s3Limits }] = await Promise.all([import('@aws-sdk/client-s3'), import('./limits/s3.ts')]);
      return defineService(sdk, sdk.S3Client)(s3.handlers, s3Limits);
    },
    async scheduler() {
      const [sdk, { schedulerLimits }] = await Promise.all([
        import('@aws-sdk/client-scheduler'),
        import('./limits/scheduler.ts'),
      ]);
      return defineService(sdk, sdk.SchedulerClient)(scheduler.handlers, schedulerLimits);
    },
    async secretsmanager() {
      const [{ secretsManagerModel, SecretsManagerModelClient }, { secretsManagerLimits }] = await Promise.all([
        import('./services/secretsmanager/model.ts'),
        import('./limits/secretsmanager.ts'),
      ]);
      return defineService(secretsManagerModel, SecretsManagerModelClient)(
        secretsManager.handlers,
        secretsManagerLimits,
      );
    },
    async sns() {
      const [sdk, { snsLimits }] = await Promise.all([import('@aws-sdk/client-sns'), import('./limits/sns.ts')]);
      return defineService(sdk, sdk.SNSClient)(sns.handlers, snsLimits);
    },
    async sqs() {
      const [sdk, { sqsLimits }] = await Promise.all([import('@aws-sdk/client-sqs'), import('./limits/sqs.ts')]);
      return defineService(sdk, sdk.SQSClient)(sqs.handlers, sqsLimits);
    },
    async ssm() {
      const [{ ssmModel, SsmModelClient }, { ssmLimits }] = await Promise.all([
        import('./services/ssm/model.ts'),
        import('./limits/ssm.ts'),
      ]);
      return defineService(ssmModel, SsmModelClient)(ssm.handlers, ssmLimits);
    },
    async sts() {
      const [sdk, { stsLimits }] = await Promise.all([import('@aws-sdk/client-sts'), import('./limits/sts.ts')]);
      return defineService(sdk, sdk.STSClient)(sts.handlers, stsLimits);
    },
    async tagging() {
      const [sdk, { taggingLimits }] = await Promise.all([
        import('@aws-sdk/client-resource-groups-tagging-api'),
        import('./limits/tagging.ts'),
      ]);
      return defineService(sdk, sdk.ResourceGroupsTaggingAPIClient)(tagging.handlers, taggingLimits);
    },
  };
}
