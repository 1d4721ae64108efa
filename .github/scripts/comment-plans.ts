/**
 * node comment-plans.ts FOLDER
 *
 * One comment for each environment on a pull request. A newer plan takes the place of the older one.
 */
import { change, findOwn, runUrl, setting } from './github.ts';
import { type PlanLeft, plansLeft } from './plans.ts';

const mark = (environment: string): string => `<!-- baton-plan:${environment} -->`;

/** Of a reason, in characters; the log has the rest. */
const longestReason = 20_000;

/** Indented, no text can end the block. */
const indented = (text: string): string => text.replaceAll(/^/gm, '    ');

function bodyOf(plan: PlanLeft): string {
  const commit = `<sub>of commit ${setting('COMMIT').slice(0, 10)}, by [this run](${runUrl()})</sub>`;
  switch (plan.type) {
    case 'made':
      return `${plan.markdown.trimEnd()}\n\n${commit}\n`;
    case 'failed': {
      const title = `### No plan for <code>${plan.environment}</code>: planning failed`;
      const reason = plan.reason === '' ? [] : [indented(plan.reason).slice(0, longestReason)];
      return `${[`${mark(plan.environment)}\n${title}`, ...reason, commit].join('\n\n')}\n`;
    }
    default:
      return plan satisfies never;
  }
}

const comments = `/issues/${setting('PULL_REQUEST')}/comments`;

for (const plan of plansLeft(process.argv[2] ?? '')) {
  const old = await findOwn(comments, mark(plan.environment));
  const body = { body: bodyOf(plan) };
  if (old === undefined) await change('POST', comments, body);
  else await change('PATCH', `/issues/comments/${old.id}`, body);
  console.log(`${plan.environment}: ${old === undefined ? 'commented' : 'replaced the comment'}`);
}
