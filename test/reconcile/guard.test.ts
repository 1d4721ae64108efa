import assert from 'node:assert/strict';
import test from 'node:test';
import { PlanError } from '../../scripts/reconcile/errors.ts';
import { guard } from '../../scripts/reconcile/guard.ts';
import type { Permit } from '../../scripts/reconcile/kind.ts';
import { makePlan, makeRemoval } from '../../scripts/reconcile/plan.ts';
import { owner, SmallCloud, type Thing, thing } from './small-cloud.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `box-${at}`);

/** `there` boxes exist, and the first `kept` of them are wanted. */
function shrinking(there: number, kept: number) {
  const cloud = new SmallCloud();
  for (const name of names(there)) cloud.put('box', thing(name));
  return makePlan([cloud.set('box', ...names(kept).map((name) => thing(name)))], owner);
}

/** One box is there and not wanted. */
async function losing(box: Partial<Thing>, behaviour: ConstructorParameters<typeof SmallCloud>[0] = {}) {
  const cloud = new SmallCloud(behaviour);
  cloud.put('box', { ...thing('a'), ...box });
  return makePlan([cloud.set('box')], owner);
}

const refusal = (plan: Awaited<ReturnType<typeof makePlan>>, ...permits: Permit[]): readonly string[] => {
  try {
    guard(plan, new Set(permits));
    return [];
  } catch (error) {
    assert.ok(error instanceof PlanError);
    return error.problems;
  }
};

test('up to 30 % of what is owned may go, and so may anything where there is little', async () => {
  assert.deepEqual(refusal(await shrinking(10, 7)), []);
  assert.deepEqual(refusal(await shrinking(9, 0)), []);
});

test('more than 30 % is held back with counts, names and the flag that permits it', async () => {
  const plan = await shrinking(10, 6);
  assert.deepEqual(refusal(plan), [
    `applying to ${owner}: nothing was changed:`,
    '4 of 10 owned resources (40 %) would be deleted or replaced, and more than 30 % looks like a mistake; say --allow-deletions to permit it',
    '  delete box "box-6"',
    '  delete box "box-7"',
    '  delete box "box-8"',
    '  delete box "box-9"',
  ]);
  assert.deepEqual(refusal(plan, 'deletions'), []);
});

test('what is protected is held back though config does not name it any more', async () => {
  const plan = await losing({ protect: true });
  assert.deepEqual(refusal(plan, 'deletions'), [
    `applying to ${owner}: nothing was changed:`,
    'box "a" would be deleted and is protected; say --allow-protected to permit it',
  ]);
  assert.deepEqual(refusal(plan, 'protected'), []);
});

test('what becomes protected by the change that replaces it is held back as well', async () => {
  const cloud = new SmallCloud();
  cloud.put('box', thing('a'));
  const square = { ...thing('a'), shape: 'square', protect: true };
  assert.deepEqual(refusal(await makePlan([cloud.set('box', square)], owner)).slice(1), [
    'box "a" would be replaced and is protected; say --allow-protected to permit it',
  ]);
});

test('what would be lost with a resource is held back by a flag of its own', async () => {
  const plan = await losing({}, { loss: { what: '12 objects', permit: 'objects' } });
  assert.deepEqual(refusal(plan, 'deletions').slice(1), [
    'box "a" would be deleted with 12 objects; say --delete-objects to permit it',
  ]);
  assert.deepEqual(refusal(plan, 'objects'), []);
});

test('a removal takes what is wanted and what is not, and nothing of others', async () => {
  const cloud = new SmallCloud();
  cloud.put('box', thing('wanted'));
  cloud.put('box', thing('orphan'));
  cloud.put('box', thing('theirs'), 'baton/other');
  const plan = await makeRemoval([cloud.set('box', thing('wanted'), thing('theirs'), thing('missing'))], owner);
  assert.deepEqual(
    plan.changes.map(({ action, ref }) => `${action} ${ref.name}`),
    ['delete orphan', 'delete wanted'],
  );
});
