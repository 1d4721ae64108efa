import {
  AddRoleToInstanceProfileCommand,
  type AttachedPolicy,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  type RoleDetail,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { Aws } from '../aws/clients.ts';
import { created, found, isError } from '../aws/errors.ts';
import { ownerTagList } from '../aws/ownership.ts';
import { changedFields } from '../reconcile/diff.ts';
import type { ResourceKind } from '../reconcile/kind.ts';
import { listRoles } from './live-role.ts';
import { type Policy, parsePolicy } from './policy.ts';

export interface RoleSpec {
  readonly name: string;
  /** Who may assume it. */
  readonly trust: Policy;
  /** What it may do, by the names of its inline policies: all of them, so that one added by hand is seen. */
  readonly inline: Readonly<Record<string, Policy>>;
  /** ARNs of managed policies. */
  readonly managed: readonly string[];
  /** The ARN of the policy that bounds what it may do, whatever else says. */
  readonly boundary?: string;
  /** Instances have it by the instance profile of its name. */
  readonly instanceProfile?: true;
}

/** IAM returns its documents URL-encoded. */
const document = (encoded = ''): Policy => parsePolicy(decodeURIComponent(encoded));

const arnsOf = (attached: readonly AttachedPolicy[] = []): string[] =>
  attached.flatMap(({ PolicyArn }) => PolicyArn ?? []).sort();

/** The names of the instance profiles that a role is in. */
const profilesOf = ({ InstanceProfileList = [] }: RoleDetail): string[] =>
  InstanceProfileList.flatMap(({ InstanceProfileName }) => InstanceProfileName ?? []);

function boundaryOf({ PermissionsBoundary }: RoleDetail): Pick<RoleSpec, 'boundary'> {
  const boundary = PermissionsBoundary?.PermissionsBoundaryArn;
  return boundary === undefined ? {} : { boundary };
}

const toSpec = (live: RoleDetail): RoleSpec => ({
  name: live.RoleName ?? '',
  trust: document(live.AssumeRolePolicyDocument),
  inline: Object.fromEntries(
    (live.RolePolicyList ?? []).map(({ PolicyName = '', PolicyDocument }) => [PolicyName, document(PolicyDocument)]),
  ),
  managed: arnsOf(live.AttachedManagedPolicies),
  ...boundaryOf(live),
  ...(profilesOf(live).includes(live.RoleName ?? '') && { instanceProfile: true }),
});

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

/** A profile holds one role, and says that it is full to who adds the one that it has. */
async function putInstanceProfile(aws: Aws, name: string): Promise<void> {
  const InstanceProfileName = name;
  await created(aws.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName, Tags: ownerTagList(aws) })));
  try {
    await aws.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: name }));
  } catch (error) {
    if (!isError(error, 'LimitExceededException')) throw error;
    const { InstanceProfile } = await aws.iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    if (InstanceProfile?.Roles?.[0]?.RoleName !== name) throw error;
  }
}

/** Takes a role out of instance profiles. The profile of its name goes, also one that it was taken out of before. */
async function removeInstanceProfiles(aws: Aws, RoleName: string, profiles: readonly string[]): Promise<void> {
  for (const InstanceProfileName of profiles) {
    await found(aws.iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName })));
  }
  await found(aws.iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: RoleName })));
}

/** Instances get a role by a profile only, so a role that trusts them has one, or had. */
const isForInstances = (live: RoleDetail): boolean =>
  profilesOf(live).length > 0 || /ec2\.amazonaws\.com/.test(decodeURIComponent(live.AssumeRolePolicyDocument ?? ''));

/** The policy that bounds roles is nobody's who applies: an administrator makes it. */
async function withinBounds<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!isError(error, 'NoSuchEntityException', /^Scope ARN/)) throw error;
    const { message } = error;
    throw new Error(`${message} It is what permissionsBoundary names; an administrator makes it: npm run bootstrap`, {
      cause: error,
    });
  }
}

async function create(aws: Aws, desired: RoleSpec): Promise<void> {
  const request = created(
    aws.iam.send(
      new CreateRoleCommand({
        RoleName: desired.name,
        AssumeRolePolicyDocument: JSON.stringify(desired.trust),
        ...(desired.boundary !== undefined && { PermissionsBoundary: desired.boundary }),
        Tags: ownerTagList(aws),
      }),
    ),
  );
  await withinBounds(request);
  await putPolicies(aws, desired);
  if (desired.instanceProfile) await putInstanceProfile(aws, desired.name);
}

/** Who may change a role only within bounds may do so once it has them, so they come first. */
async function setBoundary(aws: Aws, live: RoleDetail, { name: RoleName, boundary }: RoleSpec): Promise<void> {
  if (boundary === boundaryOf(live).boundary) return;
  if (boundary === undefined) await aws.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
  else {
    const command = new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: boundary });
    await withinBounds(aws.iam.send(command));
  }
}

async function update(aws: Aws, live: RoleDetail, desired: RoleSpec, changed: ReadonlySet<string>): Promise<void> {
  await setBoundary(aws, live, desired);
  if (changed.has('trust')) {
    const PolicyDocument = JSON.stringify(desired.trust);
    await aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: desired.name, PolicyDocument }));
  }
  await putPolicies(aws, desired);
  await stripPolicies(aws, live, desired);
  const { instanceProfile } = toSpec(live);
  if (desired.instanceProfile && !instanceProfile) await putInstanceProfile(aws, desired.name);
  if (instanceProfile && !desired.instanceProfile) await removeInstanceProfiles(aws, desired.name, [desired.name]);
}

/**
 * A role of this environment. Its policies are inline: they are its own, and go when it goes; so is the instance profile
 * of its name.
 */
export const roleKind = (aws: Aws): ResourceKind<RoleSpec, RoleDetail> => ({
  kind: 'role',
  immutable: [],
  references: () => [],
  list: (names) => listRoles(aws, names),
  toSpec,
  create: (desired) => create(aws, desired),
  update: (live, desired, fields) => update(aws, live, desired, changedFields(fields)),
  delete: async (live) => {
    const { RoleName = '' } = live;
    await stripPolicies(aws, live, { inline: {}, managed: [] });
    // IAM deletes no role that is in a profile, whosever that is.
    if (isForInstances(live)) await removeInstanceProfiles(aws, RoleName, profilesOf(live));
    await found(aws.iam.send(new DeleteRoleCommand({ RoleName })));
  },
  // The tagging API leaves roles out.
  adopt: async ({ RoleName }) => {
    await aws.iam.send(new TagRoleCommand({ RoleName, Tags: ownerTagList(aws) }));
  },
});
