import assert from 'node:assert/strict';
import test from 'node:test';
import { PlanError } from '../../scripts/reconcile/errors.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { planDocument } from '../../scripts/reconcile/render/document.ts';
import { owner, SmallCloud, type Thing, thing } from './small-cloud.ts';

/** A world where everything is as it should be: box a stands on disk b, which is in rack c. */
function settled(): SmallCloud {
  const cloud = new SmallCloud();
  cloud.put('box', thing('a', 'disk/b'));
  cloud.put('disk', thing('b', 'rack/c'));
  cloud.put('rack', thing('c'));
  return cloud;
}

const wanted = { a: thing('a', 'disk/b'), b: thing('b', 'rack/c'), c: thing('c') };
const fieldsOf = ({ name, size, shape, needs, labels }: Thing) => ({
  ...(labels && { labels }),
  name,
  needs,
  shape,
  size,
});

async function planned(cloud: SmallCloud, things: Partial<typeof wanted> = wanted) {
  const { a, b, c } = things;
  const sets = [
    cloud.set('box', ...(a ? [a] : [])),
    cloud.set('disk', ...(b ? [b] : [])),
    cloud.set('rack', ...(c ? [c] : [])),
  ];
  const { version, changes, unchanged } = planDocument(await makePlan(sets, owner));
  return { version, owner, changes: changes.map(({ loss: _none, ...change }) => change), unchanged };
}

const nothing = { version: 3, owner, changes: [], unchanged: 3 };

test('where nothing changed, nothing is planned', async () => {
  assert.deepEqual(await planned(settled()), nothing);
});

test('in an empty world everything is created, each after what it needs', async () => {
  const create = { action: 'create' };
  assert.deepEqual(await planned(new SmallCloud()), {
    ...nothing,
    unchanged: 0,
    changes: [
      { ...create, kind: 'box', name: 'a', after: ['disk/b'], desired: fieldsOf(wanted.a) },
      { ...create, kind: 'disk', name: 'b', after: ['rack/c'], desired: fieldsOf(wanted.b) },
      { ...create, kind: 'rack', name: 'c', after: [], desired: fieldsOf(wanted.c) },
    ],
  });
});

test('what is gone is created again', async () => {
  const cloud = settled();
  cloud.kept.get('disk')?.clear();
  assert.deepEqual(await planned(cloud), {
    ...nothing,
    unchanged: 2,
    changes: [{ action: 'create', kind: 'disk', name: 'b', after: [], desired: fieldsOf(wanted.b) }],
  });
});

test('a field that drifted is put back, and shown with both values', async () => {
  const cloud = settled();
  const drifted = { ...wanted.b, size: 7, labels: { by: 'hand' } };
  cloud.put('disk', drifted);
  assert.deepEqual(await planned(cloud), {
    ...nothing,
    unchanged: 2,
    changes: [
      {
        action: 'update',
        kind: 'disk',
        name: 'b',
        after: [],
        live: fieldsOf(drifted),
        desired: fieldsOf(wanted.b),
        fields: [
          { path: 'labels', live: { by: 'hand' }, desired: undefined },
          { path: 'size', live: 7, desired: 1 },
        ],
      },
    ],
  });
});

test('a change comes after one further down, also past what does not change', async () => {
  const { changes } = await planned(settled(), { ...wanted, a: { ...wanted.a, size: 2 }, c: { ...wanted.c, size: 2 } });
  assert.deepEqual(
    changes.map(({ kind, after }) => [kind, after]),
    [
      ['box', ['rack/c']],
      ['rack', []],
    ],
  );
});

test('a change of an immutable field replaces, and says which', async () => {
  const square = { ...wanted.c, shape: 'square', size: 2 };
  const { changes } = await planned(settled(), { ...wanted, c: square });
  assert.deepEqual(changes, [
    {
      action: 'replace',
      kind: 'rack',
      name: 'c',
      after: [],
      live: fieldsOf(wanted.c),
      desired: fieldsOf(square),
      fields: [
        { path: 'shape', live: 'round', desired: 'square' },
        { path: 'size', live: 1, desired: 2 },
      ],
      because: ['shape'],
    },
  ]);
});

test('what is ours and not in config is deleted; what is not ours stays', async () => {
  const { a, b } = wanted;
  const cloud = settled();
  cloud.put('rack', thing('theirs'), 'other/owner');
  assert.deepEqual(await planned(cloud, { a, b }), {
    ...nothing,
    changes: [{ action: 'delete', kind: 'rack', name: 'c', after: [], live: fieldsOf(wanted.c) }],
    unchanged: 2,
  });
});

