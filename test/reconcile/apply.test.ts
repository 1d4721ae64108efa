import assert from 'node:assert/strict';
import test from 'node:test';
import { applyPlan, type Progress, type Report } from '../../scripts/reconcile/apply.ts';
import type { Change, Plan } from '../../scripts/reconcile/change.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { owner, SmallCloud, thing } from './small-cloud.ts';

const never = new AbortController().signal;
const key = ({ ref }: Change): string => `${ref.kind}/${ref.name}`;

const outcome = ({ applied, failed, skipped }: Report) => ({
  applied: applied.map(({ change }) => key(change)),
  failed: failed.map(({ change, reason }) => `${key(change)}: ${reason}`),
  skipped: skipped.map(({ change, reason }) => `${key(change)}: ${reason}`),
});

/** Boxes a and b on disk d, box e on nothing. */
const planIn = (cloud: SmallCloud): Promise<Plan> =>
  makePlan(
    [cloud.set('box', thing('a', 'disk/d'), thing('b', 'disk/d'), thing('e')), cloud.set('disk', thing('d'))],
    owner,
  );

test('everything is created, what is needed first, and then there is nothing to do', async () => {
  const cloud = new SmallCloud();
  const report = await applyPlan(await planIn(cloud), { signal: never, report: () => {} });
  assert.deepEqual(outcome(report), { applied: ['box/a', 'box/b', 'box/e', 'disk/d'], failed: [], skipped: [] });
  const at = (action: string): number => cloud.journal.indexOf(action);
  assert.ok(at('create disk/d') < at('create box/a') && at('create disk/d') < at('create box/b'));
  assert.deepEqual((await planIn(cloud)).changes, []);
});

test('exactly the plan is carried out, with the fields that it shows', async () => {
  const cloud = new SmallCloud();
  cloud.put('disk', thing('d'));
  const plan = await makePlan([cloud.set('disk', { ...thing('d'), size: 9 })], owner);
  await applyPlan(plan, { signal: never, report: () => {} });
  assert.deepEqual(cloud.journal, ['update size of disk/d']);
});

test('a failure skips what depends on it, and nothing else', async () => {
  const during = async (action: string): Promise<void> => {
    if (action === 'create disk/d') throw Object.assign(new Error('no space'), { name: 'LimitExceededException' });
  };
  const cloud = new SmallCloud({ during });
  const report = await applyPlan(await planIn(cloud), { signal: never, report: () => {} });
  assert.deepEqual(outcome(report), {
    applied: ['box/e'],
    failed: ['disk/d: LimitExceededException: no space'],
    skipped: ['box/a: disk "d" failed', 'box/b: disk "d" failed'],
  });
});

test('a skip goes on to what depends on it', async () => {
  const during = async (action: string): Promise<void> => {
    if (action === 'create disk/d') throw new Error('no space');
  };
  const cloud = new SmallCloud({ during });
  const sets = [
    cloud.set('box', thing('a', 'disk/d')),
    cloud.set('disk', thing('d')),
    cloud.set('lid', thing('l', 'box/a')),
  ];
  const report = await applyPlan(await makePlan(sets, owner), { signal: never, report: () => {} });
  assert.deepEqual(outcome(report).skipped, ['box/a: disk "d" failed', 'lid/l: box "a" was skipped']);
});

test('applying again goes on from where a failure ended', async () => {
  let broken = true;
  const during = async (action: string): Promise<void> => {
    if (broken && action === 'create disk/d') throw new Error('no space');
  };
  const cloud = new SmallCloud({ during });
  await applyPlan(await planIn(cloud), { signal: never, report: () => {} });
  broken = false;
  const report = await applyPlan(await planIn(cloud), { signal: never, report: () => {} });
  assert.deepEqual(outcome(report).applied, ['box/a', 'box/b', 'disk/d']);
});

test('after an abort nothing begins; what is under way sees the signal and is reported', async () => {
  const stop = new AbortController();
  const during = async (_action: string, { signal }: { signal: AbortSignal }): Promise<void> => {
    stop.abort();
    signal.throwIfAborted();
  };
  const cloud = new SmallCloud({ during });
  const plan = await makePlan([cloud.set('disk', thing('a'), thing('b'))], owner);
  const report = await applyPlan(plan, { signal: stop.signal, report: () => {}, concurrency: 1 });
  assert.deepEqual(outcome(report), {
    applied: [],
    failed: ['disk/a: AbortError: This operation was aborted'],
    skipped: ['disk/b: stopped before it began'],
  });
  assert.deepEqual(cloud.journal, []);
});

test('as many changes are under way as allowed, and no more', async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  const during = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      most = Math.max(most, waiting.length);
      if (waiting.length === 3) for (const go of waiting.splice(0)) go();
    });
  const cloud = new SmallCloud({ during });
  const boxes = Array.from({ length: 9 }, (_, index) => thing(`n${index}`));
  const plan = await makePlan([cloud.set('box', ...boxes)], owner);
  const report = await applyPlan(plan, { signal: never, report: () => {}, concurrency: 3 });
  assert.equal(report.applied.length, 9);
  assert.equal(most, 3);
});

test('progress tells what starts, what it waits for, and how it ends', async () => {
  const during = async (action: string, step: { waiting(forWhat: string): void }): Promise<void> => {
    step.waiting('disk is CREATING');
    if (action === 'create box/a') throw new Error('no');
  };
  const cloud = new SmallCloud({ during });
  const plan = await makePlan([cloud.set('box', thing('a', 'disk/d')), cloud.set('disk', thing('d'))], owner);
  const seen: string[] = [];
  const report = (progress: Progress): void => {
    const more = progress.type === 'waiting' ? ` ${progress.forWhat}` : '';
    seen.push(`${key(progress.change)} ${progress.type}${more}`);
  };
  await applyPlan(plan, { signal: never, report });
  assert.deepEqual(seen, [
    'disk/d started',
    'disk/d waiting disk is CREATING',
    'disk/d applied',
    'box/a started',
    'box/a waiting disk is CREATING',
    'box/a failed',
  ]);
});

test('a replacement deletes what is there and then creates it anew', async () => {
  const cloud = new SmallCloud();
  cloud.put('disk', thing('d'));
  const plan = await makePlan([cloud.set('disk', { ...thing('d'), shape: 'square' })], owner);
  const report = await applyPlan(plan, { signal: never, report: () => {} });
  assert.deepEqual(outcome(report), { applied: ['disk/d'], failed: [], skipped: [] });
  assert.deepEqual(cloud.journal, ['delete disk/d', 'create disk/d']);
});
