import assert from 'node:assert/strict';
import test from 'node:test';
import type { Change, Plan } from '../../scripts/reconcile/change.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { renderMarkdown } from '../../scripts/reconcile/render/markdown.ts';
import { owner, SmallCloud, thing } from './small-cloud.ts';

const options = { environment: 'staging', whole: 'the log' };

async function mixedPlan(): Promise<Plan> {
  const cloud = new SmallCloud();
  cloud.put('disk', { ...thing('b'), size: 3 });
  cloud.put('disk', thing('old'));
  return makePlan([cloud.set('box', thing('a')), cloud.set('disk', thing('b'))], owner);
}

const creating = (desired: Record<string, string>, name = 'x'): Change => ({
  ...{ action: 'create', ref: { kind: 'disk', name }, after: [], desired, perform: async () => {} },
});

const planOf = (changes: readonly Change[], more: Partial<Plan> = {}): Plan => ({
  ...{ owner, changes, unchanged: 0, owned: 0, notes: [], situation: {}, digest: 'f'.repeat(64) },
  ...more,
});

test('a pull request sees counts, and each change as a diff', async () => {
  const plan = await mixedPlan();
  assert.equal(
    renderMarkdown(plan, options),
    `<!-- baton-plan:staging -->
### Plan for <code>shop/test</code>: 1 to create, 1 to update, 1 to delete; 0 unchanged

<b>+ create</b> box <code>a</code>

\`\`\`diff
+ shape: "round"
+ size:  1
\`\`\`

<b>~ update</b> disk <code>b</code>

\`\`\`diff
- size: 3
+ size: 1
\`\`\`

<b>- delete</b> disk <code>old</code>

\`\`\`diff
# is ours and not in config
\`\`\`

<sub>digest <code>${plan.digest.slice(0, 16)}</code></sub>
`,
  );
});

test('no changes are one line', () => {
  assert.equal(
    renderMarkdown(planOf([], { unchanged: 7 }), options),
    '<!-- baton-plan:staging -->\nNo changes: <code>shop/test</code> is as the config wants it; 7 unchanged.\n',
  );
});

test('long details are folded', () => {
  const desired = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`field${index}`, 'x']));
  assert.match(
    renderMarkdown(planOf([creating(desired)]), options),
    /<details><summary><b>\+ create<\/b> disk <code>x<\/code> \(30 lines\)<\/summary>\n\n```diff\n\+ field0: /,
  );
});

test('no value breaks out of its block, and no name out of its line', () => {
  const evil = '```\n</details>\n<script>\n# heading @team';
  const text = renderMarkdown(planOf([creating({ value: evil, [evil]: 'x' }, `${evil}|`)], { notes: [evil] }), options);
  const lines = text.split('\n');
  const fence = '````';
  const [open, close] = [lines.indexOf(`${fence}diff`), lines.indexOf(fence)];
  assert.ok(open > 0 && close > open, text);
  const outside = [...lines.slice(1, open), ...lines.slice(close + 1)].join('\n');
  assert.doesNotMatch(outside, /`|<\/?(details|script)|@team|\|/);
  assert.deepEqual(
    lines.slice(open + 1, close).filter((line) => !line.startsWith('+ ')),
    [],
  );
});

test('what is refused and what could not be seen comes before the changes', () => {
  const lost: Change = {
    ...{ action: 'delete', ref: { kind: 'bucket', name: 'b' }, after: [], live: {}, perform: async () => {} },
    loss: { what: '12 objects', permit: 'objects' },
  };
  assert.match(
    renderMarkdown(planOf([lost], { notes: ['roles could not be listed'] }), options),
    /1 to delete; 0 unchanged\n\n> \*\*apply will refuse this:\*\* bucket "b" would be deleted with 12 objects; say --delete-objects to permit it\n\n> \*\*note:\*\* roles could not be listed\n\n<b>- delete/,
  );
});

test('a plan that is too long is cut between changes, with its marker, and says where the rest is', () => {
  const changes = Array.from({ length: 500 }, (_, index) =>
    creating({ value: 'y'.repeat(110), more: 'z'.repeat(110) }, `disk-${index}`),
  );
  const text = renderMarkdown(planOf(changes), options);
  assert.ok(text.length > 50_000 && text.length <= 60_000, `${text.length} characters`);
  assert.match(text, /^<!-- baton-plan:staging -->\n/);
  const shown = text.match(/<b>\+ create/g)?.length ?? 0;
  assert.ok(text.includes(`**${500 - shown} of 500 changes are not shown here; all of the plan: the log**`));
  assert.equal(text.match(/^```/gm)?.length, 2 * shown);
});

test('neither many remarks nor a single huge change make it longer than a comment may be', () => {
  const desired = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`field${index}`, 'x'.repeat(50)]));
  const notes = Array.from({ length: 400 }, (_, index) => `note ${index} ${'n'.repeat(200)}`);
  const text = renderMarkdown(planOf([creating(desired)], { notes }), options);
  assert.ok(text.length <= 60_000, `${text.length} characters`);
  assert.match(text, /\*\*\d+ remarks and 1 of 1 changes are not shown here/);
});
