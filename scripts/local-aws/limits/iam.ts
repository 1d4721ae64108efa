import { type Limits, refuseWith } from '../wire/limits.ts';

const roleNameType = { min: 1, max: 64, pattern: '[\\w+=,.@-]+' };
const policyDocumentType = { min: 1, max: 131072, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' };
const roleDescriptionType = { max: 1000, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*' };
const roleMaxSessionDurationType = { min: 3600, max: 43200 };
const tagKeyType = { min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' };
const policyNameType = { min: 1, max: 128, pattern: '[\\w+=,.@-]+' };
const instanceProfileNameType = { min: 1, max: 128, pattern: '[\\w+=,.@-]+' };
const pathType = { min: 1, max: 512, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' };
const arnType = { min: 20, max: 2048 };
const versionIdType = { pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' };
const clientIdType = { min: 1, max: 255 };
const markerType = { min: 1, max: 320, pattern: '[\\u0020-\\u00FF]+' };

/** The API of IAM: https://docs.aws.amazon.com/IAM/latest/APIReference/ */
export const iamLimits: Limits = {
  refuse: refuseWith('ValidationError'),
  structures: {
    AddClientIDToOpenIDConnectProviderRequest: { OpenIDConnectProviderArn: arnType, ClientID: clientIdType },
    AddRoleToInstanceProfileRequest: {
      InstanceProfileName: instanceProfileNameType,
      RoleName: roleNameType,
    },
    AttachRolePolicyRequest: {
      RoleName: roleNameType,
      PolicyArn: { min: 20, max: 2048 },
    },
    CreateInstanceProfileRequest: {
      InstanceProfileName: instanceProfileNameType,
      Path: pathType,
      Tags: { max: 50 },
    },
    CreateOpenIDConnectProviderRequest: {
      Url: { min: 1, max: 255 },
      'ClientIDList[]': clientIdType,
      'ThumbprintList[]': { min: 40, max: 40 },
      Tags: { max: 50 },
    },
    CreatePolicyRequest: {
      PolicyName: policyNameType,
      Path: { min: 1, max: 512, pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/' },
      PolicyDocument: policyDocumentType,
      Description: { max: 1000 },
      Tags: { max: 50 },
    },
    CreatePolicyVersionRequest: { PolicyArn: arnType, PolicyDocument: policyDocumentType },
    CreateRoleRequest: {
      Path: pathType,
      RoleName: roleNameType,
      AssumeRolePolicyDocument: policyDocumentType,
      Description: roleDescriptionType,
      MaxSessionDuration: roleMaxSessionDurationType,
      PermissionsBoundary: { min: 20, max: 2048 },
      Tags: { max: 50 },
    },
    DeleteInstanceProfileRequest: {
      InstanceProfileName: instanceProfileNameType,
    },
    DeleteOpenIDConnectProviderRequest: { OpenIDConnectProviderArn: arnType },
    DeletePolicyRequest: { PolicyArn: arnType },
    DeletePolicyVersionRequest: { PolicyArn: arnType, VersionId: versionIdType },
    DeleteRolePermissionsBoundaryRequest: {
      RoleName: roleNameType,
    },
    DeleteRolePolicyRequest: {
      RoleName: roleNameType,
      PolicyName: policyNameType,
    },
    DeleteRoleRequest: {
      RoleName: roleNameType,
    },
    DetachRolePolicyRequest: {
      RoleName: roleNameType,
      PolicyArn: { min: 20, max: 2048 },
    },
    GetAccountAuthorizationDetailsRequest: {
      'Filter[]': { enum: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] },
      MaxItems: { min: 1, max: 1000 },
      Marker: markerType,
    },
    GetInstanceProfileRequest: {
      InstanceProfileName: instanceProfileNameType,
    },
    GetOpenIDConnectProviderRequest: { OpenIDConnectProviderArn: arnType },
    GetPolicyRequest: { PolicyArn: arnType },
    GetPolicyVersionRequest: { PolicyArn: arnType, VersionId: versionIdType },
    GetRolePolicyRequest: {
      RoleName: roleNameType,
      PolicyName: policyNameType,
    },
    GetRoleRequest: {
      RoleName: roleNameType,
    },
    ListAttachedRolePoliciesRequest: {
      RoleName: roleNameType,
      PathPrefix: { min: 1, max: 512, pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/' },
      Marker: markerType,
      MaxItems: { min: 1, max: 1000 },
    },
    ListInstanceProfileTagsRequest: {
      InstanceProfileName: instanceProfileNameType,
      Marker: markerType,
      MaxItems: { min: 1, max: 1000 },
    },
    ListInstanceProfilesForRoleRequest: {
      RoleName: roleNameType,
      Marker: markerType,
      MaxItems: { min: 1, max: 1000 },
    },
    ListInstanceProfilesRequest: {
      PathPrefix: { min: 1, max: 512, pattern: '\\u002F[\\u0021-\\u007F]*' },
      Marker: markerType,
      MaxItems: { min: 1, max: 1000 },
    },
    ListPolicyVersionsRequest: { PolicyArn: arnType, Marker: markerType, MaxItems: { min: 1, max: 1000 } },
    ListRolePoliciesRequest: {
      RoleName: roleNameType,
      Marker: markerType,
      MaxItems: { min: 1, max: 1000 },
    },
    ListRoleTagsRequest: {
      RoleName: roleNameType,
      Marker: markerType,
      MaxItems: { min: 1, max: 1000 },
    },
    ListRolesRequest: {
      PathPrefix: { min: 1, max: 512, pattern: '\\u002F[\\u0021-\\u007F]*' },
      Marker: markerType,
      MaxItems: { min: 1, max: 1000 },
    },
    PutRolePermissionsBoundaryRequest: {
      RoleName: roleNameType,
      PermissionsBoundary: { min: 20, max: 2048 },
    },
    PutRolePolicyRequest: {
      RoleName: roleNameType,
      PolicyName: policyNameType,
      PolicyDocument: policyDocumentType,
    },
    RemoveRoleFromInstanceProfileRequest: {
      InstanceProfileName: instanceProfileNameType,
      RoleName: roleNameType,
    },
    Tag: {
      Key: tagKeyType,
      Value: { max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
    },
    TagInstanceProfileRequest: {
      InstanceProfileName: instanceProfileNameType,
      Tags: { max: 50 },
    },
    TagRoleRequest: {
      RoleName: roleNameType,
      Tags: { max: 50 },
    },
    UntagInstanceProfileRequest: {
      InstanceProfileName: instanceProfileNameType,
      TagKeys: { max: 50 },
      'TagKeys[]': tagKeyType,
    },
    UntagRoleRequest: {
      RoleName: roleNameType,
      TagKeys: { max: 50 },
      'TagKeys[]': tagKeyType,
    },
    UpdateAssumeRolePolicyRequest: {
      RoleName: roleNameType,
      PolicyDocument: policyDocumentType,
    },
    UpdateRoleRequest: {
      RoleName: roleNameType,
      Description: roleDescriptionType,
      MaxSessionDuration: roleMaxSessionDurationType,
    },
  },
};
