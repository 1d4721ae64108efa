import assert from 'node:assert/strict';
import test from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { applyPlan } from '../../scripts/reconcile/apply.ts';
import { diff } from '../../scripts/reconcile/diff.ts';
import type { Value } from '../../scripts/reconcile/kind.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { fieldDetails } from '../../scripts/reconcile/render/details.ts';
import { planDocument } from '../../scripts/reconcile/render/document.ts';
import { opened } from '../../scripts/reconcile/render/opened.ts';
import { renderProgress, renderReport } from '../../scripts/reconcile/render/report.ts';
import { detailLines, renderPlan } from '../../scripts/reconcile/render/text.ts';
import { leaves } from '../../scripts/reconcile/render/tree.ts';
import { shown, shownSides } from '../../scripts/reconcile/render/values.ts';
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
    needs[0]:
      kind: "disk"
      name: "b"
    shape: "round"
    size:  1
~ disk b
    ~ size: 3 -> 1
- disk old
    is ours and not in config
± disk turned
    shape cannot be changed in place: it is deleted and made anew
    ~ shape: "square" -> "round"

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
    renderReport({ ...report, milliseconds: 1_234 }),
    `updating disk "b": no space
creating box "a": skipped, disk "b" failed
2 applied, 1 failed, 1 skipped in 1.2 s`,
  );
  assert.deepEqual(
    lines.filter((line) => line.includes('disk b')).map((line) => line.replace(/\d+\.\d s/, 'N s')),
    ['~ disk b: updating', '~ disk b: failed after N s: no space'],
  );
});

test('the document of a plan is plain data, the same for the same plan, and holds what a program needs', async () => {
  const [one, other] = [planDocument(await mixedPlan()), planDocument(await mixedPlan())];
  assert.equal(JSON.stringify(one), JSON.stringify(other));
  assert.deepEqual(Object.keys(one), [
    ...['version', 'owner', 'digest', 'changes', 'unchanged', 'owned', 'notes', 'refusals', 'situation'],
  ]);
  assert.deepEqual(JSON.parse(JSON.stringify(one)), one);
});

test('long values are cut, and of two long ones the part is shown where they differ', () => {
  const long = 'x'.repeat(200);
  assert.equal(shown(long), `"${'x'.repeat(99)}… (202 characters)`);
  assert.deepEqual(shownSides(`${long}1`, `${long}2`), [`…${'x'.repeat(20)}1"`, `…${'x'.repeat(20)}2"`]);
});

