import assert from 'node:assert/strict';
import test from 'node:test';
import { apply } from '../../scripts/control/commands/apply.ts';
import { destroy } from '../../scripts/control/commands/destroy.ts';
import { importResource } from '../../scripts/control/commands/import.ts';
import { edit } from '../support/reconcile-command.ts';
import { commandsWorld } from './commands-world.ts';

const problem = (message: string | RegExp) => ({ name: 'PlanError', message });

test('import says of what it cannot take over why not, and what to do', async (t) => {
  const { flags, settle, batch, sns, run } = await commandsWorld(t);
  const importing = (kind: string, name: string, more = {}) => importResource(kind, name, { ...flags, ...more });
  await assert.rejects(
    importing('queue', 'main'),
    problem(/^importing: there is no kind "queue"; there are: alarm, bucket, compute-environment, .*, topic$/),
  );
  await assert.rejects(
    importing('job-queue', 'mian'),
    problem('importing job queue "mian": there is none of this name in account 000000000000, region eu-central-1'),
  );
  await assert.rejects(
    importing('job-queue', 'main'),
    problem(/^importing job queue "shop-main": config describes it, and there is none in .*; apply creates it$/),
  );

  await settle();
  await sns.createTopic({ Name: 'theirs' });
  await assert.rejects(
    importing('topic', 'theirs'),
    problem(
      /^importing topic "theirs": it exists, and config does not describe it.*describe it first, as dump writes it, in an entry with "name: theirs"$/,
    ),
  );

  const resourceArn = 'arn:aws:batch:eu-central-1:000000000000:job-queue/shop-main';
  await batch.tagResource({ resourceArn, tags: { 'baton:owner': 'shop/other' } });
  await assert.rejects(
    importing('job-queue', 'main', { yes: true }),
    problem(
      /^importing job queue "shop-main": it is tagged baton:owner = shop\/other, .*--take-over to make it shop\/local's all the same$/,
    ),
  );
  assert.equal((await run(() => importing('job-queue', 'main', { yes: true, takeOver: true }))).code, 0);
  assert.equal((await batch.listTagsForResource({ resourceArn })).tags?.['baton:owner'], 'shop/local');
});

test('import finds a compute environment by the name of its entry, and what is ours is ours', async (t) => {
  const { flags, settle, run } = await commandsWorld(t);
  await settle();
  const { out } = await run(() => importResource('compute-environment', 'fargate', flags));
  assert.match(out, /^compute environment "shop-fargate-[0-9a-f]{8}" is shop\/local's already\n$/);
});

test('a subscription is imported with its topic', async (t) => {
  const { flags, settle, sns } = await commandsWorld(t);
  edit(
    flags.config,
    /$/,
    `jobDefinitions: { pack: { image: busybox, vcpus: 1, memory: 2048 } }
topics: { parcels: { submit: { jobName: pack, jobQueue: main, jobDefinition: pack, messageVariable: MESSAGE } } }
`,
  );
  await settle();
  const ResourceArn = 'arn:aws:sns:eu-central-1:000000000000:shop-parcels';
  await sns.tagResource({ ResourceArn, Tags: [{ Key: 'baton:owner', Value: 'shop/other' }] });
  await assert.rejects(
    importResource('subscription', 'shop-parcels/shop-topic-to-batch', flags),
    problem(
      'importing subscription "shop-parcels/shop-topic-to-batch": it belongs to its topic; import topic shop-parcels',
    ),
  );
});

test('destroy with another name than the environment’s does nothing', async (t) => {
  const { flags, settle, batch, run } = await commandsWorld(t);
  await settle();
  const { code, err } = await run(() => destroy({ ...flags, confirm: 'production' }));
  assert.deepEqual([code, err], [1, 'destroying local: "production" is not its name; nothing was changed']);
  assert.equal((await batch.describeJobQueues({})).jobQueues?.length, 1);
});

test('a file that is no plan, and a plan of another environment, are refused', async (t) => {
  const { flags } = await commandsWorld(t);
  await assert.rejects(
    apply({ ...flags, plan: 'nowhere.json' }),
    problem(/^reading the plan "nowhere.json": ENOENT: .*; write one with plan --out$/),
  );
  await assert.rejects(
    apply({ ...flags, plan: 'package.json' }),
    problem(
      /^reading the plan "package.json": it is no plan of this version \(version: .*\); write a new one with plan --out$/,
    ),
  );
});
