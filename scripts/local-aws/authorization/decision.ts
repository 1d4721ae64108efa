import type { Policy } from '../services/iam/policy.ts';
import { type Condition, holds, type RequestContext } from '../services/iam/policy-conditions.ts';
import { type CallerNames, includesCaller } from './caller-names.ts';
import { type ReadyStatement, readyStatements } from './statement-match.ts';

/** One action on one resource, by somebody. */
export interface Question {
  /** In small letters. */
  readonly action: string;
  readonly resource: string;
  readonly caller: CallerNames;
  /** Made only when a condition asks; the tags of the resource, which take a search, only when they are asked for. */
  readonly context: (withTags: boolean) => RequestContext;
}

/** What speaks about a caller and a resource. */
export interface Policies {
  /** Of the caller's role; `undefined` for a caller who has none, such as a service. */
  readonly identity: readonly Policy[] | undefined;
  /** Bounds what the identity policies allow; `undefined` where nothing does. */
  readonly boundary: Policy | undefined;
  /** Of the resource. */
  readonly resource: Policy | undefined;
}

type PolicyKind = 'identity-based policy' | 'resource-based policy' | 'permissions boundary';

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly explicit: boolean; readonly by: PolicyKind };

/**
 * An explicit Deny wins, then an Allow, and what nobody allows is denied. Within one account the policy of the caller or
 * that of the resource is enough; a boundary takes away from the caller's own.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide({ identity, boundary, resource }: Policies, question: Question): Decision {
  const own = identity?.map((policy) => effectsOf(policy, question)) ?? [];
  const bound = boundary && effectsOf(boundary, question);
  const others = resource ? resourceEffects(resource, question) : { allows: false, denies: false };
  if (own.some(({ denies }) => denies)) return { allowed: false, explicit: true, by: 'identity-based policy' };
  if (bound?.denies) return { allowed: false, explicit: true, by: 'permissions boundary' };
  if (others.denies) return { allowed: false, explicit: true, by: 'resource-based policy' };
  if (others.allows) return { allowed: true };
  if (identity === undefined) return { allowed: false, explicit: false, by: 'resource-based policy' };
  if (!own.some(({ allows }) => allows)) return { allowed: false, explicit: false, by: 'identity-based policy' };
  if (bound && !bound.allows) return { allowed: false, explicit: false, by: 'permissions boundary' };
  return { allowed: true };
}

interface Effects {
  readonly allows: boolean;
  readonly denies: boolean;
}

const applies = ({ concerns, conditions }: ReadyStatement, { action, resource, context }: Question): boolean =>
  concerns(action, resource) && (conditions.length === 0 || holds(conditions, context(conditions.some(asksForTags))));

const asksForTags = ({ key }: Condition): boolean => key.startsWith('aws:resourcetag/');

function effectsOf(policy: Policy, question: Question): Effects {
  const fitting = readyStatements(policy).filter((statement) => applies(statement, question));
  return { allows: fitting.some(({ effect }) => effect === 'Allow'), denies: fitting.some(isDeny) };
}

const isDeny = ({ effect }: ReadyStatement): boolean => effect === 'Deny';

/** A statement that allows the account leaves it to the account's own policies; one that denies it denies all in it. */
function resourceEffects(policy: Policy, question: Question): Effects {
  const { caller } = question;
  const names = ({ principals, notPrincipals, effect }: ReadyStatement): boolean => {
    const account = effect === 'Deny' || notPrincipals !== undefined ? caller.account : [];
    if (principals !== undefined) return includesCaller(principals, caller, account);
    return notPrincipals !== undefined && !includesCaller(notPrincipals, caller, account);
  };
  const fitting = readyStatements(policy).filter((statement) => names(statement) && applies(statement, question));
  return { allows: fitting.some(({ effect }) => effect === 'Allow'), denies: fitting.some(isDeny) };
}
