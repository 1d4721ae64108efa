import type * as Iam from '@aws-sdk/client-iam';
import { creating, type Need, type Needs, passRole, type Site, tagging } from '../need.ts';

const onRole =
  (action: string) =>
  ({ RoleName }: { readonly RoleName: string }, site: Site): readonly Need[] => [
    { action: `iam:${action}`, resource: site.roleArn(RoleName) },
  ];

const onProfile =
  (action: string) =>
  ({ InstanceProfileName }: { readonly InstanceProfileName: string }, site: Site): readonly Need[] => [
    { action: `iam:${action}`, resource: site.instanceProfileArn(InstanceProfileName) },
  ];

const withPolicy =
  (action: string) =>
  ({ RoleName, PolicyArn }: { readonly RoleName: string; readonly PolicyArn: string }, site: Site): readonly Need[] => [
    { action: `iam:${action}`, resource: site.roleArn(RoleName), context: { 'iam:PolicyARN': PolicyArn } },
  ];

const pathArn = ({ partition, account }: Site, path: string, kind = 'role'): string =>
  `arn:${partition}:iam::${account}:${kind}${path}`;

/** The condition key by which a policy says which boundary its holder may set. */
const bounded = (need: Need, boundary: string | undefined): Need =>
  boundary === undefined ? need : { ...need, context: { ...need.context, 'iam:PermissionsBoundary': boundary } };

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const iamNeeds: Needs<typeof Iam> = {
  AddRoleToInstanceProfile: ({ InstanceProfileName, RoleName }, site) => [
    { action: 'iam:AddRoleToInstanceProfile', resource: site.instanceProfileArn(InstanceProfileName) },
    ...passRole(site.roleArn(RoleName), 'ec2.amazonaws.com'),
  ],
  AttachRolePolicy: withPolicy('AttachRolePolicy'),
  CreateInstanceProfile: ({ InstanceProfileName, Path = '/', Tags }, site) =>
    creating(
      'iam:CreateInstanceProfile',
      'iam:TagInstanceProfile',
      pathArn(site, `${Path}${InstanceProfileName}`, 'instance-profile'),
      Tags,
    ),
  CreateRole: ({ RoleName, Path = '/', PermissionsBoundary, Tags }, site) =>
    creating('iam:CreateRole', 'iam:TagRole', pathArn(site, `${Path}${RoleName}`), Tags).map((need) =>
      bounded(need, PermissionsBoundary),
    ),
  DeleteInstanceProfile: onProfile('DeleteInstanceProfile'),
  DeleteRole: onRole('DeleteRole'),
  DeleteRolePermissionsBoundary: onRole('DeleteRolePermissionsBoundary'),
  DeleteRolePolicy: onRole('DeleteRolePolicy'),
  DetachRolePolicy: withPolicy('DetachRolePolicy'),
  // It has no resource-level permission.
  GetAccountAuthorizationDetails: () => [{ action: 'iam:GetAccountAuthorizationDetails', resource: '*' }],
  GetInstanceProfile: onProfile('GetInstanceProfile'),
  GetRole: onRole('GetRole'),
  GetRolePolicy: onRole('GetRolePolicy'),
  ListAttachedRolePolicies: onRole('ListAttachedRolePolicies'),
  ListInstanceProfileTags: onProfile('ListInstanceProfileTags'),
  ListInstanceProfiles: ({ PathPrefix = '/' }, site) => [
    { action: 'iam:ListInstanceProfiles', resource: pathArn(site, PathPrefix, 'instance-profile') },
  ],
  ListInstanceProfilesForRole: onRole('ListInstanceProfilesForRole'),
  ListRolePolicies: onRole('ListRolePolicies'),
  ListRoleTags: onRole('ListRoleTags'),
  ListRoles: ({ PathPrefix = '/' }, site) => [{ action: 'iam:ListRoles', resource: pathArn(site, PathPrefix) }],
  PutRolePermissionsBoundary: ({ RoleName, PermissionsBoundary }, site) => [
    bounded({ action: 'iam:PutRolePermissionsBoundary', resource: site.roleArn(RoleName) }, PermissionsBoundary),
  ],
  PutRolePolicy: onRole('PutRolePolicy'),
  RemoveRoleFromInstanceProfile: onProfile('RemoveRoleFromInstanceProfile'),
  TagInstanceProfile: ({ InstanceProfileName, Tags }, site) =>
    tagging('iam:TagInstanceProfile', site.instanceProfileArn(InstanceProfileName), Tags),
  TagRole: ({ RoleName, Tags }, site) => tagging('iam:TagRole', site.roleArn(RoleName), Tags),
  UntagInstanceProfile: onProfile('UntagInstanceProfile'),
  UntagRole: onRole('UntagRole'),
  UpdateAssumeRolePolicy: onRole('UpdateAssumeRolePolicy'),
  UpdateRole: onRole('UpdateRole'),
};
