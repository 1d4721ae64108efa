import assert from 'node:assert/strict';
import test from 'node:test';
import { PlanError } from '../../scripts/reconcile/errors.ts';
import { guard } from '../../scripts/reconcile/guard.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { owner, SmallCloud, thing } from './small-cloud.ts';

/** One box is there and wanted or not; another one is wanted and not there. */
const planOf = (wantsWhatIsThere: boolean) => {
  const cloud = new SmallCloud();
  cloud.put('box', thing('a'));
  return makePlan([cloud.set('box', thing('b'), ...(wantsWhatIsThere ? [thing('a')] : []))], owner);
};

test('a plan that only creates and updates passes', async () => {
  guard(await planOf(true), { deletions: false });
});

test('a plan that deletes is held back with what it would delete and the flag that permits it', async () => {
  const plan = await planOf(false);
  assert.throws(
    () => guard(plan, { deletions: false }),
    (error) => {
      assert.ok(error instanceof PlanError);
      assert.equal(
        error.message,
        [
          `applying to ${owner}: 1 of 2 changes delete or replace something:`,
          '  delete box "a"',
          'nothing was changed; put back into the config what should stay, or say --allow-deletions',
        ].join('\n'),
      );
      return true;
    },
  );
});

test('a plan that deletes passes once deletions are permitted', async () => {
  guard(await planOf(false), { deletions: true });
});
