import { GetRoleCommand } from '@aws-sdk/client-iam';
import type { Aws } from '../aws/clients.ts';
import { mapConcurrently } from '../aws/concurrency.ts';
import { found } from '../aws/errors.ts';
import { names, type Site } from '../config/names.ts';
import { parsePolicy } from '../kinds/policy.ts';
import { PlanError } from '../reconcile/errors.ts';
import { github, type Repository } from './trust.ts';

/** The subjects of the tokens that a role takes; none where there is no such role. */
async function subjectsOf(aws: Aws, RoleName: string): Promise<readonly string[]> {
  const encoded = (await found(aws.iam.send(new GetRoleCommand({ RoleName }))))?.Role?.AssumeRolePolicyDocument;
  if (encoded === undefined) return [];
  // IAM returns its documents URL-encoded.
  const { Statement } = parsePolicy(decodeURIComponent(encoded));
  return Statement.flatMap(({ Condition }) => Condition?.['StringEquals']?.[`${github.host}:sub`] ?? []);
}

function idsIn(subject: string, { owner, name }: Repository): string[] {
  const [, ownerThere, ownerId, nameThere, id] = /^repo:([\w.-]+)@(\d+)\/([\w.-]+)@(\d+):/.exec(subject) ?? [];
  return ownerThere === owner && nameThere === name ? [`${ownerId} ${id}`] : [];
}

/**
 * The ids by which the roles of an environment trust a repository already: who repeats a bootstrap without saying them
 * does not mean to lock its jobs out. Throws PlanError where the roles do not agree.
 */
export async function trustedIds(aws: Aws, site: Site, repository: Repository): Promise<Repository['ids']> {
  const roles = (['plan', 'apply', 'operate'] as const).map((role) => names.githubRole(site, role));
  const subjects = (await mapConcurrently(roles, roles.length, (role) => subjectsOf(aws, role))).flat();
  const [ids, ...others] = new Set(subjects.flatMap((subject) => idsIn(subject, repository)));
  if (ids === undefined) return undefined;
  const path = `${repository.owner}/${repository.name}`;
  if (others.length > 0) {
    const each = [ids, ...others].map((pair) => pair.replace(' ', ' and ')).join('; ');
    throw new PlanError([
      `reading whom the roles of GitHub trust: they know ${path} by more than one owner's and repository's id (${each}); ` +
        `say which with --owner-id and --repository-id: gh api repos/${path} --jq '[.owner.id,.id]'`,
    ]);
  }
  const [owner, id] = ids.split(' ').map(Number);
  return owner === undefined || id === undefined ? undefined : { owner, repository: id };
}
