import {
  type AttachedPolicy,
  GetRoleCommand,
  GetRolePolicyCommand,
  type InstanceProfile,
  type PolicyDetail,
  paginateGetAccountAuthorizationDetails,
  paginateListAttachedRolePolicies,
  paginateListInstanceProfilesForRole,
  paginateListRolePolicies,
  type RoleDetail,
} from '@aws-sdk/client-iam';
import { inBulk } from '../aws/bulk.ts';
import type { Aws } from '../aws/clients.ts';
import { atOnce, mapConcurrently } from '../aws/concurrency.ts';
import { found } from '../aws/errors.ts';
import { completed, oursOrNamed, ownerIn } from '../aws/ownership.ts';
import type { Listing, Observed } from '../reconcile/kind.ts';

const observe = (live: RoleDetail): Observed<RoleDetail> => ({
  name: live.RoleName ?? '',
  live,
  owner: ownerIn(live.Tags),
});

async function readInline(aws: Aws, RoleName: string): Promise<PolicyDetail[]> {
  const policies: PolicyDetail[] = [];
  for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: aws.iam }, { RoleName })) {
    policies.push(
      ...(await mapConcurrently(PolicyNames, atOnce, (PolicyName) =>
        aws.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
      )),
    );
  }
  return policies;
}

async function readAttached(aws: Aws, RoleName: string): Promise<Pick<RoleDetail, 'AttachedManagedPolicies'>> {
  const AttachedManagedPolicies: AttachedPolicy[] = [];
  for await (const page of paginateListAttachedRolePolicies({ client: aws.iam }, { RoleName })) {
    AttachedManagedPolicies.push(...(page.AttachedPolicies ?? []));
  }
  return { AttachedManagedPolicies };
}

async function readProfiles(aws: Aws, RoleName: string): Promise<Pick<RoleDetail, 'InstanceProfileList'>> {
  const InstanceProfileList: InstanceProfile[] = [];
  for await (const page of paginateListInstanceProfilesForRole({ client: aws.iam }, { RoleName })) {
    InstanceProfileList.push(...(page.InstanceProfiles ?? []));
  }
  return { InstanceProfileList };
}

/** One role as the listing would have it. Its tags come with it, its policies and profiles do not. */
async function readRole(aws: Aws, RoleName: string): Promise<Observed<RoleDetail> | undefined> {
  aws.signal.throwIfAborted();
  const parts = Promise.all([
    aws.iam.send(new GetRoleCommand({ RoleName })),
    readInline(aws, RoleName),
    readAttached(aws, RoleName),
    readProfiles(aws, RoleName),
  ]);
  const answers = await found(parts);
  if (answers === undefined) return undefined;
  const [{ Role }, RolePolicyList, attached, profiles] = answers;
  return observe({ ...Role, RolePolicyList, ...attached, ...profiles });
}

async function readRoles(aws: Aws, names: readonly string[]): Promise<Observed<RoleDetail>[]> {
  const roles = await mapConcurrently(names, atOnce, (name) => readRole(aws, name));
  return roles.filter((role) => role !== undefined);
}

/**
 * Every role that is ours or named. The tagging API leaves IAM out; this is the one call that brings tags and inline
 * policies of many roles, and one that not everybody may make.
 */
export async function listRoles(aws: Aws, names: readonly string[]): Promise<Listing<RoleDetail>> {
  const { byName, refused } = await inBulk(aws, {
    doing: 'listing roles',
    pages: paginateGetAccountAuthorizationDetails({ client: aws.iam, pageSize: 1000 }, { Filter: ['Role'] }),
    items: ({ RoleDetailList }) => RoleDetailList,
    nameOf: ({ RoleName }) => RoleName,
  });
  const listed = [...byName.values()].map(observe);
  const all = await completed(names, listed, (missing) => readRoles(aws, missing));
  const listing = oursOrNamed(aws, names, all);
  return refused === undefined ? listing : { observed: listing.observed, unseen: refused };
}
