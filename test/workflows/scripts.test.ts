import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { builtScript } from '../support/built-script.ts';
import { variables } from '../support/run-here.ts';
import { FakeGitHub, repository, tokenWith } from './fake-github.ts';

let runs = 0;

/** Runs a script to its end as node would, but in this process. Returns what it printed; throws what it threw. */
async function runScript(t: TestContext, name: string, folder: string): Promise<string> {
  const lines: string[] = [];
  const log = t.mock.method(console, 'log', (line: string) => void lines.push(line));
  const args = process.argv;
  process.argv = [process.execPath, name, folder];
  try {
    // A module runs once for each of its addresses.
    await import(`${pathToFileURL(builtScript(name, '.github/scripts')).href}?${++runs}`);
  } finally {
    process.argv = args;
    log.mock.restore();
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** A folder, and a script to run with it as a step does. */
async function world(t: TestContext) {
  const github = await FakeGitHub.start();
  const folder = mkdtempSync(join(tmpdir(), 'baton-scripts-'));
  t.after(async () => {
    await github[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  variables(t, {
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: '7',
    GITHUB_TOKEN: tokenWith({ actions: 'read', issues: 'write' }),
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  });
  const script = (name: string, more: Readonly<Record<string, string>> = {}): Promise<string> => {
    variables(t, more);
    return runScript(t, name, folder);
  };
  const plan = (environment: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(join(folder, `plan-${environment}`), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `plan-${environment}`, name), text);
  };
  return { github, folder, script, plan };
}

const pullRequest = { PULL_REQUEST: '3', COMMIT: '0123456789abcdef', ENVIRONMENTS: 'staging production' };
const byline = '<sub>of commit 0123456789, by [this run](https://github.com/acme/operations/actions/runs/7)</sub>\n';

test('of many comments the one of ours is replaced, and not what somebody else began with the same mark', async (t) => {
  const { github, script, plan } = await world(t);
  const mark = '<!-- baton-plan:staging -->';
  github.addComment(3, `${mark}\nnot ours`, 'somebody');
  for (let number = 0; number < 120; number++) github.addComment(3, `comment ${number}`);
  const ours = github.addComment(3, `${mark}\nold`);
  plan('staging', { 'plan.md': `${mark}\nnew\n`, 'plan.json': '{"changes":[]}' });
  plan('production', { 'error.txt': 'config/topics.yaml:3:1 ```is``` wrong\nnothing was done\n' });
  await script('comment-plans', pullRequest);
  assert.deepEqual(github.changes, [`PATCH /issues/comments/${ours.id}`, 'POST /issues/3/comments']);
  assert.equal(ours.body, `${mark}\nnew\n\n${byline}`);
  assert.equal(github.bodies(3)[0], `${mark}\nnot ours`);
  assert.equal(
    github.bodies(3).at(-1),
    `<!-- baton-plan:production -->\n### No plan for <code>production</code>: planning failed\n\n    config/topics.yaml:3:1 \`\`\`is\`\`\` wrong\n    nothing was done\n\n${byline}`,
  );
});

test('an environment whose job never came to plan loses the plan of before', async (t) => {
  const { github, script } = await world(t);
  const ours = github.addComment(3, '<!-- baton-plan:staging -->\nold');
  await script('comment-plans', { ...pullRequest, ENVIRONMENTS: 'staging' });
  assert.match(ours.body, /planning failed\n\n<sub>/);
});

test('what GitHub refuses is told', async (t) => {
  const { script } = await world(t);
  await assert.rejects(script('comment-plans', { ...pullRequest, GITHUB_TOKEN: 'wrong' }), (error: Error) => {
    assert.match(
      error.message,
      /asking GitHub to GET \/issues\/3\/comments\?per_page=100&page=1: 401 .*Bad credentials/,
    );
    return true;
  });
});

test('drift has one issue, which stays where planning fails, and which only the end of the drift closes', async (t) => {
  const { github, script, plan } = await world(t);
  github.addIssue('<!-- baton-drift:staging -->', { pull_request: {} });
  const ENVIRONMENTS = 'staging production';
  plan('staging', { 'plan.md': 'three\n', 'plan.json': '{"changes":[1,2,3]}' });
  plan('production', { 'plan.md': 'none\n', 'plan.json': '{"changes":[]}' });
  assert.equal(
    await script('report-drift', { ENVIRONMENTS }),
    'staging: 3 differences, issue opened\nproduction: no drift\n',
  );
  const issue = github.issues[1] ?? assert.fail();
  assert.deepEqual([issue.title, github.issues.length], ['Drift in staging', 2]);
  assert.match(issue.body, /^<!-- baton-drift:staging -->\n[\s\S]*\nthree\n/);
  plan('staging', { 'plan.md': 'one\n', 'plan.json': '{"changes":[1]}' });
  assert.match(await script('report-drift', { ENVIRONMENTS }), /staging: 1 differences, issue 2 updated/);
  assert.match(issue.body, /\none\n/);
  assert.match(await script('report-drift', { ENVIRONMENTS: 'other staging' }), /^other: planning failed/);
  plan('staging', { 'plan.md': 'none\n', 'plan.json': '{"changes":[]}' });
  assert.match(await script('report-drift', { ENVIRONMENTS }), /staging: no drift any more, issue 2 closed/);
  assert.equal(issue.state, 'closed');
  assert.deepEqual(github.changes.slice(-2), ['POST /issues/2/comments', 'PATCH /issues/2']);
});

test('production waits for a person where GitHub knows no reviewers of it', async (t) => {
  const { github, folder, script } = await world(t);
  const required = async (): Promise<string> => {
    rmSync(join(folder, 'output'), { force: true });
    await script('require-reviewers', { ENVIRONMENT: 'production' });
    return readFileSync(join(folder, 'output'), 'utf8');
  };
  assert.equal(await required(), 'required=false\n');
  github.reviewers.set('production', 0);
  assert.equal(await required(), 'required=false\n');
  assert.match(
    readFileSync(join(folder, 'summary'), 'utf8'),
    /^\*\*Not applied to production:\*\* .* by hand, from main/,
  );
  github.reviewers.set('production', 1);
  assert.equal(await required(), 'required=true\n');
});
