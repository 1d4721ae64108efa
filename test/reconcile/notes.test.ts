import assert from 'node:assert/strict';
import test from 'node:test';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { owner, SmallCloud, thing } from './small-cloud.ts';

/** What is said of disks where an account may have ten of them and has so many already, ours and others'. */
async function notes(total: number, there: readonly string[], wanted: readonly string[]): Promise<readonly string[]> {
  const cloud = new SmallCloud();
  for (const name of there) cloud.put('disk', thing(name));
  const set = cloud.set('disk', ...wanted.map((name) => thing(name)));
  const observe = async () => ({ ...(await set.observe()), quota: { total, most: 10, what: 'disks' } });
  return (await makePlan([{ ...set, observe }], owner)).notes;
}

const advice = 'and AWS allows 10 unless it was asked for more; delete some first, or ask for a higher quota';

const rows: readonly (readonly [what: string, args: Parameters<typeof notes>, notes: readonly string[]])[] = [
  ['up to the quota nothing is said', [9, [], ['a']], []],
  ['past it, how many there would be', [9, [], ['a', 'b']], [`disks: there would be 11, ${advice}`]],
  [
    'what takes the place of another has no room beside it',
    [10, ['old'], ['new']],
    [`disks: there would be 11 until those that go are gone, ${advice}`],
  ],
  ['who makes none is told nothing', [11, ['old'], []], []],
];

for (const [what, args, expected] of rows) {
  test(`of a quota, ${what}`, async () => assert.deepEqual(await notes(...args), expected));
}
