import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { type AccountPolicies, type AccountPolicy, addVersion, checkSize, versionOf } from './account-policies.ts';
import type { IamHandlers } from './handlers.ts';
import { pageOf } from './paging.ts';
import { parseIdentityPolicy } from './policy.ts';
import { encodeDocument } from './role-handlers.ts';
import type { Roles } from './roles.ts';
import { tagMembers, tagsFrom } from './tags.ts';
import { uniqueId } from './unique-id.ts';

const conflict = (message: string): AwsError => new AwsError('DeleteConflict', message, 409);

function parseSized(text: string) {
  const document = parseIdentityPolicy(text);
  checkSize(text);
  return document;
}

/** Managed policies of the account's own. AWS's are known by their ARNs only. */
export function accountPolicyHandlers(world: World, policies: AccountPolicies, roles: Roles): IamHandlers {
  const now = (): Date => new Date(Math.floor(world.clock.now() / 1000) * 1000);
  const holders = ({ arn }: AccountPolicy) => ({
    attached: roles.all().filter(({ attached }) => attached.has(arn)).length,
    bounded: roles.all().filter(({ boundary }) => boundary === arn).length,
  });
  const details = (policy: AccountPolicy) => ({
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.inForce,
    AttachmentCount: holders(policy).attached,
    PermissionsBoundaryUsageCount: holders(policy).bounded,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: policy.created,
    UpdateDate: policy.updated,
    Tags: tagMembers(policy.tags),
  });
  return {
    CreatePolicy({ PolicyName: name, Path: path = '/', PolicyDocument, Description, Tags }) {
      const document = parseSized(PolicyDocument);
      const created = now();
      const arn = `arn:${world.partition}:iam::${world.account}:policy${path}${name}`;
      const tags = tagsFrom(Tags);
      const policy: AccountPolicy = {
        ...{ name, path, id: uniqueId('ANPA'), arn, description: Description, created, updated: created, tags },
        ...{ versions: [], inForce: 'v1', latest: 0 },
      };
      addVersion(policy, document, created);
      policies.add(policy);
      return { Policy: details(policy) };
    },
    GetPolicy: ({ PolicyArn }) => ({ Policy: details(policies.get(PolicyArn)) }),
    GetPolicyVersion({ PolicyArn, VersionId }) {
      const policy = policies.get(PolicyArn);
      const { id, document, created } = versionOf(policy, VersionId);
      const about = { VersionId: id, IsDefaultVersion: id === policy.inForce, CreateDate: created };
      return { PolicyVersion: { ...about, Document: encodeDocument(document.text) } };
    },
    ListPolicyVersions(input) {
      const { versions, inForce } = policies.get(input.PolicyArn);
      const { page, ...rest } = pageOf(versions, ({ id }) => id, input);
      const Versions = page.map(({ id, created }) => ({
        VersionId: id,
        IsDefaultVersion: id === inForce,
        CreateDate: created,
      }));
      return { Versions, ...rest };
    },
    CreatePolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault = false }) {
      const policy = policies.get(PolicyArn);
      const id = addVersion(policy, parseSized(PolicyDocument), now());
      if (SetAsDefault) policy.inForce = id;
      return { PolicyVersion: { VersionId: id, IsDefaultVersion: SetAsDefault, CreateDate: policy.updated } };
    },
    DeletePolicyVersion({ PolicyArn, VersionId }) {
      const policy = policies.get(PolicyArn);
      versionOf(policy, VersionId);
      if (VersionId === policy.inForce) throw conflict('Cannot delete the default version of a policy.');
      policy.versions = policy.versions.filter(({ id }) => id !== VersionId);
      return {};
    },
    DeletePolicy({ PolicyArn }) {
      const policy = policies.get(PolicyArn);
      const { attached, bounded } = holders(policy);
      if (attached + bounded > 0) throw conflict('Cannot delete a policy attached to entities.');
      if (policy.versions.length > 1)
        throw conflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      policies.remove(policy);
      return {};
    },
  };
}
