import assert from 'node:assert/strict';
import test from 'node:test';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { desiredState } from '../../scripts/desired/desired-state.ts';
import type { DesiredState } from '../../scripts/kinds/desired-state.ts';
import { resourceSets } from '../../scripts/kinds/resource-sets.ts';
import { type LocalAws, startLocalAws } from '../../scripts/local-aws/server.ts';
import { applyPlan, type Report } from '../../scripts/reconcile/apply.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { environment, site, smallConfig } from '../desired/small-config.ts';
import { census } from '../support/census.ts';
import { killAfter } from '../support/killed-clients.ts';

const owner = 'baton/test';

/** One run of apply, by a process of its own: it knows nothing of the ones before. */
async function run(
  local: LocalAws,
  desired: DesiredState,
  last = Infinity,
): Promise<{ report?: Report; calls: number }> {
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws: Aws = awsClients({ region: site.region, owner, endpoint: local.endpoint, credentials });
  const calls = killAfter(aws, last);
  try {
    const plan = await makePlan(resourceSets(aws, desired), owner);
    const report = await applyPlan(plan, { signal: new AbortController().signal, report: () => {} });
    return { report, calls: calls() };
  } catch (error) {
    if (calls() < last) throw error;
    return { calls: calls() };
  } finally {
    aws.close();
  }
}

const start = () => startLocalAws({ account: site.account, region: site.region });

test('apply killed after any of its calls, and run again, ends as if it had not been killed', async () => {
  const desired = await desiredState({ site, environment, config: smallConfig() });
  await using undisturbed = await start();
  const { report, calls } = await run(undisturbed, desired);
  assert.deepEqual(report?.failed, []);
  const wanted = await census(undisturbed);
  for (let last = 1; last < calls; last += 1) {
    await using local = await start();
    await run(local, desired, last);
    const { report: second } = await run(local, desired);
    assert.deepEqual([second?.failed, second?.skipped], [[], []], `after call ${last}`);
    assert.deepEqual(await census(local), wanted, `after call ${last}`);
  }
});
