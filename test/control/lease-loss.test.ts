import assert from 'node:assert/strict';
import test from 'node:test';
import { carryOutApply } from '../../scripts/control/carry-out.ts';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { holdingProxy } from '../support/holding-proxy.ts';
import { LeaseTestClock } from '../support/lease-test-clock.ts';
import { commandsWorld } from './commands-world.ts';

const Bucket = 'shop-state-000000000000-eu-central-1';

/** An apply that has begun and waits for its compute environment. */
async function held(t: Parameters<typeof commandsWorld>[0]) {
  const world = await commandsWorld(t);
  const proxy = await holdingProxy(t, world.endpoint, '/v1/createcomputeenvironment');
  const { endpoint } = proxy;
  const environment = await openEnvironment({ directory: world.folder, environment: 'local', endpoint });
  t.after(() => environment.close());
  const clock = new LeaseTestClock();
  const shown = await environment.plan();
  const applying = world.run(() => carryOutApply(environment, shown, new Set(), { clock, duration: 60_000 }));
  await proxy.held;
  return { ...world, proxy, clock, applying };
}

test('who loses the lease finishes what is under way, begins nothing new, and leaves the lease to the other', async (t) => {
  const { proxy, clock, applying, s3, batch } = await held(t);
  const other = {
    holder: 'ben@desk, pid 7',
    token: 'x',
    since: '2026-11-25T12:00:00Z',
    expires: '2026-11-25T13:00:00Z',
  };
  await s3.putObject({ Bucket, Key: 'leases/apply', Body: JSON.stringify(other) });
  await clock.tick(15_000);
  proxy.release();
  const { code, err } = await applying;
  assert.equal(code, 1);
  assert.match(
    err,
    /job queue "shop-main".*\n\d+ applied, \d+ failed, \d+ skipped in .*\nthe lease was lost: another has taken it, or deleted it: what is done stays; run this again to go on$/,
  );
  assert.equal((await batch.describeJobQueues({})).jobQueues?.length, 0);
  const { Body } = await s3.getObject({ Bucket, Key: 'leases/apply' });
  assert.deepEqual(JSON.parse((await Body?.transformToString()) ?? ''), other);
});
