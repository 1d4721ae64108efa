/** What the roles of GitHub may do is what the commands do: no more, no less. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { applyCalls, planCalls, seldomCalls } from '../../scripts/bootstrap/calls.ts';
import { byHand } from '../../scripts/bootstrap/policies.ts';
import { apply } from '../../scripts/control/commands/apply.ts';
import { destroy } from '../../scripts/control/commands/destroy.ts';
import { plan } from '../../scripts/control/commands/plan.ts';
import { changedConfig, firstConfig } from './changed-config.ts';
import { driftByHand } from './drifts.ts';
import { githubWorld, type Sent } from './github-world.ts';
import { actionsOf, actionsOfOperation, namesOf } from './lists.ts';
import { makeStrangers } from './strangers.ts';
import { unused } from './use.ts';

const everything = { allowDeletions: true, allowProtected: true, terminateJobs: true };

/** Where what an operation takes depends on what it is sent with, and the story does not send it with all of that. */
const otherwise: Readonly<Record<string, readonly string[]>> = {
  // The embedded AWS asks object by object.
  's3:DeleteObjects': [],
  // It asks whether the bucket may be listed once the object is not there.
  's3:GetObject': ['s3:GetObject'],
  // A lease is compared with what is there when it is renewed, and when it is taken from who is dead.
  's3:PutObject': ['s3:PutObject'],
};

/** The two tables of what operations take, written apart: that of the tools and that of the embedded AWS. */
function assertSameTables({ operations: asked }: Sent): void {
  const line = (name: string, actions: Iterable<string>): string =>
    `${name}: ${[...new Set(actions)].sort().join(', ')}`;
  const ofTools = [...asked.keys()].map((name) => line(name, otherwise[name] ?? actionsOfOperation(name)));
  assert.deepEqual(
    ofTools,
    [...asked].map(([name, actions]) => line(name, actions)),
  );
}

test('the roles of GitHub plan, apply, change, mend and destroy all there is, and may do nothing besides', async (t) => {
  const { bootstrap, flags, iam, person, run, sent, write } = await githubWorld(t);
  write(firstConfig);
  assert.equal((await bootstrap()).code, 0);
  const planned = async (): Promise<number> => {
    const { code, err } = await run('plan', () => plan(flags));
    assert.equal(err, '');
    return code;
  };
  const applied = async (): Promise<void> => {
    const { code, err } = await run('apply', () => apply({ ...flags, ...everything, yes: true }));
    assert.deepEqual([code, err], [0, '']);
  };
  const removeStrangers = await makeStrangers(person);
  const refused = await run('plan', () => plan(flags));
  assert.match(refused.err, /planning dead letter queue "unit-failed-invocations": it exists and carries no tag/);
  await removeStrangers();
  await applied();
  write(changedConfig);
  await driftByHand(person);
  assert.equal(await planned(), 2);
  await applied();
  assert.equal(await planned(), 0);
  const destroyed = await run('apply', () => destroy({ ...flags, ...everything, confirm: 'test' }));
  assert.deepEqual([destroyed.code, destroyed.err], [0, '']);

  const asPlan = sent.get('github-unit-plan');
  const asApply = sent.get('github-unit-apply');
  assert.ok(asPlan && asApply);
  const reading = namesOf(planCalls);
  assert.deepEqual([...asPlan.operations.keys()].sort(), reading);
  const more = [...asApply.operations.keys()].filter((operation) => !reading.includes(operation));
  assert.deepEqual(more.sort(), namesOf(applyCalls));
  assertSameTables(asApply);

  const asked = [...asPlan.needs.values()];
  const leftByPlan = actionsOf(seldomCalls.plan).sort();
  assert.deepEqual(await unused(iam, 'github-unit-plan', asked), leftByPlan);
  const leftByApply = [...leftByPlan, ...actionsOf(seldomCalls.apply), ...byHand.apply.map(({ action }) => action)];
  assert.deepEqual(await unused(iam, 'github-unit-apply', [...asked, ...asApply.needs.values()]), leftByApply.sort());
});