test('what goes is deleted after what still refers to it, and after what lets go of it', async () => {
  const cloud = settled();
  cloud.put('box', thing('held', 'rack/c'));
  const onItsOwn = thing('b');
  const sets = [cloud.set('box', thing('held')), cloud.set('disk', onItsOwn), cloud.set('rack')];
  const { changes } = planDocument(await makePlan(sets, owner));
  assert.deepEqual(
    changes.map(({ action, kind, name, after }) => [action, `${kind}/${name}`, after]),
    [
      ['delete', 'box/a', []],
      ['update', 'box/held', []],
      ['update', 'disk/b', []],
      ['delete', 'rack/c', ['box/held', 'disk/b']],
    ],
  );
});

test('things of our names that are not ours stop the plan, all of them named', async () => {
  const cloud = settled();
  cloud.put('rack', wanted.c, 'other/owner');
  cloud.put('disk', wanted.b, null);
  const advice = 'so it is not ours to change; choose another name or prefix,';
  await assert.rejects(planned(cloud), (error) => {
    assert.ok(error instanceof PlanError);
    assert.deepEqual(error.problems, [
      `planning disk "b": it exists and carries no tag baton:owner, ${advice} delete it, or take it over as ${owner}: import disk b`,
      `planning rack "c": it exists and is tagged baton:owner = other/owner, ${advice} or delete it`,
    ]);
    return true;
  });
});

test('resources that need each other in a circle have no order', async () => {
  const circle = { ...wanted, c: thing('c', 'box/a') };
  await assert.rejects(planned(new SmallCloud(), circle), {
    name: 'PlanError',
    message: 'ordering the changes: resources refer to each other in a circle: box/a → disk/b → rack/c → box/a',
  });
});

test('kinds that AWS does not let us read are named together with its reason', async () => {
  const list = (): void => {
    throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
  };
  await assert.rejects(planned(new SmallCloud({ list })), {
    name: 'PlanError',
    message: 'reading live state (box, disk, rack): AccessDeniedException: not authorized',
  });
});

test('what stops the reading stops the plan with its own words', async () => {
  const list = (): void => {
    throw new PlanError(['stopped by Ctrl-C']);
  };
  await assert.rejects(planned(new SmallCloud({ list })), { name: 'PlanError', message: 'stopped by Ctrl-C' });
});

test('a mistake of our own while reading keeps its stack', async () => {
  const list = (): void => {
    throw new TypeError('x is not a function');
  };
  await assert.rejects(planned(new SmallCloud({ list })), TypeError);
});

test('the digest is of the situation: the same for the same, another for any difference', async () => {
  const digest = async (cloud: SmallCloud, c: Thing = wanted.c): Promise<string> =>
    (await makePlan([cloud.set('rack', c)], owner)).digest;
  const same = await digest(settled());
  assert.match(same, /^[0-9a-f]{64}$/);
  assert.equal(await digest(settled()), same);
  const reordered = settled();
  reordered.put('rack', { shape: 'round', needs: [], size: 1, name: 'c' });
  assert.equal(await digest(reordered), same);
  const drifted = settled();
  drifted.put('rack', { ...wanted.c, size: 2 });
  const orphaned = settled();
  orphaned.put('rack', thing('d'));
  const others = [await digest(drifted), await digest(orphaned), await digest(settled(), { ...wanted.c, size: 2 })];
  assert.equal(new Set([same, ...others]).size, 4);
});

test('two specs of one name are a mistake of ours', () => {
  assert.throws(() => new SmallCloud().set('rack', wanted.c, wanted.c), /two specs of kind rack are named "c"/);
});

test('what time has passed by is not made, is left as it is where it is there, and is told of', async () => {
  const cloud = settled();
  const { b, c } = wanted;
  const plan = await makePlan(
    [
      cloud.set('box', { ...wanted.a, size: 9, over: 'its day is gone' }, { ...thing('new'), over: 'its day is gone' }),
      cloud.set('disk', b),
      cloud.set('rack', c),
    ],
    owner,
  );
  assert.deepEqual([plan.changes, plan.unchanged, plan.owned], [[], 3, 3]);
  assert.deepEqual(plan.notes, [
    'box "a" is left as it is: its day is gone',
    'box "new" is left as it is: its day is gone',
  ]);
});

test('what people should know of what is there is told of what config wants, and makes no change', async () => {
  const cloud = new SmallCloud({ remark: 'waits for somebody' });
  cloud.put('box', thing('a'));
  cloud.put('box', thing('theirs'), null);
  const plan = await makePlan([cloud.set('box', thing('a'))], owner);
  assert.deepEqual([plan.changes, plan.notes], [[], ['box "a" waits for somebody']]);
});

test('what takes the place of something is made before that is deleted', async () => {
  const cloud = settled();
  const disk = { ...thing('a'), replaces: [{ kind: 'box', name: 'a' }] };
  const { changes } = await planned(cloud, { b: disk, c: wanted.c });
  assert.deepEqual(
    changes.map(({ action, kind, name, after }) => [action, kind, name, after]),
    [
      ['delete', 'box', 'a', ['disk/a']],
      ['create', 'disk', 'a', []],
      ['delete', 'disk', 'b', ['box/a']],
    ],
  );
});
