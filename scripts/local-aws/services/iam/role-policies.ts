import { type AccountPolicies, isAwsManaged, notThere } from './account-policies.ts';
import type { IamHandlers } from './handlers.ts';
import { pageOf } from './paging.ts';
import { parseIdentityPolicy } from './policy.ts';
import { encodeDocument } from './role-handlers.ts';
import { limitExceeded, noSuchEntity, type Role, type Roles } from './roles.ts';

/** Characters of all inline policies of a role together, white space not counted; managed policies on one role. */
const inlineQuota = 10_240;
const attachmentQuota = 10;

export const policyName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

function checkInlineQuota(role: Role, name: string, text: string): void {
  const others = [...role.inline].filter(([each]) => each !== name).map(([, policy]) => policy.text);
  const size = [...others, text].join('').replaceAll(/\s/g, '').length;
  if (size > inlineQuota)
    throw limitExceeded(`Maximum policy size of ${inlineQuota} bytes exceeded for role ${role.name}`);
}

const inlinePolicy = (role: Role, name: string) => {
  const policy = role.inline.get(name);
  if (!policy) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return policy;
};

export const rolePolicyHandlers = (roles: Roles, policies: AccountPolicies): IamHandlers => ({
  PutRolePolicy({ RoleName, PolicyName, PolicyDocument }) {
    const role = roles.get(RoleName);
    const policy = parseIdentityPolicy(PolicyDocument);
    checkInlineQuota(role, PolicyName, PolicyDocument);
    role.inline.set(PolicyName, policy);
    return {};
  },
  GetRolePolicy({ RoleName, PolicyName }) {
    const policy = inlinePolicy(roles.get(RoleName), PolicyName);
    return { RoleName, PolicyName, PolicyDocument: encodeDocument(policy.text) };
  },
  ListRolePolicies(input) {
    const names = [...roles.get(input.RoleName).inline.keys()].sort();
    const { page, ...rest } = pageOf(names, (name) => name, input);
    return { PolicyNames: [...page], ...rest };
  },
  DeleteRolePolicy({ RoleName, PolicyName }) {
    const role = roles.get(RoleName);
    inlinePolicy(role, PolicyName);
    role.inline.delete(PolicyName);
    return {};
  },
  AttachRolePolicy({ RoleName, PolicyArn }) {
    const role = roles.get(RoleName);
    if (!isAwsManaged(PolicyArn) && !policies.has(PolicyArn)) throw notThere(PolicyArn);
    if (!role.attached.has(PolicyArn) && role.attached.size === attachmentQuota)
      throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${attachmentQuota}`);
    role.attached.add(PolicyArn);
    return {};
  },
  DetachRolePolicy({ RoleName, PolicyArn }) {
    if (!roles.get(RoleName).attached.delete(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
    return {};
  },
  ListAttachedRolePolicies(input) {
    const attached = [...roles.get(input.RoleName).attached].sort();
    const { page, ...rest } = pageOf(attached, (arn) => arn, input);
    return { AttachedPolicies: page.map((arn) => ({ PolicyName: policyName(arn), PolicyArn: arn })), ...rest };
  },
});
