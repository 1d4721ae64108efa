import assert from 'node:assert/strict';
import test from 'node:test';
import { movedSince, reviewOf } from '../../scripts/reconcile/moved.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { planDocument } from '../../scripts/reconcile/render/document.ts';
import { renderMoves } from '../../scripts/reconcile/render/moves.ts';
import { owner, SmallCloud, type Thing, thing } from './small-cloud.ts';

const disk = (name: string, size = 1): Thing => ({ ...thing(name), size });

/** A cloud in which these are, and a plan of what is wanted of it. */
async function planned(there: readonly Thing[], wanted: readonly Thing[]) {
  const cloud = new SmallCloud();
  for (const each of there) cloud.put('disk', each);
  return makePlan([cloud.set('disk', ...wanted)], owner);
}

type World = Parameters<typeof planned>;

async function moves(then: World, now: World): Promise<readonly string[]> {
  return renderMoves(movedSince(reviewOf(await planned(...then)), reviewOf(await planned(...now))));
}

test('between two plans of one situation nothing moved, and a plan from its file is as good as the plan', async () => {
  const world: World = [
    [disk('a', 3), disk('old')],
    [disk('a'), disk('b')],
  ];
  assert.deepEqual(await moves(world, world), []);
  const plan = await planned(...world);
  const file: ReturnType<typeof planDocument> = JSON.parse(JSON.stringify(planDocument(plan)));
  assert.deepEqual(movedSince(file, reviewOf(plan)), []);
});

test('what would be done otherwise in the same situation has moved', async () => {
  const [small, tall] = [disk('a'), { ...disk('a'), shape: 'tall' }];
  const now = reviewOf(await planned([small], [tall]));
  const then = { ...now, changes: now.changes.map((change) => ({ ...change, action: 'update' as const })) };
  assert.deepEqual(renderMoves(movedSince(then, now)), ['disk a: was to update and is to replace now']);
});

const rows: readonly (readonly [what: string, then: World, now: World, lines: readonly string[]])[] = [
  [
    'what somebody changed is shown with both of its values',
    [[disk('a', 3)], [disk('a')]],
    [[disk('a', 4)], [disk('a')]],
    ['disk a: was changed since', '    ~ size: 3 -> 4'],
  ],
  [
    'what config wants differently',
    [[disk('a', 3)], [disk('a')]],
    [[disk('a', 3)], [disk('a', 2)]],
    ['disk a: is planned differently now', '    ~ size: 1 -> 2'],
  ],
  ['what is new in config', [[], []], [[], [disk('a')]], ['disk a: is new: there is now something to create']],
  ['what is new in AWS', [[], []], [[disk('a')], []], ['disk a: is new: there is now something to delete']],
  ['what is in neither any more', [[disk('a')], []], [[], []], ['disk a: is gone']],
  [
    'what drifted since',
    [[disk('a')], [disk('a')]],
    [[disk('a', 2)], [disk('a')]],
    ['disk a: was as config wanted it, and there is now something to update'],
  ],
  [
    'what is done by now',
    [[], [disk('a')]],
    [[disk('a')], [disk('a')]],
    ['disk a: is as config wants it now; nothing is left to create'],
  ],
  [
    'what was wanted otherwise and is so by now',
    [[disk('a')], [disk('a')]],
    [[disk('a', 2)], [disk('a', 2)]],
    ['disk a: was changed since, and is as config wants it'],
  ],
  [
    'what somebody else made, and otherwise',
    [[], [disk('a')]],
    [[disk('a', 2)], [disk('a')]],
    ['disk a: was changed since; was to create and is to update now'],
  ],
];

for (const [what, then, now, lines] of rows) {
  test(`${what} moved`, async () => assert.deepEqual(await moves(then, now), lines));
}

test('what was made on purpose in between is left out', async () => {
  const [then, now] = [await planned([], [disk('a'), disk('b')]), await planned([disk('a')], [disk('a'), disk('b')])];
  assert.deepEqual(movedSince(reviewOf(then), reviewOf(now), { kind: 'disk', name: 'a' }), []);
});
