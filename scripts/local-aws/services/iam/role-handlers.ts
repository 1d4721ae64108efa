import { randomBytes } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { IamHandlers } from './handlers.ts';
import { pageOf } from './paging.ts';
import { type Policy, parseTrustPolicy } from './policy.ts';
import { checkTags } from './role-tags.ts';
import { limitExceeded, type Role, type Roles } from './roles.ts';

/** Documents travel percent-encoded (RFC 3986) in IAM's answers, though not in its requests. */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** IAM's unique ids: a prefix for the kind and 17 characters of base 32. */
const roleId = (): string =>
  `AROA${[...randomBytes(17)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')}`;

/** The quota ACLSizePerRole: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
function parseTrust(text: string): Policy {
  if (text.replaceAll(/\s/g, '').length > 2048) throw limitExceeded('Cannot exceed quota for ACLSizePerRole: 2048');
  return parseTrustPolicy(text);
}

export const tagMembers = (role: Role) => [...role.tags].map(([Key, Value]) => ({ Key, Value }));

export const boundaryMembers = ({ boundary }: Role) =>
  boundary === undefined
    ? undefined
    : { PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const, PermissionsBoundaryArn: boundary };

/** A role as a list shows it; only GetRole and CreateRole add the tags and the boundary. */
const summary = (role: Role) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: role.created,
  AssumeRolePolicyDocument: encodeDocument(role.trust.text),
  Description: role.description,
  MaxSessionDuration: role.maxSessionDuration,
});

const details = (role: Role) => ({
  ...summary(role),
  PermissionsBoundary: boundaryMembers(role),
  Tags: role.tags.size > 0 ? tagMembers(role) : undefined,
});

function checkDeletable(role: Role): void {
  if (role.attached.size > 0)
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
  if (role.inline.size > 0)
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
}

export const roleHandlers = (world: World, roles: Roles): IamHandlers => ({
  CreateRole(input) {
    const { RoleName: name, Path: path = '/' } = input;
    const role: Role = {
      name,
      path,
      id: roleId(),
      arn: `arn:${world.partition}:iam::${world.account}:role${path}${name}`,
      created: new Date(Math.floor(world.clock.now() / 1000) * 1000),
      description: input.Description,
      maxSessionDuration: input.MaxSessionDuration ?? 3600,
      trust: parseTrust(input.AssumeRolePolicyDocument),
      boundary: input.PermissionsBoundary,
      inline: new Map(),
      attached: new Set(),
      tags: new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    };
    checkTags(role.tags);
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
  DeleteRole({ RoleName }) {
    const role = roles.get(RoleName);
    checkDeletable(role);
    roles.remove(role);
    return {};
  },
});
