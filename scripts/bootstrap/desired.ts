import type { Aws } from '../aws/clients.ts';
import { written } from '../config/issue.ts';
import type { LoadedConfig } from '../config/load.ts';
import { arns, type GithubRole, names } from '../config/names.ts';
import { boundaryOf, managedLimit } from '../desired/boundary.ts';
import { identityProviderKind } from '../kinds/identity-provider.ts';
import { managedPolicyKind } from '../kinds/managed-policy.ts';
import type { Policy } from '../kinds/policy.ts';
import { PlanError } from '../reconcile/errors.ts';
import { type ResourceSet, resourceSet } from '../reconcile/resource-set.ts';
import { type GithubRoleSpec, githubRoleKind } from './github-role.ts';
import { inlineLimit, permissionsOfRole, policyOf } from './policies.ts';
import type { Reached } from './reaches.ts';
import { github, type Repository, trustIn } from './trust.ts';

const hour = 3_600;

/** As long as GitHub lets a job run; a plan needs minutes, an apply that waits for AWS may take more than an hour. */
const longestSessions: Readonly<Record<GithubRole, number>> = { plan: hour, apply: 2 * hour, operate: 6 * hour };

/** Roles of GitHub would be within reach of who may change those of the environment. */
function refusePrefix({ site, placeOf }: LoadedConfig): void {
  if (!/^github(?:-|$)/.test(site.prefix)) return;
  throw new PlanError([
    `planning the roles of GitHub: the prefix "${site.prefix}" (${written(placeOf(['prefix']))}) begins as their own names do; choose another one`,
  ]);
}

/** The name of the policy that bounds roles. Throws PlanError where an environment has none. */
export function boundaryName({ site, environment: { permissionsBoundary } }: LoadedConfig): string {
  if (permissionsBoundary !== undefined) return permissionsBoundary;
  throw new PlanError([
    `planning the roles of GitHub: environment "${site.environment}" does not say what bounds its roles, and who may make ` +
      `roles without bounds may do everything; write permissionsBoundary: github-${site.prefix}-boundary into its file`,
  ]);
}

function refuseOverLimit(what: string, document: Policy, limit: number): void {
  const size = JSON.stringify(document).length;
  if (size <= limit) return;
  throw new PlanError([
    `planning ${what}: it would have ${size} characters, and IAM takes ${limit}; most likely config names many things that ` +
      'do not bear its prefix: secrets, keys, what was given a name of its own',
  ]);
}

function roleSpec(reached: Reached, role: GithubRole, repository: Repository): GithubRoleSpec {
  const name = names.githubRole(reached.site, role);
  const calls = policyOf(reached, permissionsOfRole(role));
  refuseOverLimit(`the policy of role "${name}"`, calls, inlineLimit);
  return {
    name,
    trust: trustIn(reached.site, role, repository),
    inline: { calls },
    managed: [],
    longestSession: longestSessions[role],
  };
}

/** What jobs of the repository need to work with an environment: all of it follows from config. Throws PlanError. */
export function bootstrapSets(aws: Aws, loaded: LoadedConfig, repository: Repository): readonly ResourceSet[] {
  refusePrefix(loaded);
  const { site, config } = loaded;
  const name = boundaryName(loaded);
  const document = boundaryOf(site, config);
  refuseOverLimit(`policy "${name}"`, document, managedLimit);
  const reached = { site, config, boundary: arns.policy(site, name) };
  const roles = (['plan', 'apply', 'operate'] as const).map((role) => roleSpec(reached, role, repository));
  return [
    resourceSet(identityProviderKind(aws, github.audience), [{ name: github.host, audience: github.audience }]),
    resourceSet(managedPolicyKind(aws), [{ name, document }]),
    resourceSet(githubRoleKind(aws), roles),
  ];
}
