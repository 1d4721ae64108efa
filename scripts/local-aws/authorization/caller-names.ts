import type { Principals } from '../services/iam/policy.ts';
import type { RequestContext } from '../services/iam/policy-conditions.ts';
import type { Caller, World } from '../world.ts';

type Site = Pick<World, 'partition' | 'region' | 'account'>;

/** How policies and error messages know a caller. */
export interface CallerNames {
  /** As in `User: … is not authorized`. */
  readonly display: string;
  readonly type: 'AWS' | 'Service';
  /** Naming one of these allows or denies the caller itself. */
  readonly own: readonly string[];
  /** Naming the account denies everybody in it, and leaves allowing to the policies of its roles. */
  readonly account: readonly string[];
  /** The condition keys that say who calls. */
  readonly context: RequestContext;
}

/**
 * Services that tell whose resource they work for by the older key, which is how the default policy of a topic lets them
 * in: alarms reach it, rules do not. https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
const ownersServices: ReadonlySet<string> = new Set(['cloudwatch.amazonaws.com']);

const roleName = (roleArn: string): string => roleArn.slice(roleArn.lastIndexOf('/') + 1);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function namesOf({ partition, account }: Site, caller: Caller): CallerNames {
  const root = `arn:${partition}:iam::${account}:root`;
  switch (caller.type) {
    case 'role': {
      const session = `arn:${partition}:sts::${account}:assumed-role/${roleName(caller.roleArn)}/${caller.session}`;
      const context = {
        'aws:PrincipalArn': caller.roleArn,
        'aws:PrincipalAccount': account,
        'aws:PrincipalType': 'AssumedRole',
      };
      return { display: session, type: 'AWS', own: [caller.roleArn, session], account: [root, account], context };
    }
    case 'account': {
      const context = { 'aws:PrincipalArn': root, 'aws:PrincipalAccount': account, 'aws:PrincipalType': 'Account' };
      return { display: root, type: 'AWS', own: [root, account], account: [], context };
    }
    case 'service': {
      const context = {
        'aws:PrincipalIsAWSService': 'true',
        'aws:PrincipalServiceName': caller.service,
        ...(caller.arn !== undefined && { 'aws:SourceArn': caller.arn, 'aws:SourceAccount': account }),
        ...(ownersServices.has(caller.service) && { 'aws:SourceOwner': account }),
      };
      return { display: caller.service, type: 'Service', own: [caller.service], account: [], context };
    }
    case 'nobody':
      return { display: 'anonymous', type: 'AWS', own: [], account: [], context: { 'aws:PrincipalType': 'Anonymous' } };
    default:
      return caller satisfies never;
  }
}

export const includesCaller = (principals: Principals, { type, own }: CallerNames, more: readonly string[]): boolean =>
  (principals.get(type) ?? []).some((id) => own.includes(id) || more.includes(id)) ||
  (principals.get('AWS') ?? []).includes('*');
