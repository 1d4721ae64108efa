/**
 * node report-drift.ts FOLDER
 *
 * One issue for each environment that differs from its config, as long as it does.
 */
import { change, findOwn, runUrl } from './github.ts';
import { type PlanLeft, plansLeft } from './plans.ts';

const mark = (environment: string): string => `<!-- baton-drift:${environment} -->`;

const bodyOf = (environment: string, markdown: string): string => `${mark(environment)}
What runs in \`${environment}\` is not what the config on main says. Either it was changed in AWS behind the config, or an apply is still to be approved or did not finish.

To have it as the config says, start the workflow **apply** for \`${environment}\`. To keep it, write it into \`config/\` with a pull request. This issue is closed by itself when the difference is gone.

${markdown.trimEnd()}

<sub>found by [this run](${runUrl()})</sub>
`;

async function report(plan: PlanLeft): Promise<string> {
  const { environment } = plan;
  if (plan.type === 'failed') return 'planning failed, its issue stays as it is';
  const open = await findOwn('/issues?state=open', mark(environment));
  if (plan.changes > 0) {
    const body = bodyOf(environment, plan.markdown);
    if (open === undefined) await change('POST', '/issues', { title: `Drift in ${environment}`, body });
    else await change('PATCH', `/issues/${open.number}`, { body });
    return `${plan.changes} differences, ${open === undefined ? 'issue opened' : `issue ${open.number} updated`}`;
  }
  if (open === undefined) return 'no drift';
  await change('POST', `/issues/${open.number}/comments`, {
    body: `The difference is gone, says [this run](${runUrl()}).`,
  });
  await change('PATCH', `/issues/${open.number}`, { state: 'closed', state_reason: 'completed' });
  return `no drift any more, issue ${open.number} closed`;
}

for (const plan of plansLeft(process.argv[2] ?? '')) console.log(`${plan.environment}: ${await report(plan)}`);
