import type { AccountPolicies } from '../services/iam/account-policies.ts';
import { type Policy, parseResourcePolicy } from '../services/iam/policy.ts';
import type { RequestContext } from '../services/iam/policy-conditions.ts';
import type { Role, Roles } from '../services/iam/roles.ts';
import type { Authority, Caller, World } from '../world.ts';
import { namesOf } from './caller-names.ts';
import { type Decision, decide, type Policies } from './decision.ts';
import { managedPolicy } from './managed-policies.ts';
import { accessDenied } from './refusals.ts';

/** Decides as IAM does, from the roles' policies and those that resources have. */
export function createAuthority(world: World, roles: Roles, accountPolicies: AccountPolicies): Authority {
  const resourcePolicies = new PolicyTexts();
  const named: Named = (arn) => accountPolicies.documentOf(arn) ?? managedPolicy(arn);

  const policyOn = (resource: string): Policy | undefined => {
    const text = world.resourcePolicies.get(resource.split(':')[2] ?? '')?.(resource);
    return text === undefined ? undefined : resourcePolicies.parsed(text);
  };

  const decisionOn = (caller: Caller, action: string, resource: string, more: RequestContext = {}): Decision => {
    // Keys that were not issued here are those of the person at the keyboard, who may do everything.
    if (caller.type === 'account') return { allowed: true };
    const role = caller.type === 'role' ? roles.withArn(caller.roleArn) : undefined;
    const names = namesOf(world, caller);
    return decide(
      { ...policiesOf(caller, role, named), resource: policyOn(resource) },
      {
        action: action.toLowerCase(),
        resource,
        caller: names,
        context: (withTags) => ({
          ...general(world),
          ...(withTags && resourceTags(world, resource)),
          ...roleTags(role),
          ...names.context,
          ...more,
        }),
      },
    );
  };

  return {
    allows: (caller, action, resource, context) => decisionOn(caller, action, resource, context).allowed,
    require(caller, action, resource, { context, service = action.slice(0, action.indexOf(':')) } = {}) {
      const decision = decisionOn(caller, action, resource, context);
      if (decision.allowed) return;
      const note = caller.type === 'role' ? unknownPolicies(roles.withArn(caller.roleArn), named) : '';
      throw accessDenied(service, namesOf(world, caller).display, action, resource, decision, note);
    },
  };
}

/** A resource's policy is a text of its service; it is parsed once, and again when it was changed. */
class PolicyTexts {
  readonly #parsed = new Map<string, Policy>();

  parsed(text: string): Policy {
    const known = this.#parsed.get(text);
    if (known !== undefined) return known;
    const policy = parseResourcePolicy(text);
    // Texts of former policies would pile up for ever.
    if (this.#parsed.size >= 1_000) this.#parsed.clear();
    this.#parsed.set(text, policy);
    return policy;
  }
}

const nothing: readonly Policy[] = [];

/** A managed policy, of the account or of AWS, by its ARN. */
type Named = (arn: string) => Policy | undefined;

function policiesOf(caller: Caller, role: Role | undefined, named: Named): Pick<Policies, 'identity' | 'boundary'> {
  if (caller.type !== 'role') return { identity: undefined, boundary: undefined };
  if (role === undefined) return { identity: nothing, boundary: undefined };
  const attached = [...role.attached].flatMap((arn) => named(arn) ?? []);
  return { identity: [...role.inline.values(), ...attached], boundary: boundaryOf(role, named) };
}

const allowsNothing: Policy = { text: '', statements: [] };
const boundaryOf = ({ boundary }: Role, named: Named): Policy | undefined =>
  boundary === undefined ? undefined : (named(boundary) ?? allowsNothing);

/** Says so when a refusal may be due to a policy of AWS that is not known here. */
function unknownPolicies(role: Role | undefined, named: Named): string {
  const all = [...(role?.attached ?? []), ...(role?.boundary === undefined ? [] : [role.boundary])];
  const unknown = all.filter((arn) => named(arn) === undefined);
  if (unknown.length === 0) return '';
  return ` (the embedded AWS does not know what ${unknown.join(' and ')} allows: write it as an inline policy)`;
}

/**
 * Keys that every request has. `aws:SecureTransport` is always true: an SDK speaks plain HTTP here only because the
 * embedded AWS stands where AWS's TLS endpoint would, and nobody else hears what stays on the loopback interface. A
 * policy that lets in nothing but TLS is therefore obeyed as it would be on AWS, where every SDK uses TLS.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const general = (world: World): RequestContext => ({
  'aws:SecureTransport': 'true',
  'aws:RequestedRegion': world.region,
  'aws:ResourceAccount': world.account,
});

const keyed = (prefix: string, tags: Iterable<readonly [string, string]>): RequestContext =>
  Object.fromEntries([...tags].map(([key, value]) => [`${prefix}/${key}`, value]));

const roleTags = (role: Role | undefined): RequestContext => keyed('aws:PrincipalTag', role?.tags ?? []);

/**
 * The tags of a resource, also where an action is on a part of it: a log group's streams. S3 decides by the tags of a
 * bucket only where that was switched on for it, which it is not here.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
 */
function resourceTags(world: World, part: string): RequestContext {
  const resource = part.replace(/:log-stream:.*$/s, '');
  if (resource.split(':')[2] === 's3') return {};
  for (const source of world.tagged)
    for (const { arn, tags } of source()) if (arn === resource) return keyed('aws:ResourceTag', Object.entries(tags));
  return {};
}
