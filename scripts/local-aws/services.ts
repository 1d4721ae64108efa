import { createAuthority } from './authorization/authority.ts';
import { batchLimits } from './limits/batch.ts';
import { cloudwatchLimits } from './limits/cloudwatch.ts';
import { ecrLimits } from './limits/ecr.ts';
import { eventsLimits } from './limits/events.ts';
import { iamLimits } from './limits/iam.ts';
import { lambdaLimits } from './limits/lambda.ts';
import { logsLimits } from './limits/logs.ts';
import { s3Limits } from './limits/s3.ts';
import { schedulerLimits } from './limits/scheduler.ts';
import { snsLimits } from './limits/sns.ts';
import { sqsLimits } from './limits/sqs.ts';
import { stsLimits } from './limits/sts.ts';
import { taggingLimits } from './limits/tagging.ts';
import { createBatch } from './services/batch/batch.ts';
import { createCloudWatch } from './services/cloudwatch/cloudwatch.ts';
import { createEcr } from './services/ecr/ecr.ts';
import { createEvents } from './services/events/events.ts';
import { createIam } from './services/iam/iam.ts';
import { createLambda } from './services/lambda/lambda.ts';
import { createLogs } from './services/logs/logs.ts';
import { createS3 } from './services/s3/s3.ts';
import { createScheduler } from './services/scheduler/scheduler.ts';
import { createSns } from './services/sns/sns.ts';
import { createSqs } from './services/sqs/sqs.ts';
import { createSts } from './services/sts/sts.ts';
import { createTagging } from './services/tagging/tagging.ts';
import type { Services } from './wire/dispatch.ts';
import { defineService } from './wire/service.ts';
import type { World } from './world.ts';

/**
 * Everything the embedded AWS has, by signing name. State is made here and now, which is cheap, and the services are
 * introduced to each other; the SDK's module behind each wire, which is not, waits for the service's first request.
 */
export function createServices(world: World): Services {
  const { ports } = world;
  const iam = createIam(world);
  ports.identity = iam.identity;
  ports.authority = createAuthority(world, iam.roles);
  const sts = createSts(world, iam.identity);
  const ecr = createEcr(world);
  ports.images = ecr.images;
  const logs = createLogs(world);
  ports.logs = logs.logs;
  const s3 = createS3(world);
  const sqs = createSqs(world);
  ports.queues = sqs.queues;
  const lambda = createLambda(world);
  ports.functions = lambda.functions;
  const batch = createBatch(world);
  ports.jobs = batch.jobs;
  const sns = createSns(world);
  ports.topics = sns.topics;
  const events = createEvents(world);
  ports.events = events.events;
  const scheduler = createScheduler(world);
  const cloudwatch = createCloudWatch(world);
  ports.metrics = cloudwatch.metrics;
  const tagging = createTagging(world);
  return {
    async batch() {
      const sdk = await import('@aws-sdk/client-batch');
      return defineService(sdk, sdk.BatchClient)(batch.handlers, batchLimits);
    },
    async ecr() {
      const sdk = await import('@aws-sdk/client-ecr');
      return defineService(sdk, sdk.ECRClient)(ecr.handlers, ecrLimits);
    },
    async events() {
      const sdk = await import('@aws-sdk/client-eventbridge');
      return defineService(sdk, sdk.EventBridgeClient)(events.handlers, eventsLimits);
    },
    async iam() {
      const sdk = await import('@aws-sdk/client-iam');
      return defineService(sdk, sdk.IAMClient)(iam.handlers, iamLimits);
    },
    async lambda() {
      const sdk = await import('@aws-sdk/client-lambda');
      return defineService(sdk, sdk.LambdaClient)(lambda.handlers, lambdaLimits);
    },
    async logs() {
      const sdk = await import('@aws-sdk/client-cloudwatch-logs');
      return defineService(sdk, sdk.CloudWatchLogsClient)(logs.handlers, logsLimits);
    },
    async monitoring() {
      const sdk = await import('@aws-sdk/client-cloudwatch');
      return defineService(sdk, sdk.CloudWatchClient)(cloudwatch.handlers, cloudwatchLimits);
    },
    async s3() {
      const sdk = await import('@aws-sdk/client-s3');
      return defineService(sdk, sdk.S3Client)(s3.handlers, s3Limits);
    },
    async scheduler() {
      const sdk = await import('@aws-sdk/client-scheduler');
      return defineService(sdk, sdk.SchedulerClient)(scheduler.handlers, schedulerLimits);
    },
    async sns() {
      const sdk = await import('@aws-sdk/client-sns');
      return defineService(sdk, sdk.SNSClient)(sns.handlers, snsLimits);
    },
    async sqs() {
      const sdk = await import('@aws-sdk/client-sqs');
      return defineService(sdk, sdk.SQSClient)(sqs.handlers, sqsLimits);
    },
    async sts() {
      const sdk = await import('@aws-sdk/client-sts');
      return defineService(sdk, sdk.STSClient)(sts.handlers, stsLimits);
    },
    async tagging() {
      const sdk = await import('@aws-sdk/client-resource-groups-tagging-api');
      return defineService(sdk, sdk.ResourceGroupsTaggingAPIClient)(tagging.handlers, taggingLimits);
    },
  };
}
