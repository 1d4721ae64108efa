/**
 * node require-reviewers.ts
 *
 * Says as the output `required` whether GitHub's environment $ENVIRONMENT has required reviewers. Private repositories
 * have them with an Enterprise plan only; GitHub makes an environment that nobody has made, without any protection.
 */
import { isObject, output, read, setting, summarize } from './github.ts';

const environment = setting('ENVIRONMENT');

const hasReviewers = (rule: unknown): boolean =>
  isObject(rule) &&
  rule['type'] === 'required_reviewers' &&
  Array.isArray(rule['reviewers']) &&
  rule['reviewers'].length > 0;

const found = await read(`/environments/${encodeURIComponent(environment)}`);
const rules = isObject(found) && Array.isArray(found['protection_rules']) ? found['protection_rules'] : [];
const required = rules.some(hasReviewers);
output('required', String(required));
if (!required) {
  summarize(
    `**Not applied to ${environment}:** its environment on GitHub has no required reviewers, so nobody would approve the plan above. To apply it, read it, then start the workflow **apply** for ${environment} by hand, from main; or require reviewers in the settings of the repository, under Environments.`,
  );
}
console.log(
  `${environment}: ${required ? 'its reviewers approve the plan' : 'no required reviewers, so a push does not apply'}`,
);
