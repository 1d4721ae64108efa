import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type PolicyVersion,
  paginateListPolicyVersions,
  type Tag,
} from '@aws-sdk/client-iam';
import { accountOf } from '../aws/account.ts';
import type { Aws } from '../aws/clients.ts';
import { atOnce, mapConcurrently } from '../aws/concurrency.ts';
import { created, found } from '../aws/errors.ts';
import { ownerIn, ownerTagList } from '../aws/ownership.ts';
import type { Observed, ResourceKind } from '../reconcile/kind.ts';
import { type Policy, parsePolicy } from './policy.ts';

export interface ManagedPolicySpec {
  readonly name: string;
  /** What it allows, by the version that is in force. */
  readonly document: Policy;
}

interface LiveManagedPolicy {
  readonly name: string;
  readonly arn: string;
  readonly document: Policy;
  readonly tags: readonly Tag[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const versionQuota = 5;

async function arnOf(aws: Aws, name: string): Promise<string> {
  const { partition, account } = await accountOf(aws);
  return `arn:${partition}:iam::${account}:policy/${name}`;
}

async function read(aws: Aws, name: string): Promise<Observed<LiveManagedPolicy> | undefined> {
  aws.signal.throwIfAborted();
  const arn = await arnOf(aws, name);
  const answer = await found(aws.iam.send(new GetPolicyCommand({ PolicyArn: arn })));
  if (answer?.Policy === undefined) return undefined;
  const { DefaultVersionId: VersionId, Tags: tags = [] } = answer.Policy;
  const version = await found(aws.iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId })));
  if (version === undefined) return undefined;
  // IAM returns its documents URL-encoded.
  const document = parsePolicy(decodeURIComponent(version.PolicyVersion?.Document ?? ''));
  return { name, live: { name, arn, document, tags }, owner: ownerIn(tags) };
}

/** All but the one in force, the oldest last. */
async function formerVersions(aws: Aws, PolicyArn: string): Promise<readonly PolicyVersion[]> {
  const versions: PolicyVersion[] = [];
  for await (const page of paginateListPolicyVersions({ client: aws.iam }, { PolicyArn })) {
    versions.push(...(page.Versions ?? []).filter(({ IsDefaultVersion }) => !IsDefaultVersion));
  }
  const age = ({ VersionId = 'v0' }: PolicyVersion): number => Number(VersionId.slice(1));
  return versions.sort((a, b) => age(b) - age(a));
}

/** A policy is changed by another version of it; of those that it may have, the oldest makes room. */
async function change(aws: Aws, { arn: PolicyArn }: LiveManagedPolicy, { document }: ManagedPolicySpec): Promise<void> {
  for (const { VersionId } of (await formerVersions(aws, PolicyArn)).slice(versionQuota - 2))
    await found(aws.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })));
  const PolicyDocument = JSON.stringify(document);
  await aws.iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
}

/**
 * A managed policy of the account's own. AWS lists policies without their tags, so that one is found by its name only, and
 * one that nobody names any more stays: most likely it still bounds roles.
 */
export const managedPolicyKind = (aws: Aws): ResourceKind<ManagedPolicySpec, LiveManagedPolicy> => ({
  kind: 'managed-policy',
  immutable: [],
  references: () => [],
  list: async (names) => {
    const policies = await mapConcurrently(names, atOnce, (name) => read(aws, name));
    return { observed: policies.filter((policy) => policy !== undefined) };
  },
  toSpec: ({ name, document }) => ({ name, document }),
  create: async ({ name: PolicyName, document }) => {
    const request = { PolicyName, PolicyDocument: JSON.stringify(document), Tags: ownerTagList(aws) };
    await created(aws.iam.send(new CreatePolicyCommand(request)));
  },
  update: (live, desired) => change(aws, live, desired),
  delete: async ({ arn: PolicyArn }) => {
    for (const { VersionId } of (await found(formerVersions(aws, PolicyArn))) ?? [])
      await found(aws.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })));
    await found(aws.iam.send(new DeletePolicyCommand({ PolicyArn })));
  },
});
