import { parseFeedSettings } from '../../../jobs/messages/feed-settings.ts';
import { ContractError, type Problem, sentenceOf } from '../../../jobs/messages/json-fields.ts';
import { whyNoPattern } from '../../../jobs/patterns/field-pattern.ts';
import type { VariableValue } from '../fields.ts';
import { variableText } from '../submission.ts';
import { type Branch, nodeAt, type Path } from '../tree.ts';
import { type Report, type Rule, submissions } from './rule.ts';

const watcher = 'jobs/feed-watcher';
const variable = 'FEED_SETTINGS';

/** The watcher would refuse them when it starts, which is at night. */
export const feedSettingsAreTheWatchers: Rule = ({ config, tree, site }, report) => {
  // What references stand for is not known yet.
  if (site === undefined) return;
  const watches = (definition: string): boolean => config.jobDefinitions[definition]?.image === watcher;
  for (const [name, { environment }] of Object.entries(config.jobDefinitions))
    if (watches(name)) check(tree, ['jobDefinitions', name, 'environment', variable], environment[variable], report);
  for (const { path, submission } of submissions(config))
    if (watches(submission.jobDefinition))
      check(tree, [...path, 'environment', variable], submission.environment[variable], report);
};

function check(tree: Branch, path: Path, value: VariableValue | undefined, report: Report): void {
  if (value === undefined) return;
  try {
    parseFeedSettings(variableText(value), whyNoPattern);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    if (error.problems.length === 0) report(path, `is wrong: ${error.message}`);
    for (const problem of error.problems) reportProblem(tree, path, problem, report);
  }
}

/** A problem stands where its field was written, beside what is found there; where the settings are one text, at the variable. */
function reportProblem(tree: Branch, path: Path, problem: Problem, report: Report): void {
  const field = [...path, ...problem.path];
  if (nodeAt(tree, field) === undefined) report(path, `is wrong: ${sentenceOf(problem)}`);
  else report(field, problem.problem, problem.isUnknown ? 'name' : 'value');
}
