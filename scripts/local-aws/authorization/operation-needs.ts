import { batchNeeds } from './operations/batch.ts';
import { cloudWatchNeeds } from './operations/cloudwatch.ts';
import { ecrNeeds } from './operations/ecr.ts';
import { eventsNeeds } from './operations/events.ts';
import { iamNeeds } from './operations/iam.ts';
import { lambdaNeeds } from './operations/lambda.ts';
import { logsNeeds } from './operations/logs.ts';
import { s3Needs } from './operations/s3.ts';
import { schedulerNeeds } from './operations/scheduler.ts';
import { secretsManagerNeeds } from './operations/secretsmanager.ts';
import { snsNeeds } from './operations/sns.ts';
import { sqsNeeds } from './operations/sqs.ts';
import { ssmNeeds } from './operations/ssm.ts';
import { stsNeeds } from './operations/sts.ts';
import { taggingNeeds } from './operations/tagging.ts';

/** What every operation needs, by the signing name of its service. */
export const operationNeeds: ReadonlyMap<string, object> = new Map<string, object>([
  ['batch', batchNeeds],
  ['ecr', ecrNeeds],
  ['events', eventsNeeds],
  ['iam', iamNeeds],
  ['lambda', lambdaNeeds],
  ['logs', logsNeeds],
  ['monitoring', cloudWatchNeeds],
  ['s3', s3Needs],
  ['scheduler', schedulerNeeds],
  ['secretsmanager', secretsManagerNeeds],
  ['sns', snsNeeds],
  ['sqs', sqsNeeds],
  ['ssm', ssmNeeds],
  ['sts', stsNeeds],
  ['tagging', taggingNeeds],
]);
