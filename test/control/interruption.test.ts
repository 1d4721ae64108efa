import assert from 'node:assert/strict';
import { once } from 'node:events';
import test, { type TestContext } from 'node:test';
import { Batch } from '@aws-sdk/client-batch';
import { S3 } from '@aws-sdk/client-s3';
import { apply } from '../../scripts/control/commands/apply.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { census, censusDifferences } from '../support/census.ts';
import { holdingProxy } from '../support/holding-proxy.ts';
import { configFolder, startReconcile } from '../support/reconcile-command.ts';
import { type Done, runHere, variables } from '../support/run-here.ts';

const stateBucket = 'shop-state-000000000000-eu-central-1';

/** An apply that nobody interrupts, in this process. */
function applyHere(t: TestContext, folder: string, endpoint: string): Promise<Done> {
  variables(t, { AWS_ENDPOINT_URL: endpoint });
  return runHere(t, () => apply({ environment: 'local', config: folder, var: {}, yes: true }));
}

/** The embedded AWS, empty, clients of it, and a config. */
async function world(t: TestContext) {
  const { endpoint, close } = await startLocalAws({ region: 'eu-central-1' });
  const settings = {
    ...{ endpoint, region: 'eu-central-1', forcePathStyle: true },
    credentials: { accessKeyId: 'person', secretAccessKey: 'person' },
  };
  const [batch, s3] = [new Batch(settings), new S3(settings)];
  t.after(async () => {
    batch.destroy();
    s3.destroy();
    await close();
  });
  const folder = configFolder(t);
  const applyAll = () => applyHere(t, folder, endpoint);
  return { endpoint, batch, s3, folder, applyAll };
}

test('of two applies the second is told who holds the lease; Ctrl-C finishes what is under way, and the next goes on', async (t) => {
  const { endpoint, folder, s3, batch, applyAll } = await world(t);
  const proxy = await holdingProxy(t, endpoint, '/v1/createcomputeenvironment');
  const first = startReconcile(['apply', '--config', folder, '--yes'], proxy.endpoint);
  await proxy.held;

  const second = await applyAll();
  assert.equal(second.code, 1);
  assert.match(
    second.err,
    new RegExp(
      `^taking the lease on shop/local \\(s3://${stateBucket}/leases/apply\\): \\S+, pid ${first.child.pid} holds it since \\S+Z, until \\S+Z unless it is renewed; nothing was changed; try again when it is done$`,
    ),
  );

  first.child.kill('SIGINT');
  assert.ok(first.child.stderr);
  await once(first.child.stderr, 'data');
  proxy.release();
  const { code, out, err } = await first.ended;
  assert.equal(code, 130);
  assert.match(err, /^\nstopping after what is under way; Ctrl-C once more ends it at once\n/);
  assert.match(
    err,
    /creating job queue "shop-main": skipped, stopped before it began|skipped, stopped before it began: .*job queue "shop-main"/,
  );
  assert.match(
    err,
    /\d+ applied, \d+ failed, \d+ skipped in .*\nstopped by Ctrl-C: what is done stays; run this again to go on\n$/,
  );
  assert.match(out, /^\+ compute-environment shop-fargate-\w+: (done|failed)/m);
  const { computeEnvironments = [] } = await batch.describeComputeEnvironments({});
  assert.equal(computeEnvironments.length, 1);
  assert.equal((await s3.listObjectsV2({ Bucket: stateBucket })).KeyCount, 0);

  const again = await applyAll();
  assert.deepEqual({ code: again.code, err: again.err }, { code: 0, err: '' });
});

test('Ctrl-C before anything but the state bucket was made says so, and that running again goes on', async (t) => {
  const { endpoint, folder, s3 } = await world(t);
  const proxy = await holdingProxy(t, endpoint, `/${stateBucket}/leases/apply?x-id=PutObject`);
  const { child, ended } = startReconcile(['apply', '--config', folder, '--yes'], proxy.endpoint);
  await proxy.held;
  child.kill('SIGINT');
  assert.ok(child.stderr);
  await once(child.stderr, 'data');
  proxy.release();
  const { code, err } = await ended;
  assert.equal(code, 130);
  assert.match(err, /\n1 applied in \d+\.\d s\nstopped by Ctrl-C: what is done stays; run this again to go on\n$/);
  assert.deepEqual(
    (await s3.listBuckets({})).Buckets?.map(({ Name }) => Name),
    [stateBucket],
  );
});

test('the second Ctrl-C ends it at once, and the lease of who is dead is in nobody’s way', async (t) => {
  const { endpoint, folder, s3, applyAll } = await world(t);
  const proxy = await holdingProxy(t, endpoint, '/v1/createcomputeenvironment');
  const { child, ended } = startReconcile(['apply', '--config', folder, '--yes'], proxy.endpoint);
  await proxy.held;
  child.kill('SIGINT');
  assert.ok(child.stderr);
  await once(child.stderr, 'data');
  child.kill('SIGINT');
  assert.equal((await ended).code, 130);
  assert.equal((await s3.listObjectsV2({ Bucket: stateBucket })).KeyCount, 1);
  const again = await applyAll();
  assert.deepEqual({ code: again.code, err: again.err }, { code: 0, err: '' });
});

/** How an apply ended that is killed once AWS has done `operation`, and what the next one says and leaves. */
async function killedAt(t: TestContext, operation: string | undefined) {
  const killing: { now?: () => void } = {};
  await using local = await startLocalAws({
    region: 'eu-central-1',
    onCall: ({ operation: done }) => {
      if (done === operation) killing.now?.();
    },
  });
  const folder = configFolder(t);
  const { child, ended } = startReconcile(['apply', '--config', folder, '--yes'], local.endpoint);
  killing.now = () => child.kill('SIGKILL');
  await ended;
  const signal = child.signalCode;
  delete killing.now;
  const leases = (await census(local)).filter((line) => line.includes('/leases/'));
  const again = await applyHere(t, folder, local.endpoint);
  return { signal, leases, again, found: await census(local) };
}

test('an apply that is killed outright leaves a lease that the next one takes over, which ends as if nobody had been killed', async (t) => {
  const undisturbed = await killedAt(t, undefined);
  assert.deepEqual([undisturbed.signal, undisturbed.leases], [null, []]);
  const lease = [`s3://${stateBucket}/leases/apply`];
  // The state bucket is made before there can be a lease in it. The queue comes after the compute environment, so that
  // the next run has something to do: without that it takes no lease, and lets a dead one lie.
  const killings = { PutBucketEncryption: [], PutObject: lease, CreateComputeEnvironment: lease };
  for (const [operation, left] of Object.entries(killings)) {
    const { signal, leases, again, found } = await killedAt(t, operation);
    assert.equal(signal, 'SIGKILL', operation);
    assert.deepEqual(leases, left, operation);
    assert.deepEqual({ code: again.code, err: again.err }, { code: 0, err: '' }, operation);
    assert.deepEqual(censusDifferences(found, undisturbed.found), { unwanted: [], missing: [] }, operation);
  }
});
