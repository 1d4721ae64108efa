import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { actionFiles, workflowFiles } from './files.ts';
import { findingsIn } from './lint.ts';

for (const file of [...workflowFiles, ...actionFiles]) {
  test(`actionlint and GitHub's language service find nothing in ${file}`, async () => {
    assert.deepEqual(await findingsIn(file), []);
  });
}

const mistakes: readonly (readonly [title: string, file: string, from: string, to: string, found: RegExp])[] = [
  [
    'an input that a pinned action does not have',
    '.github/workflows/plan.yml',
    'persist-credentials: false',
    'persist-credential: false',
    /persist-credential/,
  ],
  ['an input that is missing', '.github/actions/plan/action.yml', 'aws-region:', 'audience:', /aws-region/],
  [
    'an expression that does not end',
    '.github/workflows/plan.yml',
    'if: github.event.pull_request.head.repo.full_name == github.repository && ',
    'if: github.event.pull_request.head.repo.full_name == && ',
    /./,
  ],
  ['a context that does not exist', '.github/workflows/trigger.yml', 'inputs.wait', 'inputs.wiat', /wiat/],
  [
    'an output of no step',
    '.github/workflows/trigger.yml',
    'steps.site.outputs.operate',
    'steps.sight.outputs.operate',
    /sight/,
  ],
  ['a job that is needed and is not there', '.github/workflows/apply.yml', 'needs: staging', 'needs: stagin', /stagin/],
  [
    'an input of the called workflow that it does not have',
    '.github/workflows/apply.yml',
    'needs-reviewer: true',
    'needs-reviewers: true',
    /needs-reviewers/,
  ],
  ['a permission that does not exist', '.github/workflows/drift.yml', 'issues: write', 'issue: write', /issue/],
  // Of this one only actionlint knows; of some above only the language service.
  [
    'a text of somebody else in the text of a script',
    '.github/workflows/plan.yml',
    'for environment in $ENVIRONMENTS',
    `for environment in \${{ github.event.pull_request.title }}`,
    /potentially untrusted/,
  ],
  ['an event that does not exist', '.github/workflows/ci.yml', 'pull_request:', 'pull_requests:', /pull_requests/],
];
for (const [title, file, from, to, found] of mistakes) {
  test(`${title} is found`, async () => {
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(from), from);
    const findings = await findingsIn(file, text.replace(from, to));
    assert.match(findings.join('\n'), found);
  });
}
