import type { Site } from '../config/names.ts';
import type { Repository } from './trust.ts';

const fullName = ({ owner, name }: Repository): string => `${owner}/${name}`;

const idSteps = (repository: Repository): string[] =>
  repository.ids === undefined
    ? [
        'Tokens of a repository that was made or renamed on or after 15 July 2026 name it by its ids too, and are not trusted yet.',
        'Find the ids, and run this again with --owner-id and --repository-id:',
        `  gh api repos/${fullName(repository)} --jq '[.owner.id,.id]'`,
        '',
      ]
    : [];

/**
 * What is left to do on GitHub, as commands. Reviewers are users by their ids; the first is who runs them. No variable is
 * needed: what a job acts as follows from the config.
 * https://docs.github.com/en/rest/deployments/environments
 */
export function githubSteps({ environment }: Site, repository: Repository): string {
  const path = `repos/${fullName(repository)}/environments/${environment}`;
  const settings = (reviewers: string): string =>
    `{${reviewers}"deployment_branch_policy":{"protected_branches":false,"custom_branch_policies":true}}`;
  return [
    ...idSteps(repository),
    `On GitHub, once: the environment ${environment}, which only main deploys to, and only when you have approved the plan:`,
    `  gh api -X PUT ${path} --input - <<JSON`,
    `  ${settings('"reviewers":[{"type":"User","id":$(gh api user --jq .id)}],')}`,
    '  JSON',
    `  gh api -X POST ${path}/deployment-branch-policies -f name=main`,
    '',
    'GitHub refuses reviewers in a private repository without GitHub Enterprise. Then leave them out:',
    `  gh api -X PUT ${path} --input - <<JSON`,
    `  ${settings('')}`,
    '  JSON',
    'apply.yml does not apply to production on a push as long as nobody has to approve it: start it by hand, from main, once',
    'you have read the plan:',
    `  gh workflow run apply.yml --ref main -f environment=${environment}`,
  ].join('\n');
}
