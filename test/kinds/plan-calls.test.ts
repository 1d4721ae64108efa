/** How often AWS is asked: a call for each resource only where it has no better. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { awsClients, forOnePlan } from '../../scripts/aws/clients.ts';
import { atOnce, mapConcurrently } from '../../scripts/aws/concurrency.ts';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { type AlarmSpec, alarmKind } from '../../scripts/kinds/alarm.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { manyEntries } from '../support/many-entries.ts';
import { step } from './contract.ts';

function countedCalls() {
  const calls = new Map<string, number>();
  const onCall = ({ service, operation }: { readonly service: string; readonly operation: string }): void => {
    const name = `${service}:${operation}`;
    calls.set(name, (calls.get(name) ?? 0) + 1);
  };
  return { calls, onCall };
}

test('an unchanged config of 130 job definitions and 130 rules is read in pages, and targets rule by rule', async () => {
  const { calls, onCall } = countedCalls();
  await using local = await startLocalAws({ region: 'eu-central-1', onCall });
  using config = manyEntries(130);
  const { endpoint } = local;
  const environment = await openEnvironment({ directory: config.directory, environment: 'local', endpoint });
  try {
    await environment.apply(await environment.plan(), () => {});
    calls.clear();
    const { changes, notes } = await environment.plan();
    assert.deepEqual({ changes, notes }, { changes: [], notes: [] });
    const ofMany = ['batch', 'ecr', 'events', 'iam', 'sts', 'tagging'];
    const asked = [...calls].filter(([name]) => ofMany.some((service) => name.startsWith(`${service}:`)));
    assert.deepEqual(Object.fromEntries(asked), {
      'batch:DescribeComputeEnvironments': 1,
      'batch:DescribeJobDefinitions': 2,
      'batch:DescribeJobQueues': 1,
      'batch:ListSchedulingPolicies': 1,
      'ecr:DescribeRepositories': 1,
      'events:ListRules': 2,
      'events:ListTargetsByRule': 130,
      'iam:GetAccountAuthorizationDetails': 1,
      'tagging:GetResources': 2,
    });
    // Those of baton itself do not grow with the config.
    const total = [...calls.values()].reduce((sum, count) => sum + count);
    assert.ok(total < 130 + 50, `${total} calls`);
  } finally {
    environment.close();
  }
});

const alarm = (at: number): AlarmSpec => ({
  name: `alarm-${at}`,
  description: '',
  namespace: 'AWS/Events',
  metric: 'FailedInvocations',
  dimensions: {},
  statistic: 'Sum',
  periodSeconds: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  threshold: 0,
  comparison: 'GreaterThanThreshold',
  missingData: 'notBreaching',
  actionsEnabled: true,
  onAlarm: [],
  onOk: [],
  onInsufficientData: [],
  other: {},
});

test('130 alarms are read by their names, a hundred at a time, with tags in bulk', async () => {
  const { calls, onCall } = countedCalls();
  await using local = await startLocalAws({ region: 'eu-central-1', onCall });
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws = awsClients({ region: 'eu-central-1', owner: 'baton/test', endpoint: local.endpoint, credentials });
  try {
    const wanted = Array.from({ length: 130 }, (_, at) => alarm(at));
    await mapConcurrently(wanted, atOnce, (each) => alarmKind(aws).create(each, step));
    calls.clear();
    const { observed } = await alarmKind(forOnePlan(aws)).list(wanted.map(({ name }) => name));
    assert.equal(observed.length, 130);
    assert.deepEqual(Object.fromEntries(calls), { 'tagging:GetResources': 2, 'monitoring:DescribeAlarms': 2 });
  } finally {
    aws.close();
  }
});
