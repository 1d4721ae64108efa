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

/** What apply.yml does where nobody has to approve a plan. */
const unasked = (environment: string): string[] =>
  environment === 'production'
    ? [
        'apply.yml then does not apply to production on a push. Read the plan, and start it by hand, from main:',
        `  gh workflow run apply.yml --ref main -f environment=${environment}`,
      ]
    : [`A push to main is then applied to ${environment} without asking anybody.`];

/**
 * What is left to do on GitHub, as commands. A reviewer is a user by their id: who runs them, to begin with. No variable
 * is needed: what a job acts as follows from the config.
 * https://docs.github.com/en/rest/deployments/environments
 */
export function githubSteps({ environment }: Site, repository: Repository): string {
  const path = `repos/${fullName(repository)}/environments/${environment}`;
  const branches = '"deployment_branch_policy":{"protected_branches":false,"custom_branch_policies":true}';
  return [
    ...idSteps(repository),
    `On GitHub, once: the environment ${environment}, which waits until you have approved the plan, and takes only main:`,
    `  gh api user --jq '{"reviewers":[{"type":"User","id":.id}],${branches}}' | gh api -X PUT ${path} --input -`,
    `  gh api -X POST ${path}/deployment-branch-policies -f name=main`,
    '',
    'In a private repository GitHub takes reviewers with an Enterprise plan only. Where it refuses, leave them out:',
    `  echo '{${branches}}' | gh api -X PUT ${path} --input -`,
    ...unasked(environment),
  ].join('\n');
}
