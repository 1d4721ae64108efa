import type { IamHandlers } from './handlers.ts';
import { profileSummary } from './instance-profile-handlers.ts';
import type { InstanceProfiles } from './instance-profiles.ts';
import { pageOf } from './paging.ts';
import { boundaryMembers, encodeDocument, identity } from './role-handlers.ts';
import { policyName } from './role-policies.ts';
import type { Role, Roles } from './roles.ts';
import { tagMembers } from './tags.ts';

const describe = (role: Role, profiles: InstanceProfiles) => ({
  ...identity(role),
  InstanceProfileList: profiles.of(role).map(profileSummary),
  RolePolicyList: [...role.inline].map(([PolicyName, { text }]) => ({
    PolicyName,
    PolicyDocument: encodeDocument(text),
  })),
  AttachedManagedPolicies: [...role.attached].map((arn) => ({ PolicyName: policyName(arn), PolicyArn: arn })),
  PermissionsBoundary: boundaryMembers(role),
  Tags: tagMembers(role.tags) ?? [],
});

/** The one call that shows roles together with their tags and inline policies. There are no users and groups here. */
export const accountHandlers = (roles: Roles, profiles: InstanceProfiles): IamHandlers => ({
  GetAccountAuthorizationDetails(input) {
    const wanted = !input.Filter?.length || input.Filter.includes('Role');
    const { page, ...rest } = pageOf(wanted ? roles.all() : [], (role) => role.name, input);
    const RoleDetailList = page.map((role) => describe(role, profiles));
    return { UserDetailList: [], GroupDetailList: [], Policies: [], RoleDetailList, ...rest };
  },
});
