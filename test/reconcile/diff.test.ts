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
  [
    'pairs of name and value',
    {
      env: [
        { name: 'A', value: 1 },
        { name: 'B', value: 2 },
      ],
    },
    {
      env: [
        { name: 'B', value: 3 },
        { name: 'C.D', value: 4 },
      ],
    },
    [
      { path: 'env.A', live: 1, desired: undefined },
      { path: 'env.B', live: 2, desired: 3 },
      { path: 'env["C.D"]', live: undefined, desired: 4 },
    ],
  ],
  [
    'entries with names of their own, one more at the front',
    { a: [{ Sid: 'Read', x: 1 }] },
    {
      a: [
        { Sid: '0', x: 0 },
        { Sid: 'Read', x: 2 },
      ],
    },
    [
      { path: 'a["0"]', live: undefined, desired: { Sid: '0', x: 0 } },
      { path: 'a[Read].x', live: 1, desired: 2 },
    ],
  ],
  [
    'named entries in another order',
    {
      a: [
        { key: 'x', value: 1 },
        { key: 'y', value: 2 },
      ],
    },
    {
      a: [
        { key: 'y', value: 2 },
        { key: 'x', value: 1 },
      ],
    },
    [
      {
        path: 'a',
        live: [
          { key: 'x', value: 1 },
          { key: 'y', value: 2 },
        ],
        desired: [
          { key: 'y', value: 2 },
          { key: 'x', value: 1 },
        ],
      },
    ],
  ],
  [
    'entries of which two have one name',
    {
      a: [
        { id: 'x', b: 1 },
        { id: 'x', b: 2 },
      ],
    },
    {
      a: [
        { id: 'x', b: 1 },
        { id: 'x', b: 3 },
      ],
    },
    [{ path: 'a[1].b', live: 2, desired: 3 }],
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
