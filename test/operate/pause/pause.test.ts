import assert from 'node:assert/strict';
import test from 'node:test';
import { SubmitJobCommand } from '@aws-sdk/client-batch';
import { EnableRuleCommand, PutRuleCommand, type PutRuleCommandInput } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Aws } from '../../../scripts/aws/clients.ts';
import type { OpenEnvironment } from '../../../scripts/control/environment.ts';
import { pauseAll } from '../../../scripts/operate/pause/pause.ts';
import { readRecord, writeRecord } from '../../../scripts/operate/pause/record.ts';
import { resumeAll } from '../../../scripts/operate/pause/resume.ts';
import { pausedWorld, shop, stateBucket, states } from './paused-world.ts';

const disabled = 'DISABLED';
const alerting = { 'shop-alert.failed-jobs': 'ENABLED', 'shop-alert.blocked-queues': 'ENABLED' };
const told = { ...alerting, 'shop-alert.succeeded.nightly': 'ENABLED' };
const firing = {
  'shop-nightly': 'ENABLED',
  'shop-arrivals': 'ENABLED',
  'shop-zoned': 'ENABLED',
  'shop-main': 'ENABLED',
};
/** One whose time has passed is never made. */
const running = { ...told, ...firing, 'shop-off': disabled, 'shop-old': disabled };
const paused = { ...running, ...Object.fromEntries(Object.keys(firing).map((name) => [name, disabled])) };

/** Ours, in no config, and enabled in a way that EnableRule does not know. */
const orphan = {
  Name: 'shop-orphan',
  Description: 'made by hand',
  EventPattern: '{"source":["aws.s3"]}',
  State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  Tags: [{ Key: 'baton:owner', Value: 'shop/local' }],
} as const satisfies PutRuleCommandInput;

/** Makes the pause one that was begun two days ago. */
async function longAgo(aws: Aws): Promise<void> {
  const kept = await readRecord(aws, stateBucket);
  assert.ok(kept);
  const since = new Date(Date.now() - 2 * 86_400_000).toISOString();
  await writeRecord(aws, stateBucket, { ...kept.record, since }, kept);
}

