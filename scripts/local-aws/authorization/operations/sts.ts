import type * as Sts from '@aws-sdk/client-sts';
import type { Needs } from '../need.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
export const stsNeeds: Needs<typeof Sts> = {
  AssumeRole: ({ RoleArn }) => [{ action: 'sts:AssumeRole', resource: RoleArn }],
  // The token is the proof, and the role's trust policy decides.
  AssumeRoleWithWebIdentity: () => [],
  // "No permissions are required to perform this operation", whatever a policy says (API references of both).
  GetCallerIdentity: () => [],
  GetSessionToken: () => [],
};