test('values inside a spec have lines of their own, none hidden by the length of another', () => {
  const spec = { list: [1, 2], none: [], empty: {}, map: { 'a.b': 'x' }, text: '{"deep":[{"a":1}]}' };
  assert.deepEqual(
    leaves(spec, 'spec').map(({ path, value }) => `${path}: ${shown(value)}`),
    ['spec.list: [1,2]', 'spec.map["a.b"]: "x"', 'spec.text.deep[0].a: 1'],
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
  fieldDetails(diff(live, desired)).flatMap((detail) =>
    detailLines(detail).map((line) => stripVTControlCharacters(line).slice(4)),
  );

test('what comes or goes is shown with every value in it', () => {
  const entry = { id: 'new', environment: [{ name: 'A', value: '1' }], arn: 'x' };
  assert.deepEqual(openedLines({ targets: [] }, { targets: [entry] }), [
    '+ targets[new].environment.A: "1"',
    '+ targets[new].arn: "x"',
  ]);
  assert.deepEqual(openedLines({ targets: [{ id: 'old' }] }, { targets: [] }), [`- targets[old]: {"id":"old"}`]);
  assert.deepEqual(openedLines({}, { none: [null], map: { a: null } }), ['+ map: {"a":null}', '+ none: [null]']);
  assert.deepEqual(openedLines({ filter: null }, { filter: { type: ['a'] } }), ['+ filter.type: ["a"]']);
});

test('of long lists only what differs is shown', () => {
  const arns = Array.from({ length: 9 }, (_, index) => `arn:aws:batch:eu-central-1:123456789012:job-queue/${index}`);
  const [first = '', ...rest] = arns;
  assert.deepEqual(openedLines({ arns }, { arns: [first, 'new', ...rest] }), ['+ arns[]: "new"']);
  assert.deepEqual(openedLines({ arns }, { arns: [first, ...rest.slice(1)] }), [`- arns[]: "${rest[0]}"`]);
  assert.deepEqual(openedLines({ arns }, { arns: ['a', first, ...rest.slice(1), 'z'] }), [
    `- arns[]: "${rest[0]}"`,
    '+ arns[]: "a"',
    '+ arns[]: "z"',
  ]);
  const statements = arns.map((Resource) => ({ Effect: 'Allow', Resource }));
  const more = [...statements.slice(0, 4), { Effect: 'Allow', Resource: 'new' }, ...statements.slice(4)];
  assert.deepEqual(openedLines({ statements }, { statements: more }), [
    '+ statements[4].Effect: "Allow"',
    '+ statements[4].Resource: "new"',
  ]);
});

test('a line that grows too long goes on below', () => {
  const arn = (name: string): string => `arn:aws:batch:eu-central-1:123456789012:compute-environment/${name}`;
  assert.deepEqual(openedLines({ arn: arn('old') }, { arn: arn('new') }), [
    `~ arn: "${arn('old')}"\n        -> "${arn('new')}"`,
  ]);
});

const statement = (Sid: string, more: Readonly<Record<string, Value>> = {}): Value => ({
  ...{ Sid, Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::feeds/*'] },
  ...more,
});

test('statements of a policy are sentences where they come or go, and are compared inside where they stay', () => {
  const policy = (...Statement: readonly Value[]): Value => ({ policy: JSON.stringify({ Statement }) });
  const condition = {
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    Principal: { Service: ['x.amazonaws.com'] },
  };
  assert.deepEqual(
    openedLines(
      policy(statement('Read'), statement('Old')),
      policy(statement('Read', { Action: ['s3:*'] }), statement('New', condition)),
    ),
    [
      '+ policy › Statement[New]: Allow s3:GetObject to x.amazonaws.com on arn:aws:s3:::feeds/* if Bool aws:SecureTransport false',
      '- policy › Statement[Old]: Allow s3:GetObject on arn:aws:s3:::feeds/*',
      '~ policy › Statement[Read].Action: ["s3:GetObject"] -> ["s3:*"]',
    ],
  );
});

test('text of others cannot move the cursor, wherever it stands', () => {
  const evil = '\u001B[2J\nx';
  const lines = openedLines({}, { a: evil, policy: statement('Evil', { Resource: [evil] }), [evil]: 1 });
  for (const line of lines) assert.ok(!line.includes('\u001B') && !line.includes('\n'), line);
  assert.equal(lines.length, 3);
});

test('a plan says what should be known and what apply will refuse, and ends in counts all the same', async () => {
  const cloud = new SmallCloud({ loss: { what: '12 objects', permit: 'objects' } });
  cloud.put('disk', { ...thing('a'), protect: true });
  const plan = { ...(await makePlan([cloud.set('disk')], owner)), notes: ['disks could not be listed'] };
  assert.equal(
    stripVTControlCharacters(renderPlan(plan)),
    `- disk a
    is ours and not in config
    goes with 12 objects

note: disks could not be listed
apply will be refused: disk "a" would be deleted and is protected; say --allow-protected to permit it
apply will be refused: disk "a" would be deleted with 12 objects; say --delete-objects to permit it

shop/test: 1 to delete; 0 unchanged`,
  );
  assert.deepEqual(
    planDocument(plan).refusals.map(({ flag }) => flag),
    ['--allow-protected', '--delete-objects'],
  );
});

test('many that were skipped for one reason are one line, and the slowest are named', () => {
  const change = (name: string) => ({
    ...({ action: 'create', ref: { kind: 'disk', name }, after: [], desired: {}, perform: async () => {} } as const),
  });
  const report = {
    applied: [
      { change: change('quick'), milliseconds: 999 },
      { change: change('slow'), milliseconds: 61_000 },
    ],
    failed: [],
    skipped: ['a', 'b', 'c', 'd'].map((name) => ({ change: change(name), reason: 'stopped before it began' })),
    milliseconds: 62_000,
  };
  assert.equal(
    renderReport(report),
    `skipped, stopped before it began: disk "a", disk "b", disk "c", disk "d"
2 applied, 0 failed, 4 skipped in 62.0 s; slowest: disk "slow" 61.0 s`,
  );
});
