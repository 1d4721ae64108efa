import type { Policy, Principals, Statement } from './policy.ts';
import { glob, holds, type RequestContext } from './policy-conditions.ts';

/** Who wants to take on a role, under every name that a trust policy may know it by. */
export interface Assumer {
  readonly type: 'Service' | 'AWS' | 'Federated';
  readonly names: readonly string[];
}

const isNamed = (principals: Principals, { type, names }: Assumer): boolean =>
  (principals.get(type) ?? []).some((id) => id === '*' || names.includes(id)) ||
  (principals.get('AWS') ?? []).includes('*');

function concerns(statement: Statement, action: string, assumer: Assumer, context: RequestContext): boolean {
  const { principals, notPrincipals, actions = [], conditions } = statement;
  const named = principals ? isNamed(principals, assumer) : notPrincipals ? !isNamed(notPrincipals, assumer) : false;
  return (
    named && actions.some((pattern) => glob(action.toLowerCase(), pattern.toLowerCase())) && holds(conditions, context)
  );
}

/** Whether a trust policy lets somebody take on its role: some statement allows it and none denies it. */
export function trusts(trust: Policy, action: string, assumer: Assumer, context: RequestContext): boolean {
  const effects = trust.statements
    .filter((statement) => concerns(statement, action, assumer, context))
    .map((statement) => statement.effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}
