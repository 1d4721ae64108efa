/** What the plan jobs of a run have left as artifacts. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, setting } from './github.ts';

export type PlanLeft =
  | { readonly type: 'made'; readonly environment: string; readonly markdown: string; readonly changes: number }
  /** `reason` is empty where the job ended before it could plan. */
  | { readonly type: 'failed'; readonly environment: string; readonly reason: string };

function changesIn(file: string): number {
  const plan: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(plan) || !Array.isArray(plan['changes'])) throw new Error(`reading ${file}: it is no plan`);
  return plan['changes'].length;
}

function planLeft(folder: string, environment: string): PlanLeft {
  const [markdown = '', document = '', error = ''] = ['plan.md', 'plan.json', 'error.txt'].map((name) =>
    join(folder, `plan-${environment}`, name),
  );
  // The document is written first and the Markdown last: together they are whole.
  if (existsSync(document) && existsSync(markdown)) {
    return { type: 'made', environment, markdown: readFileSync(markdown, 'utf8'), changes: changesIn(document) };
  }
  return { type: 'failed', environment, reason: existsSync(error) ? readFileSync(error, 'utf8').trim() : '' };
}

/** One for each of $ENVIRONMENTS, in a folder with a folder for each artifact. */
export const plansLeft = (folder: string): readonly PlanLeft[] =>
  setting('ENVIRONMENTS')
    .split(' ')
    .map((environment) => planLeft(folder, environment));
