import {
  type AttachedPolicy,
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  PutRolePolicyCommand,
  paginateGetAccountAuthorizationDetails,
  type RoleDetail,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { Aws } from '../aws/clients.ts';
import { created, found } from '../aws/errors.ts';
import { oursOrNamed, ownerIn, ownerTagList } from '../aws/ownership.ts';
import type { Listing, Observed, ResourceKind } from '../reconcile/kind.ts';
import { type Policy, parsePolicy } from './policy.ts';

export interface RoleSpec {
  readonly name: string;
  /** Who may assume it. */
  readonly trust: Policy;
  /** What it may do, by the names of its inline policies: all of them, so that one added by hand is seen. */
  readonly inline: Readonly<Record<string, Policy>>;
  /** ARNs of managed policies. */
  readonly managed: readonly string[];
}

/** IAM returns its documents URL-encoded. */
const document = (encoded = ''): Policy => parsePolicy(decodeURIComponent(encoded));

const arnsOf = (attached: readonly AttachedPolicy[] = []): string[] =>
  attached.flatMap(({ PolicyArn }) => PolicyArn ?? []).sort();

const toSpec = (live: RoleDetail): RoleSpec => ({
  name: live.RoleName ?? '',
  trust: document(live.AssumeRolePolicyDocument),
  inline: Object.fromEntries(
    (live.RolePolicyList ?? []).map(({ PolicyName = '', PolicyDocument }) => [PolicyName, document(PolicyDocument)]),
  ),
  managed: arnsOf(live.AttachedManagedPolicies),
});

/** The tagging API leaves IAM out; this is the one call that brings tags and inline policies of many roles. */
async function list(aws: Aws, names: readonly string[]): Promise<Listing<RoleDetail>> {
  const observed: Observed<RoleDetail>[] = [];
  for await (const page of paginateGetAccountAuthorizationDetails({ client: aws.iam }, { Filter: ['Role'] })) {
    aws.signal.throwIfAborted();
    for (const live of page.RoleDetailList ?? []) {
      observed.push({ name: live.RoleName ?? '', live, owner: ownerIn(live.Tags) });
    }
  }
  return oursOrNamed(aws, names, observed);
}

async function putPolicies(aws: Aws, { name: RoleName, inline, managed }: RoleSpec): Promise<void> {
  for (const [PolicyName, policy] of Object.entries(inline)) {
    await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(policy) }));
  }
  for (const PolicyArn of managed) await aws.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

/** Takes away every policy that is not wanted. */
async function stripPolicies(aws: Aws, live: RoleDetail, wanted: Pick<RoleSpec, 'inline' | 'managed'>): Promise<void> {
  const { RoleName } = live;
  for (const { PolicyName = '' } of live.RolePolicyList ?? []) {
    if (PolicyName in wanted.inline) continue;
    await found(aws.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
  }
  for (const PolicyArn of arnsOf(live.AttachedManagedPolicies)) {
    if (wanted.managed.includes(PolicyArn)) continue;
    await found(aws.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
  }
}

/** A role of this environment. Its policies are inline: they are its own, and go when it goes. */
export const roleKind = (aws: Aws): ResourceKind<RoleSpec, RoleDetail> => ({
  kind: 'role',
  immutable: [],
  references: () => [],
  list: (names) => list(aws, names),
  toSpec,
  create: async (desired) => {
    await created(
      aws.iam.send(
        new CreateRoleCommand({
          RoleName: desired.name,
          AssumeRolePolicyDocument: JSON.stringify(desired.trust),
          Tags: ownerTagList(aws),
        }),
      ),
    );
    await putPolicies(aws, desired);
  },
  update: async (live, desired) => {
    await aws.iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: desired.name, PolicyDocument: JSON.stringify(desired.trust) }),
    );
    await putPolicies(aws, desired);
    await stripPolicies(aws, live, desired);
  },
  delete: async (live) => {
    await stripPolicies(aws, live, { inline: {}, managed: [] });
    await found(aws.iam.send(new DeleteRoleCommand({ RoleName: live.RoleName })));
  },
  // The tagging API leaves roles out.
  adopt: async ({ RoleName }) => {
    await aws.iam.send(new TagRoleCommand({ RoleName, Tags: ownerTagList(aws) }));
  },
});
