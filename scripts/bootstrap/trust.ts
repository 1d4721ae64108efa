import { arns, type GithubRole, type Site } from '../config/names.ts';
import { type Policy, policy } from '../kinds/policy.ts';

/** Who signs the tokens of GitHub's jobs, and whom those are for that AWS takes. */
export const github = { host: 'token.actions.githubusercontent.com', audience: 'sts.amazonaws.com' } as const;

/** A repository on GitHub. */
export interface Repository {
  /** `acme` of `acme/feeds` */
  readonly owner: string;
  readonly name: string;
  /** What a token names it by if it was made, or renamed, on or after 15 July 2026; a name can be given to another, an id cannot. */
  readonly ids: { readonly owner: number; readonly repository: number } | undefined;
}

const main = 'refs/heads/main';

/** How a subject begins, in the older form and, once the ids are known, in the newer one. */
const beginnings = ({ owner, name, ids }: Repository): readonly string[] => [
  `repo:${owner}/${name}`,
  ...(ids === undefined ? [] : [`repo:${owner}@${ids.owner}/${name}@${ids.repository}`]),
];

/**
 * Which jobs may act as a role. A job that names an environment has that for its subject, whatever its branch; so the
 * apply role asks for the branch besides, and does not depend on how the environment is protected. The operate role is for
 * jobs without an environment, which wait for nobody's approval.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
function contextsOf(role: GithubRole, environment: string): readonly string[] {
  switch (role) {
    case 'plan':
      return ['pull_request', `ref:${main}`];
    case 'apply':
      return [`environment:${environment}`];
    case 'operate':
      return [`ref:${main}`];
  }
}

/** Lets jobs of the repository act as a role. Every condition is an equality: a pattern would let in what nobody thought of. */
export function trustIn(site: Site, role: GithubRole, repository: Repository): Policy {
  const subjects = beginnings(repository).flatMap((beginning) =>
    contextsOf(role, site.environment).map((context) => `${beginning}:${context}`),
  );
  return policy({
    Effect: 'Allow',
    Principal: { Federated: arns.identityProvider(site, github.host) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${github.host}:aud`]: github.audience,
        [`${github.host}:sub`]: subjects,
        ...(role === 'apply' && { [`${github.host}:ref`]: main }),
      },
    },
  });
}
