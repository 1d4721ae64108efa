import assert from 'node:assert/strict';
import test from 'node:test';
import { diff } from '../../scripts/reconcile/diff.ts';
import type { FieldDiff, Value } from '../../scripts/reconcile/kind.ts';
import { plainFields } from '../../scripts/reconcile/value.ts';

const rows: readonly (readonly [what: string, live: Value, desired: Value, fields: readonly FieldDiff[]])[] = [
  ['equal specs', { a: 1, b: { c: [1, { d: null }] } }, { b: { c: [1, { d: null }] }, a: 1 }, []],
  ['an absent field and an undefined one', { a: 1 }, { a: 1, b: undefined }, []],
  ['a changed field', { a: 1 }, { a: 2 }, [{ path: 'a', live: 1, desired: 2 }]],
  ['1 and "1"', { a: 1 }, { a: '1' }, [{ path: 'a', live: 1, desired: '1' }]],
  ['null and an absent field', { a: null }, {}, [{ path: 'a', live: null, desired: undefined }]],
  ['a field inside', { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, [{ path: 'a.b.c', live: 1, desired: 2 }]],
  [
    'fields that come and go',
    { env: { OLD: 'x', SAME: 'y' } },
    { env: { NEW: 'z', SAME: 'y' } },
    [
      { path: 'env.NEW', live: undefined, desired: 'z' },
      { path: 'env.OLD', live: 'x', desired: undefined },
    ],
  ],
  ['a list in another order', { a: [1, 2] }, { a: [2, 1] }, [{ path: 'a', live: [1, 2], desired: [2, 1] }]],
  ['a longer list', { a: [1] }, { a: [1, 2] }, [{ path: 'a', live: [1], desired: [1, 2] }]],
  [
    'an entry of a list of maps',
    { a: [{ b: 1 }, { b: 2, c: 3 }] },
    { a: [{ b: 1 }, { b: 4, c: 3 }] },
    [{ path: 'a[1].b', live: 2, desired: 4 }],
  ],
  ['a map for a text', { a: 'x' }, { a: { b: 1 } }, [{ path: 'a', live: 'x', desired: { b: 1 } }]],
  ['a list for a map', { a: {} }, { a: [] }, [{ path: 'a', live: {}, desired: [] }]],
  ['a key with a dot', { 'a.b': 1 }, { 'a.b': 2 }, [{ path: '["a.b"]', live: 1, desired: 2 }]],
];

for (const [what, live, desired, fields] of rows) {
  test(`${what}: the difference is ${fields.map(({ path }) => path).join(', ') || 'none'}`, () => {
    assert.deepEqual(diff(live, desired), fields);
  });
}

test('a spec that JSON cannot carry is a mistake and not a difference', () => {
  assert.deepEqual(plainFields({ b: 1, a: undefined, c: { e: 2, d: [] } }), { b: 1, c: { d: [], e: 2 } });
  assert.throws(() => plainFields({ at: new Date(0) }), /only what survives JSON/);
  assert.throws(() => plainFields({ list: [Number.NaN] }), /holds NaN at "\.list\[0\]"/);
});
