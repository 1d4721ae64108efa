import type * as Iam from '@aws-sdk/client-iam';
import { creating, type Need, type Needs, passRole, type Site, tagging } from '../need.ts';

const onRole =
  (action: string) =>
  ({ RoleName }: { readonly RoleName: string }, site: Site): readonly Need[] => [
    { action: `iam:${action}`, resource: site.roleArn(RoleName) },
  ];

/** On a role, whose present boundary a policy may ask for: AWS tells it where permissions change, and nowhere else. */
const onBounded =
  (action: string) =>
  ({ RoleName, PolicyArn }: { readonly RoleName: string; readonly PolicyArn?: string | undefined }, site: Site) =>
    onRole(action)({ RoleName }, site).map((need) => ({
      ...bounded(need, site.boundaryOf(RoleName)),
      ...(PolicyArn !== undefined && {
        context: { ...bounded(need, site.boundaryOf(RoleName)).context, 'iam:PolicyARN': PolicyArn },
      }),
    }));

const onProfile =
  (action: string) =>
  ({ InstanceProfileName }: { readonly InstanceProfileName: string }, site: Site): readonly Need[] => [
    { action: `iam:${action}`, resource: site.instanceProfileArn(InstanceProfileName) },
  ];

const onPolicy =
  (action: string) =>
  ({ PolicyArn }: { readonly PolicyArn: string }): readonly Need[] => [
    { action: `iam:${action}`, resource: PolicyArn },
  ];

const onProvider =
  (action: string) =>
  ({ OpenIDConnectProviderArn: resource }: { readonly OpenIDConnectProviderArn: string }): readonly Need[] => [
    { action: `iam:${action}`, resource },
  ];

const pathArn = ({ partition, account }: Site, path: string, kind = 'role'): string =>
  `arn:${partition}:iam::${account}:${kind}${path}`;

/** The condition key by which a policy says which boundary its holder may set. */
const bounded = (need: Need, boundary: string | undefined): Need =>
  boundary === undefined ? need : { ...need, context: { ...need.context, 'iam:PermissionsBoundary': boundary } };

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const iamNeeds: Needs<typeof Iam> = {
  AddClientIDToOpenIDConnectProvider: onProvider('AddClientIDToOpenIDConnectProvider'),
  AddRoleToInstanceProfile: ({ InstanceProfileName, RoleName }, site) => [
    { action: 'iam:AddRoleToInstanceProfile', resource: site.instanceProfileArn(InstanceProfileName) },
    ...passRole(site.roleArn(RoleName), 'ec2.amazonaws.com'),
  ],
  AttachRolePolicy: onBounded('AttachRolePolicy'),
  CreateInstanceProfile: ({ InstanceProfileName, Path = '/', Tags }, site) =>
    creating(
      'iam:CreateInstanceProfile',
      'iam:TagInstanceProfile',
      pathArn(site, `${Path}${InstanceProfileName}`, 'instance-profile'),
      Tags,
    ),
  CreateOpenIDConnectProvider: ({ Url, Tags }, site) =>
    creating(
      'iam:CreateOpenIDConnectProvider',
      'iam:TagOpenIDConnectProvider',
      pathArn(site, `/${Url.replace(/^https:\/\//, '')}`, 'oidc-provider'),
      Tags,
    ),
  CreatePolicy: ({ PolicyName, Path = '/', Tags }, site) =>
    creating('iam:CreatePolicy', 'iam:TagPolicy', pathArn(site, `${Path}${PolicyName}`, 'policy'), Tags),
  CreatePolicyVersion: onPolicy('CreatePolicyVersion'),
  CreateRole: ({ RoleName, Path = '/', PermissionsBoundary, Tags }, site) =>
    creating('iam:CreateRole', 'iam:TagRole', pathArn(site, `${Path}${RoleName}`), Tags).map((need) =>
      bounded(need, PermissionsBoundary),
    ),
  DeleteInstanceProfile: onProfile('DeleteInstanceProfile'),
  DeleteOpenIDConnectProvider: onProvider('DeleteOpenIDConnectProvider'),
  DeletePolicy: onPolicy('DeletePolicy'),
  DeletePolicyVersion: onPolicy('DeletePolicyVersion'),
  DeleteRole: onRole('DeleteRole'),
  DeleteRolePermissionsBoundary: onBounded('DeleteRolePermissionsBoundary'),
  DeleteRolePolicy: onBounded('DeleteRolePolicy'),
  DetachRolePolicy: onBounded('DetachRolePolicy'),
  // It has no resource-level permission.
  GetAccountAuthorizationDetails: () => [{ action: 'iam:GetAccountAuthorizationDetails', resource: '*' }],
  GetInstanceProfile: onProfile('GetInstanceProfile'),
  GetOpenIDConnectProvider: onProvider('GetOpenIDConnectProvider'),
  GetPolicy: onPolicy('GetPolicy'),
  GetPolicyVersion: onPolicy('GetPolicyVersion'),
  GetRole: onRole('GetRole'),
  GetRolePolicy: onRole('GetRolePolicy'),
  ListAttachedRolePolicies: onRole('ListAttachedRolePolicies'),
  ListInstanceProfileTags: onProfile('ListInstanceProfileTags'),
  ListInstanceProfiles: ({ PathPrefix = '/' }, site) => [
    { action: 'iam:ListInstanceProfiles', resource: pathArn(site, PathPrefix, 'instance-profile') },
  ],
  ListInstanceProfilesForRole: onRole('ListInstanceProfilesForRole'),
  // It has no resource-level permission.
  ListOpenIDConnectProviders: () => [{ action: 'iam:ListOpenIDConnectProviders', resource: '*' }],
  ListPolicyVersions: onPolicy('ListPolicyVersions'),
  ListRolePolicies: onRole('ListRolePolicies'),
  ListRoleTags: onRole('ListRoleTags'),
  ListRoles: ({ PathPrefix = '/' }, site) => [{ action: 'iam:ListRoles', resource: pathArn(site, PathPrefix) }],
  PutRolePermissionsBoundary: ({ RoleName, PermissionsBoundary }, site) => [
    bounded({ action: 'iam:PutRolePermissionsBoundary', resource: site.roleArn(RoleName) }, PermissionsBoundary),
  ],
  PutRolePolicy: onBounded('PutRolePolicy'),
  RemoveRoleFromInstanceProfile: onProfile('RemoveRoleFromInstanceProfile'),
  TagInstanceProfile: ({ InstanceProfileName, Tags }, site) =>
    tagging('iam:TagInstanceProfile', site.instanceProfileArn(InstanceProfileName), Tags),
  TagRole: ({ RoleName, Tags }, site) => tagging('iam:TagRole', site.roleArn(RoleName), Tags),
  UntagInstanceProfile: onProfile('UntagInstanceProfile'),
  UntagRole: onRole('UntagRole'),
  UpdateAssumeRolePolicy: onRole('UpdateAssumeRolePolicy'),
  UpdateRole: onRole('UpdateRole'),
};
