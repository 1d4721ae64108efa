import type * as Iam from '@aws-sdk/client-iam';
import { creating, type Need, type Needs, type Site, tagging } from '../need.ts';

const onRole =
  (action: string) =>
  ({ RoleName }: { readonly RoleName: string }, site: Site): readonly Need[] => [
    { action: `iam:${action}`, resource: site.roleArn(RoleName) },
  ];

const withPolicy =
  (action: string) =>
  ({ RoleName, PolicyArn }: { readonly RoleName: string; readonly PolicyArn: string }, site: Site): readonly Need[] => [
    { action: `iam:${action}`, resource: site.roleArn(RoleName), context: { 'iam:PolicyARN': PolicyArn } },
  ];

const pathArn = ({ partition, account }: Site, path: string): string => `arn:${partition}:iam::${account}:role${path}`;

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const iamNeeds: Needs<typeof Iam> = {
  AttachRolePolicy: withPolicy('AttachRolePolicy'),
  CreateRole: ({ RoleName, Path = '/', PermissionsBoundary, Tags }, site) =>
    creating('iam:CreateRole', 'iam:TagRole', pathArn(site, `${Path}${RoleName}`), Tags).map((need) => ({
      ...need,
      context: { ...need.context, ...(PermissionsBoundary && { 'iam:PermissionsBoundary': PermissionsBoundary }) },
    })),
  DeleteRole: onRole('DeleteRole'),
  DeleteRolePolicy: onRole('DeleteRolePolicy'),
  DetachRolePolicy: withPolicy('DetachRolePolicy'),
  // It has no resource-level permission.
  GetAccountAuthorizationDetails: () => [{ action: 'iam:GetAccountAuthorizationDetails', resource: '*' }],
  GetRole: onRole('GetRole'),
  GetRolePolicy: onRole('GetRolePolicy'),
  ListAttachedRolePolicies: onRole('ListAttachedRolePolicies'),
  ListRolePolicies: onRole('ListRolePolicies'),
  ListRoleTags: onRole('ListRoleTags'),
  ListRoles: ({ PathPrefix = '/' }, site) => [{ action: 'iam:ListRoles', resource: pathArn(site, PathPrefix) }],
  PutRolePolicy: onRole('PutRolePolicy'),
  TagRole: ({ RoleName, Tags }, site) => tagging('iam:TagRole', site.roleArn(RoleName), Tags),
  UntagRole: onRole('UntagRole'),
  UpdateAssumeRolePolicy: onRole('UpdateAssumeRolePolicy'),
  UpdateRole: onRole('UpdateRole'),
};
