/** How often AWS is asked: a call for each resource only where it has no better. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { manyEntries } from '../support/many-entries.ts';

test('an unchanged config of 130 job definitions and 130 rules is read in pages, and targets rule by rule', async () => {
  const calls = new Map<string, number>();
  const onCall = ({ service, operation }: { readonly service: string; readonly operation: string }): void => {
    const name = `${service}:${operation}`;
    calls.set(name, (calls.get(name) ?? 0) + 1);
  };
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
