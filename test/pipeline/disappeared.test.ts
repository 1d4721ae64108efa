import assert from 'node:assert/strict';
import test from 'node:test';
import {
  DeleteComputeEnvironmentCommand,
  DeleteJobQueueCommand,
  DeleteSchedulingPolicyCommand,
  DeregisterJobDefinitionCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import { DeleteAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { BatchDeleteImageCommand, DeleteRepositoryCommand } from '@aws-sdk/client-ecr';
import { DeleteRuleCommand, ListTargetsByRuleCommand, RemoveTargetsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteRoleCommand, DeleteRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { DeleteScheduleCommand, DeleteScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { DeleteTopicCommand, ListSubscriptionsByTopicCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { DeleteQueueCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { Aws } from '../../scripts/aws/clients.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { census, censusDifferences, withoutRevisions } from '../support/census.ts';
import { apply, asProcess, troubles } from '../support/one-run.ts';
import { startWholeAws, wholeState } from '../support/whole-state.ts';
import { owner } from '../support/written-config.ts';

const desired = await wholeState();

/** `arn:aws:SERVICE:eu-central-1:111122223333:` */
const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;

interface Hand {
  /** The names of what goes: of one, and of what goes along. */
  readonly gone: readonly string[];
  /** As somebody does it with the console. */
  deletes(aws: Aws): Promise<unknown>;
}

const [image = { name: '' }] = desired.images;
const [repositoryName = '', imageTag = ''] = image.name.split(':');
const environment = desired.computeEnvironments.find(({ type }) => type === 'FARGATE')?.name ?? '';

async function deletesQueue(aws: Aws): Promise<void> {
  await aws.batch.send(new UpdateJobQueueCommand({ jobQueue: 'unit-feeds', state: 'DISABLED' }));
  await aws.batch.send(new DeleteJobQueueCommand({ jobQueue: 'unit-feeds' }));
}

/** By kind: one of each. */
const hands: Readonly<Record<string, Hand>> = {
  alarm: {
    gone: ['alarm unit-no-success.zoned'],
    deletes: (aws) => aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['unit-no-success.zoned'] })),
  },
  bucket: {
    gone: ['bucket unit-feeds-111122223333-eu-central-1'],
    deletes: (aws) => aws.s3.send(new DeleteBucketCommand({ Bucket: 'unit-feeds-111122223333-eu-central-1' })),
  },
  'compute-environment': {
    gone: [`compute-environment ${environment}`, 'job-queue unit-feeds'],
    deletes: async (aws) => {
      await deletesQueue(aws);
      const computeEnvironment = environment;
      await aws.batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, state: 'DISABLED' }));
      await aws.batch.send(new DeleteComputeEnvironmentCommand({ computeEnvironment }));
    },
  },
  'dead-letter-queue': {
    gone: ['dead-letter-queue unit-undelivered-schedules'],
    deletes: async (aws) => {
      const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: 'unit-undelivered-schedules' }));
      await aws.sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  },
  function: {
    gone: ['function unit-topic-to-batch'],
    deletes: (aws) => aws.lambda.send(new DeleteFunctionCommand({ FunctionName: 'unit-topic-to-batch' })),
  },
  image: {
    gone: [`image ${image.name}`],
    deletes: (aws) => aws.ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag }] })),
  },
  'job-definition': {
    gone: ['job-definition unit-plain'],
    deletes: (aws) => aws.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: 'unit-plain:1' })),
  },
  'job-queue': { gone: ['job-queue unit-feeds'], deletes: deletesQueue },
  'log-group': {
    gone: ['log-group /aws/batch/unit'],
    deletes: (aws) => aws.logs.send(new DeleteLogGroupCommand({ logGroupName: '/aws/batch/unit' })),
  },
  repository: {
    gone: [`image ${image.name}`, `repository ${repositoryName}`],
    deletes: (aws) => aws.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true })),
  },
  role: {
    gone: ['role unit-job-watcher'],
    deletes: async (aws) => {
      const RoleName = 'unit-job-watcher';
      await aws.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'grants' }));
      await aws.iam.send(new DeleteRoleCommand({ RoleName }));
    },
  },
  rule: {
    gone: ['rule unit-nightly'],
    deletes: async (aws) => {
      const Rule = 'unit-nightly';
      const { Targets = [] } = await aws.events.send(new ListTargetsByRuleCommand({ Rule }));
      await aws.events.send(new RemoveTargetsCommand({ Rule, Ids: Targets.flatMap(({ Id }) => Id ?? []) }));
      await aws.events.send(new DeleteRuleCommand({ Name: Rule }));
    },
  },
  schedule: {
    gone: ['schedule unit-schedules/unit-zoned'],
    deletes: (aws) =>
      aws.scheduler.send(new DeleteScheduleCommand({ GroupName: 'unit-schedules', Name: 'unit-zoned' })),
  },
  'schedule-group': {
    gone: ['schedule-group unit-schedules', 'schedule unit-schedules/unit-zoned'],
    deletes: (aws) => aws.scheduler.send(new DeleteScheduleGroupCommand({ Name: 'unit-schedules' })),
  },
  'scheduling-policy': {
    gone: ['job-queue unit-shared', 'scheduling-policy unit-teams'],
    deletes: async (aws) => {
      // It is disabled by config.
      await aws.batch.send(new DeleteJobQueueCommand({ jobQueue: 'unit-shared' }));
      await aws.batch.send(new DeleteSchedulingPolicyCommand({ arn: arn('batch', 'scheduling-policy/unit-teams') }));
    },
  },
  subscription: {
    gone: ['subscription unit-changed/unit-topic-to-batch'],
    deletes: async (aws) => {
      const TopicArn = arn('sns', 'unit-changed');
      const { Subscriptions: [live] = [] } = await aws.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
      await aws.sns.send(new UnsubscribeCommand({ SubscriptionArn: live?.SubscriptionArn }));
    },
  },
  topic: {
    gone: ['subscription unit-changed/unit-topic-to-batch', 'topic unit-changed'],
    deletes: (aws) => aws.sns.send(new DeleteTopicCommand({ TopicArn: arn('sns', 'unit-changed') })),
  },
};

test('what a hand deletes, of whatever kind, is planned to be made again, with what went along and nothing else', async () => {
  await using local = await startWholeAws();
  assert.deepEqual(troubles(await asProcess(local, desired, apply)), []);
  const wanted = await census(local);
  const kinds = await asProcess(local, desired, async (sets) => sets.map(({ kind }) => kind));
  assert.deepEqual(Object.keys(hands).sort(), kinds.toSorted());
  for (const [kind, { gone, deletes }] of Object.entries(hands)) {
    const planned = await asProcess(local, desired, async (sets, aws) => {
      await deletes(aws);
      const { changes } = await makePlan(sets, owner);
      return changes.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`);
    });
    assert.deepEqual(
      planned,
      gone.map((what) => `create ${what}`),
      kind,
    );
    assert.deepEqual(troubles(await asProcess(local, desired, apply)), [], kind);
    const differences = censusDifferences(withoutRevisions(await census(local)), withoutRevisions(wanted));
    assert.deepEqual(differences, { unwanted: [], missing: [] }, kind);
  }
});
