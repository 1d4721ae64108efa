import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { type AccountPolicies, isAwsManaged } from './account-policies.ts';
import type { IamHandlers } from './handlers.ts';
import type { InstanceProfiles } from './instance-profiles.ts';
import { pageOf } from './paging.ts';
import { type Policy, parseTrustPolicy } from './policy.ts';
import { limitExceeded, noSuchEntity, type Role, type Roles } from './roles.ts';
import { tagMembers, tagsFrom } from './tags.ts';
import { uniqueId } from './unique-id.ts';

/** Documents travel percent-encoded (RFC 3986) in IAM's answers, though not in its requests. */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** The quota ACLSizePerRole: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
function parseTrust(text: string): Policy {
  if (text.replaceAll(/\s/g, '').length > 2048) throw limitExceeded('Cannot exceed quota for ACLSizePerRole: 2048');
  return parseTrustPolicy(text);
}

export const boundaryMembers = ({ boundary }: Role) =>
  boundary === undefined
    ? undefined
    : { PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const, PermissionsBoundaryArn: boundary };

/** What every answer shows of a role. */
export const identity = (role: Role) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: role.created,
  AssumeRolePolicyDocument: encodeDocument(role.trust.text),
});

/** A role as a list shows it; only GetRole and CreateRole add the tags and the boundary. */
export const summary = (role: Role) => ({
  ...identity(role),
  Description: role.description,
  MaxSessionDuration: role.maxSessionDuration,
});

const details = (role: Role) => ({
  ...summary(role),
  PermissionsBoundary: boundaryMembers(role),
  Tags: tagMembers(role.tags),
});

function checkDeletable(role: Role, profiles: InstanceProfiles): void {
  if (profiles.of(role).length > 0)
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.', 409);
  if (role.attached.size > 0)
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
  if (role.inline.size > 0)
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
}

/** @throws AwsError NoSuchEntity for a policy of the account's own that is not there */
function checkBoundary(policies: AccountPolicies, arn: string | undefined): void {
  if (arn === undefined || isAwsManaged(arn) || policies.has(arn)) return;
  throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
}

export const roleHandlers = (
  world: World,
  roles: Roles,
  profiles: InstanceProfiles,
  policies: AccountPolicies,
): IamHandlers => ({
  CreateRole(input) {
    checkBoundary(policies, input.PermissionsBoundary);
    const { RoleName: name, Path: path = '/' } = input;
    const role: Role = {
      name,
      path,
      id: uniqueId('AROA'),
      arn: `arn:${world.partition}:iam::${world.account}:role${path}${name}`,
      created: new Date(Math.floor(world.clock.now() / 1000) * 1000),
      description: input.Description,
      maxSessionDuration: input.MaxSessionDuration ?? 3600,
      trust: parseTrust(input.AssumeRolePolicyDocument),
      boundary: input.PermissionsBoundary,
      inline: new Map(),
      attached: new Set(),
      tags: tagsFrom(input.Tags),
    };
    roles.add(role);
    return { Role: details(role) };
  },
  GetRole: ({ RoleName }) => ({ Role: details(roles.get(RoleName)) }),
  ListRoles(input) {
    const { PathPrefix: prefix = '/' } = input;
    const found = roles.all().filter((role) => role.path.startsWith(prefix));
    const { page, ...rest } = pageOf(found, (role) => role.name, input);
    return { Roles: page.map(summary), ...rest };
  },
  UpdateAssumeRolePolicy({ RoleName, PolicyDocument }) {
    roles.get(RoleName).trust = parseTrust(PolicyDocument);
    return {};
  },
  UpdateRole(input) {
    const role = roles.get(input.RoleName);
    role.description = input.Description ?? role.description;
    role.maxSessionDuration = input.MaxSessionDuration ?? role.maxSessionDuration;
    return {};
  },
  PutRolePermissionsBoundary({ RoleName, PermissionsBoundary }) {
    const role = roles.get(RoleName);
    checkBoundary(policies, PermissionsBoundary);
    role.boundary = PermissionsBoundary;
    return {};
  },
  DeleteRolePermissionsBoundary({ RoleName }) {
    roles.get(RoleName).boundary = undefined;
    return {};
  },
  DeleteRole({ RoleName }) {
    const role = roles.get(RoleName);
    checkDeletable(role, profiles);
    roles.remove(role);
    return {};
  },
});
