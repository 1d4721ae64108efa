import assert from 'node:assert/strict';
import test from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { applyPlan } from '../../scripts/reconcile/apply.ts';
import { diff } from '../../scripts/reconcile/diff.ts';
import type { Value } from '../../scripts/reconcile/kind.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { planDocument } from '../../scripts/reconcile/render/document.ts';
import { renderPlan, renderProgress, renderReport } from '../../scripts/reconcile/render/text.ts';
import { leaves, opened, shown, shownChange } from '../../scripts/reconcile/render/values.ts';
import { owner, SmallCloud, thing } from './small-cloud.ts';

async function mixedPlan() {
  const cloud = new SmallCloud({
    during: async (action) => {
      if (action.includes('disk/b')) throw new Error('no space');
    },
  });
  cloud.put('disk', { ...thing('b'), size: 3 });
  cloud.put('disk', thing('old'));
  cloud.put('disk', thing('same'));
  cloud.put('disk', { ...thing('turned'), shape: 'square' });
  const disks = cloud.set('disk', thing('b'), thing('same'), thing('turned'));
  return makePlan([cloud.set('box', thing('a', 'disk/b')), disks], owner);
}

test('a plan for people has a line for each change, its fields below, and ends in counts', async () => {
  const plan = await mixedPlan();
  assert.equal(
    stripVTControlCharacters(renderPlan(plan)),
    `+ box a
    needs[0].kind: "disk"
    needs[0].name: "b"
    shape: "round"
    size: 1
~ disk b
    size: 3 -> 1
- disk old
    is ours and not in config
± disk turned
    shape cannot be changed in place
    shape: "square" -> "round"

shop/test: 1 to create, 1 to update, 1 to replace, 1 to delete; 1 unchanged`,
  );
});

test('an empty plan says that there is nothing to do', async () => {
  const cloud = new SmallCloud();
  cloud.put('disk', thing('a'));
  const plan = await makePlan([cloud.set('disk', thing('a'))], owner);
  assert.equal(renderPlan(plan), 'shop/test: nothing to do; 1 unchanged');
});

test('the report names what failed and was skipped, and ends in counts', async () => {
  const lines: string[] = [];
  const report = await applyPlan(await mixedPlan(), {
    signal: new AbortController().signal,
    report: (progress) => lines.push(stripVTControlCharacters(renderProgress(progress))),
  });
  assert.equal(
    renderReport(report),
    `updating disk "b": no space
creating box "a": skipped, disk "b" failed
2 applied, 1 failed, 1 skipped`,
  );
  assert.deepEqual(
    lines.filter((line) => line.includes('disk b')).map((line) => line.replace(/\d+\.\d s/, 'N s')),
    ['~ disk b: updating', '~ disk b: failed after N s: no space'],
  );
});

test('the document of a plan is plain data, the same for the same plan, and holds what a program needs', async () => {
  const [one, other] = [planDocument(await mixedPlan()), planDocument(await mixedPlan())];
  assert.equal(JSON.stringify(one), JSON.stringify(other));
  assert.deepEqual(Object.keys(one), ['version', 'owner', 'digest', 'changes', 'unchanged']);
  assert.deepEqual(JSON.parse(JSON.stringify(one)), one);
});

test('long values are cut, and of two long ones the part is shown where they differ', () => {
  const long = 'x'.repeat(200);
  assert.equal(shown(long), `"${'x'.repeat(99)}… (202 characters)`);
  assert.equal(shownChange(`${long}1`, `${long}2`), `…${'x'.repeat(20)}1" -> …${'x'.repeat(20)}2"`);
  assert.equal(shownChange(undefined, 'a'), '(none) -> "a"');
  const arn = (name: string): string => `arn:aws:batch:eu-central-1:123456789012:compute-environment/${name}`;
  assert.equal(shownChange(arn('old'), arn('new')), `"${arn('old')}"\n      -> "${arn('new')}"`);
});

test('values inside a spec have lines of their own, none hidden by the length of another', () => {
  const spec = { list: [1, 2], none: [], empty: {}, map: { 'a.b': 'x' }, text: '{"deep":[{"a":1}]}' };
  assert.deepEqual(
    leaves(spec, 'spec').map(({ path, value }) => `${path}: ${shown(value)}`),
    ['spec.list: [1,2]', 'spec.none: []', 'spec.empty: {}', 'spec.map["a.b"]: "x"', 'spec.text.deep[0].a: 1'],
  );
});

test('a document inside a text is compared inside', () => {
  const policy = (action: string): string => JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action }] });
  assert.deepEqual(opened({ path: 'policy', live: policy('s3:Get*'), desired: policy('s3:*') }), [
    { path: 'policy › Statement[0].Action', live: 's3:Get*', desired: 's3:*' },
  ]);
  const text = { path: 'text', live: '{not json', desired: '{"a":1}' };
  assert.deepEqual(opened(text), [text]);
  const spaced = { path: 'policy', live: '{"a":1}', desired: '{"a": 1}' };
  assert.deepEqual(opened(spaced), [spaced]);
});

const openedLines = (live: Value, desired: Value): string[] =>
  diff(live, desired)
    .flatMap(opened)
    .map((field) => `${field.path}: ${shownChange(field.live, field.desired)}`);

test('what comes or goes is shown with every value in it', () => {
  const entry = { id: 'new', environment: [{ name: 'A', value: '1' }], arn: 'x' };
  assert.deepEqual(openedLines({ targets: [] }, { targets: [entry] }), [
    'targets[new].id: (none) -> "new"',
    'targets[new].environment.A: (none) -> "1"',
    'targets[new].arn: (none) -> "x"',
  ]);
  assert.deepEqual(openedLines({ targets: [{ id: 'old' }] }, { targets: [] }), ['targets[old].id: "old" -> (none)']);
});

test('of long lists only what differs is shown', () => {
  const arns = Array.from({ length: 9 }, (_, index) => `arn:aws:batch:eu-central-1:123456789012:job-queue/${index}`);
  const [first = '', ...rest] = arns;
  assert.deepEqual(openedLines({ arns }, { arns: [first, 'new', ...rest] }), ['arns[1]: (none) -> "new"']);
  assert.deepEqual(openedLines({ arns }, { arns: [first, ...rest.slice(1)] }), [`arns[1]: "${rest[0]}" -> (none)`]);
  const statements = arns.map((Resource) => ({ Effect: 'Allow', Resource }));
  const more = [...statements.slice(0, 4), { Effect: 'Allow', Resource: 'new' }, ...statements.slice(4)];
  assert.deepEqual(openedLines({ statements }, { statements: more }), [
    'statements[4].Effect: (none) -> "Allow"',
    'statements[4].Resource: (none) -> "new"',
  ]);
});