const applied = async (environment: OpenEnvironment): Promise<readonly string[]> => {
  const plan = await environment.plan();
  await environment.apply(plan, () => {});
  return plan.changes.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`);
};

test('a pause disables what starts jobs and what takes them and tells what that means; alerts go on, and a resume restores what was', async (t) => {
  const { aws, another, printed, standing } = await pausedWorld(t);
  await aws.events.send(new PutRuleCommand(orphan));
  await aws.batch.send(new SubmitJobCommand({ jobName: 'waits', jobQueue: 'shop-main', jobDefinition: 'shop-plain' }));
  const before = await standing();
  assert.deepEqual(await states(aws), { ...running, 'shop-orphan': orphan.State });
  await pauseAll(another(), { yes: true, reason: "it's down" });
  assert.deepEqual(await states(aws), { ...paused, 'shop-orphan': disabled });
  assert.match(
    printed(),
    /^ {2}rule "shop-arrivals" +fires no more\n {2}rule "shop-nightly" +fires no more\n {2}rule "shop-orphan" +fires no more\n {2}schedule "shop-schedules\/shop-zoned" +fires no more\n {2}job queue "shop-main" +takes no new jobs; the one that it has goes on\nDisabled already, and left so: rule "shop-off", job queue "shop-old"\.\n\nJobs that were submitted go on .*\n.*\n.*queue shop-failed-invocations.*npm run replay -- --environment local\nAlarms go off .*: nightly\.\n.*\n\nshop\/local is paused since 20\S+Z; it ends with: npm run pause -- --environment local --resume$/,
  );
  await pauseAll(another(), {});
  assert.match(printed(), /^shop\/local is paused already, since \S+Z by \S+ \(it_s down\); it ends with: /);
  await longAgo(aws);
  await resumeAll(another(), { yes: true });
  assert.match(
    printed(),
    /^Paused since \S+Z by \S+ \(it's down\)\.\n {2}rule "shop-arrivals" +fires again; it missed no time\n {2}rule "shop-nightly" +fires again; it missed 2 times, the last 20\S+T03:00:00Z\n(?:.*\n)+Disabled before, or by config, and left so: rule "shop-off", job queue "shop-old"\.\nWhat was missed is not made up for; run it by hand where it is wanted: npm run trigger -- --environment local SCHEDULE\n\nshop\/local is resumed\./,
  );
  assert.deepEqual(await standing(), before);
  await resumeAll(another(), {});
  assert.equal(printed(), 'shop/local is not paused; nothing was changed');
});

test('a plan in between says so, an apply changes all else and nothing of the pause, and a resume brings what is new to what config says', async (t) => {
  const { aws, open, rewrite } = await pausedWorld(t);
  await pauseAll(await open(), { yes: true, reason: 'the destination is down' });
  const { notes, changes } = await (await open()).plan();
  assert.match(
    notes[0] ?? '',
    /^local is paused since 20\S+Z by \S+@\S+ \(the destination is down\): its schedules and queues stay disabled, .*"npm run pause -- --environment local --resume"$/,
  );
  assert.deepEqual(changes, []);

  const { nightly, zoned, off, ...others } = shop.schedules;
  const fresh = { rate: '1 hour', submit: { ...nightly.submit, jobName: 'fresh', jobQueue: 'fresh' } };
  rewrite({
    ...shop,
    jobQueues: { ...shop.jobQueues, fresh: { computeEnvironments: ['fargate'] } },
    schedules: {
      ...others,
      fresh,
      nightly: { ...nightly, description: 'each night' },
      zoned: { ...zoned, enabled: false },
      off: { ...off, enabled: true },
    },
    buckets: { orders: {} },
  });
  await aws.events.send(new EnableRuleCommand({ Name: 'shop-arrivals' }));
  assert.deepEqual(await applied(await open()), [
    'create bucket shop-orders-000000000000-eu-central-1',
    'create job-queue shop-fresh',
    'update role shop-schedule-to-batch',
    'update rule shop-arrivals',
    'create rule shop-fresh',
    'update rule shop-nightly',
  ]);
  assert.deepEqual(await states(aws), { ...paused, 'shop-fresh': disabled });

  await resumeAll(await open(), { yes: true });
  const resumed = { ...running, 'shop-fresh': 'ENABLED', 'shop-zoned': disabled, 'shop-off': 'ENABLED' };
  assert.deepEqual(await states(aws), resumed);
  const after = await (await open()).plan();
  assert.deepEqual([after.changes, after.notes.filter((note) => /paused/.test(note))], [[], []]);
});

test('nothing is paused where nobody can be asked, while somebody applies, or where nothing was ever applied', async (t) => {
  const { aws, another, printed } = await pausedWorld(t, { isApplied: false });
  const absent = `pausing shop/local: there is no bucket "${stateBucket}", where baton keeps its notes; apply makes it, and what could be paused`;
  await assert.rejects(pauseAll(another(), { yes: true }), { message: absent });
  const Tags = [{ Key: 'baton:owner', Value: 'shop/local' }];
  const CreateBucketConfiguration = { Tags };
  await aws.s3.send(new CreateBucketCommand({ Bucket: stateBucket, CreateBucketConfiguration }));
  await assert.rejects(pauseAll(another(), {}), {
    message: 'pausing shop/local: nobody is here to be asked; say --yes to pause it without a question',
  });
  const lease = { holder: 'ben@desk, pid 7', token: 'x', since: 'now', expires: '2999-01-01T00:00:00Z' };
  const Key = 'leases/apply';
  await aws.s3.send(new PutObjectCommand({ Bucket: stateBucket, Key, Body: JSON.stringify(lease) }));
  await assert.rejects(pauseAll(another(), { yes: true }), {
    message: /^taking the lease on shop\/local .*: ben@desk, pid 7 holds it since now, .*nothing was changed/,
  });
  const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: stateBucket }));
  assert.deepEqual(
    Contents.map((each) => each.Key),
    [Key],
  );
  printed();
});
