import assert from 'node:assert/strict';
import test from 'node:test';
import { repository } from './fake-github.ts';
import { readWorkflow } from './files.ts';
import { type Contexts, holds, interpolated } from './runner/expressions.ts';

const well = { success: true, failure: false };

const plan = readWorkflow('.github/workflows/plan.yml').jobs;
const apply = readWorkflow('.github/workflows/apply.yml').jobs;
const applyOne = readWorkflow('.github/workflows/apply-environment.yml').jobs;

/** Of a pull request that somebody opened from a repository. */
const opened = (login: string, from: string): Contexts => ({
  github: { repository, event: { pull_request: { user: { login }, head: { repo: { full_name: from } } } } },
});

for (const [title, contexts, isPlanned] of [
  ['of this repository', opened('somebody', repository), true],
  ['of a fork', opened('somebody', 'other/operations'), false],
  ['of Dependabot', opened('dependabot[bot]', repository), false],
] as const) {
  test(`a pull request ${title} ${isPlanned ? 'is planned' : 'is validated only, and told why'}`, () => {
    assert.equal(holds(plan['plan']?.if, contexts, well), isPlanned);
    const note = plan['validate']?.steps.find(({ name }) => name === 'Say why there is no plan');
    assert.equal(holds(note?.if, contexts, well), !isPlanned);
    assert.equal(holds(plan['comment']?.if, contexts, { success: isPlanned, failure: false }), isPlanned);
  });
}

test('a plan that failed, or that a config which is not valid has kept from being made, is told in a comment as well', () => {
  const contexts = opened('somebody', repository);
  assert.equal(holds(plan['comment']?.if, contexts, { success: false, failure: true }), true);
  assert.equal(holds(plan['comment']?.if, contexts, { success: false, failure: false }), true);
});

for (const [staging, environment, isApplied] of [
  ['success', '', true],
  ['skipped', '', true],
  ['failure', '', false],
  ['cancelled', '', false],
  ['success', 'all', true],
  ['skipped', 'production', true],
  ['success', 'staging', false],
] as const) {
  test(`with staging "${staging}" and "${environment}" chosen, production ${isApplied ? 'is' : 'is not'} next`, () => {
    const contexts = { inputs: environment === '' ? {} : { environment }, needs: { staging: { result: staging } } };
    const standing = { success: staging === 'success', failure: staging === 'failure' };
    assert.equal(holds(apply['production']?.if, contexts, standing), isApplied);
  });
}

test('production alone can be chosen', () => {
  assert.equal(holds(apply['staging']?.if, { inputs: { environment: 'production' } }, well), false);
  assert.equal(holds(apply['staging']?.if, { inputs: {} }, well), true);
});

const reviewersAsked = (event: string, needsReviewer: boolean, changes: string): boolean =>
  holds(
    applyOne['plan']?.steps.find(({ id }) => id === 'reviewers')?.if,
    {
      github: { event_name: event },
      inputs: { 'needs-reviewer': needsReviewer },
      steps: { plan: { outputs: { changes } } },
    },
    well,
  );

test('reviewers are asked for where a push would apply to production, and not where somebody starts it by hand', () => {
  assert.equal(reviewersAsked('push', true, 'true'), true);
  assert.equal(reviewersAsked('push', false, 'true'), false);
  assert.equal(reviewersAsked('push', true, 'false'), false);
  assert.equal(reviewersAsked('workflow_dispatch', true, 'true'), false);
});

test('a plan is applied where it changes something and nobody is missing who would approve it', () => {
  const isApplied = (changes: string, outcome: string, required?: string): string =>
    interpolated(applyOne['plan']?.outputs['apply'] ?? '', {
      steps: { plan: { outputs: { changes } }, reviewers: { outcome, outputs: required ? { required } : {} } },
    });
  assert.deepEqual(
    [
      isApplied('true', 'skipped'),
      isApplied('false', 'skipped'),
      isApplied('true', 'success', 'true'),
      isApplied('true', 'success', 'false'),
    ],
    ['true', 'false', 'true', 'false'],
  );
});
