import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { apply } from '../../scripts/control/commands/apply.ts';
import { destroy } from '../../scripts/control/commands/destroy.ts';
import { importResource } from '../../scripts/control/commands/import.ts';
import { plan } from '../../scripts/control/commands/plan.ts';
import { edit } from '../support/reconcile-command.ts';
import { commandsWorld } from './commands-world.ts';

const stateBucket = 'shop-state-000000000000-eu-central-1';
const orders = 'shop-orders-000000000000-eu-central-1';

test('a reviewed plan is applied without a question, and refused with what moved once it is not the plan any more', async (t) => {
  const { run, flags, folder, s3 } = await commandsWorld(t);
  const file = join(folder, 'plan.json');
  const markdown = join(folder, 'plan.md');
  const planned = await run(() => plan({ ...flags, out: file, markdown, verbose: true }));
  assert.equal(planned.code, 2);
  assert.match(planned.err, /^ECR DescribeRepositories +1\n(.*\n)+\d+ calls to AWS in \d+\.\d s\n$/m);
  assert.match(
    readFileSync(markdown, 'utf8'),
    /^<!-- baton-plan:local -->\n### Plan for <code>shop\/local<\/code>: \d+ to create/,
  );

  const applied = await run(() => apply({ ...flags, plan: file }));
  assert.deepEqual({ code: applied.code, err: applied.err }, { code: 0, err: '' });
  assert.match(applied.out, /\n\d+ applied in \d+\.\d s\n$/);

  edit(folder, 'maxvCpus: 2', 'maxvCpus: 4');
  assert.equal((await run(() => plan({ ...flags, out: file }))).code, 2);
  edit(folder, 'maxvCpus: 4', 'maxvCpus: 8');
  await s3.putBucketVersioning({ Bucket: orders, VersioningConfiguration: { Status: 'Enabled' } });
  const refused = await run(() => apply({ ...flags, plan: file }));
  assert.equal(refused.code, 1);
  assert.equal(
    refused.err.replace(/fargate-\w{8}/, 'fargate-HASH').replace(file, 'plan.json'),
    `applying to shop/local: the plan in "plan.json" is not what would be done now; nothing was changed. What moved since:
bucket ${orders}: was as config wanted it, and there is now something to update
compute-environment shop-fargate-HASH: is planned differently now
    ~ maxvCpus: 4 -> 8
read a new plan, and apply that`,
  );

  writeFileSync(file, readFileSync(file, 'utf8').replace('"owner": "shop/local"', '"owner": "shop/other"'));
  const edited = await run(() => apply({ ...flags, plan: file }));
  assert.equal(edited.code, 1);
  assert.match(edited.err, /its digest is not that of what it says, so it was edited or cut/);
});

test('destroy wants the name and a word for what is lost, deletes all of it with the state bucket last, and then there is nothing', async (t) => {
  const { run, flags, s3, settle } = await commandsWorld(t);
  await settle();
  await s3.putObject({ Bucket: orders, Key: 'a', Body: 'x' });
  await s3.putObject({ Bucket: stateBucket, Key: 'claims/a', Body: 'x' });

  const held = await run(() => destroy({ ...flags, confirm: 'local' }));
  assert.equal(held.code, 1);
  assert.match(
    held.err,
    new RegExp(
      `^applying to shop/local: nothing was changed:\\nbucket "${orders}" would be deleted with 1 object in it.*--delete-objects`,
    ),
  );
  const unasked = await run(() => destroy({ ...flags, deleteObjects: true }));
  assert.deepEqual(
    [unasked.code, unasked.err],
    [1, 'destroying local: nobody is here to be asked; say --confirm local'],
  );

  const { code, out, err } = await run(() => destroy({ ...flags, deleteObjects: true, confirm: 'local' }));
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  const done = out.split('\n').filter((line) => line.includes(': done in'));
  assert.match(done.at(-1) ?? '', new RegExp(`^- bucket ${stateBucket}: done in`));
  assert.deepEqual((await s3.listBuckets({})).Buckets, []);
  assert.deepEqual(await run(() => destroy({ ...flags, confirm: 'local' })), {
    ...{ code: 0, out: 'shop/local: there is nothing to delete\n', err: '' },
  });
  assert.match((await run(() => plan(flags))).out, /\nshop\/local: \d+ to create; 0 unchanged\n$/);
});

test('import shows what the next apply would change, takes ownership and changes nothing else', async (t) => {
  const { run, flags, s3 } = await commandsWorld(t);
  await s3.createBucket({ Bucket: orders, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } });
  await s3.putBucketTagging({ Bucket: orders, Tagging: { TagSet: [{ Key: 'team', Value: 'shop' }] } });

  const foreign = await run(() => plan(flags));
  assert.equal(foreign.code, 1);
  assert.match(foreign.err, new RegExp(`it exists and carries no tag baton:owner.*import bucket ${orders}$`));
  const unasked = await run(() => importResource('bucket', 'orders', flags));
  assert.equal(unasked.code, 1);
  assert.match(unasked.err, /nobody is here to be asked; say --yes to import it without a question/);

  const { code, out, err } = await run(() => importResource('bucket', 'orders', { ...flags, yes: true }));
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  assert.match(
    out,
    new RegExp(`^bucket "${orders}" as it is -> as shop/local wants it; the next apply will change it:\\n`),
  );
  assert.match(
    out,
    /^ {4}\+ lifecycle\[""\]\.abortUploadDays: 7\n {4}\+ policy\.Statement\[TlsOnly\]: Deny s3:\* to \*$/m,
  );
  assert.match(out, new RegExp(`\\nbucket "${orders}" is now shop/local's; nothing else of it was changed\\n$`));
  const { TagSet = [] } = await s3.getBucketTagging({ Bucket: orders });
  assert.deepEqual(TagSet.map(({ Key, Value }) => `${Key}=${Value}`).sort(), ['baton:owner=shop/local', 'team=shop']);
  const { Status } = await s3.getBucketVersioning({ Bucket: orders });
  assert.equal(Status, undefined);

  const again = await run(() => importResource('bucket', orders, flags));
  assert.deepEqual(again, { code: 0, out: `bucket "${orders}" is shop/local's already\n`, err: '' });
});
