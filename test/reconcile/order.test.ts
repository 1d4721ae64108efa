import assert from 'node:assert/strict';
import test from 'node:test';
import { keyOf } from '../../scripts/reconcile/change.ts';
import { type Node, orderOf } from '../../scripts/reconcile/order.ts';

const ref = (name: string) => ({ kind: 'box', name });
const node = (action: Node['action'], name: string, references: string[], liveReferences = references): Node => ({
  action,
  replaces: [],
  ref: ref(name),
  references: references.map(ref),
  liveReferences: liveReferences.map(ref),
});

const order = (...nodes: Node[]) =>
  Object.fromEntries(
    [...orderOf(nodes)].map(([key, after]) => [key.slice(4), after.map((each) => keyOf(each).slice(4))]),
  );

test('a change comes after the changes of what it refers to', () => {
  assert.deepEqual(order(node('create', 'a', ['b', 'c']), node('update', 'b', []), node('create', 'c', ['b'])), {
    a: ['b', 'c'],
    b: [],
    c: ['b'],
  });
});

test('what does not change is passed through, and what nobody manages is no reason to wait', () => {
  assert.deepEqual(order(node('update', 'a', ['b', 'elsewhere']), node('none', 'b', ['c']), node('update', 'c', [])), {
    a: ['c'],
    c: [],
  });
});

test('what is deleted goes after everything that still holds on to it', () => {
  const nodes = [
    node('delete', 'old', []),
    node('delete', 'user', ['old']),
    node('update', 'mover', ['new'], ['old']),
    node('create', 'new', []),
  ];
  assert.deepEqual(order(...nodes), { old: ['mover', 'user'], user: [], mover: ['new'], new: [] });
});

test('what takes the place of something is there before that is deleted', () => {
  const nodes = [
    { ...node('create', 'zoned', ['group']), replaces: [ref('rule'), ref('elsewhere')] },
    node('create', 'group', []),
    node('delete', 'rule', ['group']),
  ];
  assert.deepEqual(order(...nodes), { zoned: ['group'], group: [], rule: ['zoned'] });
});

test('two ways to one resource are one reason to wait', () => {
  const nodes = [
    node('create', 'a', ['b', 'c']),
    node('none', 'b', ['d']),
    node('none', 'c', ['d']),
    node('create', 'd', []),
  ];
  assert.deepEqual(order(...nodes), { a: ['d'], d: [] });
});

test('a circle has no order and is shown', () => {
  const circle = [node('create', 'a', ['b']), node('create', 'b', ['c']), node('create', 'c', ['b'])];
  assert.throws(() => order(...circle), {
    name: 'PlanError',
    message: 'ordering the changes: resources refer to each other in a circle: box/b → box/c → box/b',
  });
});
