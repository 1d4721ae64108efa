import { appendFileSync } from 'node:fs';
import { planDocument } from '../../reconcile/render/document.ts';
import { renderMarkdown } from '../../reconcile/render/markdown.ts';
import { renderPlan } from '../../reconcile/render/text.ts';
import type { CommonFlags } from '../options.ts';
import { planText, writeFile } from '../plan-file.ts';
import { withEnvironment } from '../session.ts';

interface PlanFlags extends CommonFlags {
  readonly json?: boolean;
  readonly markdown?: string;
  readonly summary?: string;
  readonly out?: string;
}

/** GitHub takes summaries of 1 MiB; a character may be more than one byte. */
const summaryLimit = 900_000;

/** Where a reader of a plan that was cut finds all of it. */
function wholePlan(environment: string, variables: NodeJS.ProcessEnv = process.env): string {
  const [server, repository, run] = ['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'].map(
    (name) => variables[name],
  );
  const command = `\`npm run reconcile -- plan --environment ${environment}\``;
  return server && repository && run
    ? `[this run](${server}/${repository}/actions/runs/${run}), or ${command}`
    : command;
}

/** Shows what apply would do. Exit code 2 where that is something. */
export async function plan(flags: PlanFlags): Promise<void> {
  await withEnvironment(flags, async (environment) => {
    const made = await environment.plan();
    const { environment: name } = environment.loaded.site;
    if (flags.out !== undefined) writeFile('the plan', flags.out, `${planText(planDocument(made))}\n`);
    const options = { environment: name, whole: wholePlan(name) };
    if (flags.markdown !== undefined) writeFile('the plan', flags.markdown, renderMarkdown(made, options));
    if (flags.summary !== undefined) {
      appendFileSync(flags.summary, renderMarkdown(made, { ...options, limit: summaryLimit }));
    }
    console.log(flags.json ? planText(planDocument(made)) : renderPlan(made));
    if (made.changes.length > 0) process.exitCode = 2;
  });
}
