import assert from 'node:assert/strict';
import test from 'node:test';
import { DeleteTopicCommand } from '@aws-sdk/client-sns';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { type LoadedConfig, loadConfig } from '../../scripts/config/load.ts';
import { ownerOf } from '../../scripts/config/names.ts';
import { desiredState } from '../../scripts/desired/desired-state.ts';
import type { DesiredState } from '../../scripts/kinds/desired-state.ts';
import { resourceSets } from '../../scripts/kinds/resource-sets.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { applyPlan, type Report } from '../../scripts/reconcile/apply.ts';
import { keyOf, type Plan } from '../../scripts/reconcile/change.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { feedConfig } from '../support/feed-config.ts';

interface Reconciled {
  readonly aws: Aws;
  plan(desired?: DesiredState): Promise<Plan>;
  readonly desired: DesiredState;
  apply(plan: Plan): Promise<Report>;
}

async function withFeedConfig(run: (reconciled: Reconciled) => Promise<void>): Promise<void> {
  const loaded: LoadedConfig = loadConfig({ directory: feedConfig, environment: 'local' });
  const desired: DesiredState = await desiredState(loaded);
  const { account, region } = loaded.site;
  await using local = await startLocalAws({ account, region });
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws = awsClients({ region, owner: ownerOf(loaded.site), endpoint: local.endpoint, credentials });
  try {
    await run({
      aws,
      desired,
      plan: (wanted = desired) => makePlan(resourceSets(aws, wanted), aws.owner),
      apply: (plan) => applyPlan(plan, { signal: new AbortController().signal, report: () => {} }),
    });
  } finally {
    aws.close();
  }
}

const actions = ({ changes }: Plan): string[] => changes.map(({ action, ref }) => `${action} ${keyOf(ref)}`);

test('the feed’s pipeline is created whole in an empty account, and then there is nothing to do', () =>
  withFeedConfig(async ({ plan, apply }) => {
    const first = await plan();
    assert.deepEqual(
      actions(first).map((line) => line.replace(/[0-9a-f]{8,16}$/, 'HASH')),
      [
        'create bucket/local-feeds-000000000000-eu-central-1',
        'create bucket/local-state-000000000000-eu-central-1',
        'create compute-environment/local-fargate-HASH',
        'create dead-letter-queue/local-failed-invocations',
        'create dead-letter-queue/local-undelivered-messages',
        'create dead-letter-queue/local-undelivered-schedules',
        'create function/local-schedule-to-batch',
        'create function/local-topic-to-batch',
        'create image/local/jobs/feed-consumer:HASH',
        'create image/local/jobs/feed-watcher:HASH',
        'create job-definition/local-feed-consumer',
        'create job-definition/local-feed-watcher',
        'create job-queue/local-feeds',
        'create log-group//aws/batch/local',
        'create log-group//aws/lambda/local-schedule-to-batch',
        'create log-group//aws/lambda/local-topic-to-batch',
        'create repository/local/jobs/feed-consumer',
        'create repository/local/jobs/feed-watcher',
        'create role/local-execution',
        'create role/local-job-feed-consumer',
        'create role/local-job-feed-watcher',
        'create role/local-schedule-to-batch',
        'create role/local-topic-to-batch',
        'create rule/local-broadbean',
        'create subscription/local-start-feed-consumer/local-topic-to-batch',
        'create topic/local-start-feed-consumer',
      ],
    );
    const { failed, skipped } = await apply(first);
    assert.deepEqual(
      [...failed, ...skipped].map(({ change, reason }) => [keyOf(change.ref), reason]),
      [],
    );
    const second = await plan();
    assert.deepEqual(
      second.changes.map(({ ref, ...change }) => [keyOf(ref), 'fields' in change && change.fields]),
      [],
    );
    assert.equal(second.unchanged, first.changes.length);
  }));

test('what disappears behind our back is made again, with all that went with it', () =>
  withFeedConfig(async ({ aws, plan, apply }) => {
    await apply(await plan());
    const TopicArn = 'arn:aws:sns:eu-central-1:000000000000:local-start-feed-consumer';
    await aws.sns.send(new DeleteTopicCommand({ TopicArn }));
    const repair = await plan();
    assert.deepEqual(actions(repair), [
      'create subscription/local-start-feed-consumer/local-topic-to-batch',
      'create topic/local-start-feed-consumer',
    ]);
    await apply(repair);
    assert.deepEqual(actions(await plan()), []);
  }));

test('what is taken out of config is deleted in the order that AWS asks for', () =>
  withFeedConfig(async ({ plan, apply, desired }) => {
    await apply(await plan());
    const left = { ...desired, computeEnvironments: [], jobQueues: [], rules: [], topics: [], subscriptions: [] };
    const pruning = await plan(left);
    assert.deepEqual(
      actions(pruning).map((line) => line.replace(/[0-9a-f]{8,16}$/, 'HASH')),
      [
        'delete compute-environment/local-fargate-HASH',
        'delete job-queue/local-feeds',
        'delete rule/local-broadbean',
        'delete subscription/local-start-feed-consumer/local-topic-to-batch',
        'delete topic/local-start-feed-consumer',
      ],
    );
    const { failed, skipped } = await apply(pruning);
    assert.deepEqual([...failed, ...skipped], []);
    assert.deepEqual(actions(await plan(left)), []);
  }));
