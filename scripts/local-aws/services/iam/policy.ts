import { AwsError } from '../../wire/errors.ts';
import { type Condition, parseConditions } from './policy-conditions.ts';
import { isFields, malformed, stringsOf } from './policy-syntax.ts';

/** Lists in place of AWS's "one or many". Of each pair at most one is there; a missing member restricts nothing. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: Principals | undefined;
  readonly notPrincipals: Principals | undefined;
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  readonly conditions: readonly Condition[];
}
/** By type: AWS, Service, Federated. The principal `*` is everybody, written as `{ AWS: ['*'] }`. */
export type Principals = ReadonlyMap<string, readonly string[]>;

/** A policy as it was given, which is how AWS answers it, and as an evaluator reads it. */
export interface Policy {
  readonly text: string;
  readonly statements: readonly Statement[];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
}

function parsePrincipals(value: unknown): Principals | undefined {
  if (value === undefined) return undefined;
  if (value === '*') return new Map([['AWS', ['*']]]);
  if (!isFields(value)) throw malformed('Syntax errors in policy.');
  for (const type of Object.keys(value))
    if (!['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(type))
      throw malformed(`Invalid principal in policy: "${type}"`);
  return new Map(Object.entries(value).map(([type, ids]) => [type, stringsOf(ids)]));
}

const known = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

function parseStatement(value: unknown): Statement {
  if (!isFields(value) || Object.keys(value).some((key) => !known.has(key)))
    throw malformed('Syntax errors in policy.');
  const { Sid: sid, Effect: effect, Action, NotAction, Resource, NotResource } = value;
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('Syntax errors in policy.');
  if (sid !== undefined && typeof sid !== 'string') throw malformed('Syntax errors in policy.');
  if ((Action === undefined) === (NotAction === undefined)) throw malformed('Policy statement must contain actions.');
  return {
    sid,
    effect,
    principals: parsePrincipals(value['Principal']),
    notPrincipals: parsePrincipals(value['NotPrincipal']),
    actions: Action === undefined ? undefined : stringsOf(Action),
    notActions: NotAction === undefined ? undefined : stringsOf(NotAction),
    resources: Resource === undefined ? undefined : stringsOf(Resource),
    notResources: NotResource === undefined ? undefined : stringsOf(NotResource),
    conditions: parseConditions(value['Condition']),
  };
}

/**
 * Reads any IAM policy document.
 * @throws AwsError MalformedPolicyDocument, in IAM's words
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
function parsePolicy(text: string): Policy {
  const document = parseJson(text);
  if (!isFields(document)) throw malformed('Syntax errors in policy.');
  const { Version: version = '2008-10-17', Statement: given } = document;
  if (version !== '2012-10-17' && version !== '2008-10-17') throw malformed('Syntax errors in policy.');
  const statements: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  if (statements.length === 0) throw malformed('Syntax errors in policy.');
  const parsed = statements.map(parseStatement);
  const sids = parsed.flatMap(({ sid }) => sid ?? []);
  if (new Set(sids).size < sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
  return { text, statements: parsed };
}

/** A policy of a resource. What each service refuses beyond that is its own affair. */
export const parseResourcePolicy = parsePolicy;

/** Throws what the resource's service answers when it is given a policy that could not be decided by. */
export function checkResourcePolicy(text: string, refuse: (reason: string) => AwsError): void {
  try {
    parsePolicy(text);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'MalformedPolicyDocument') throw refuse(error.message);
    throw error;
  }
}

/** A policy that says what a role may do. */
export function parseIdentityPolicy(text: string): Policy {
  const policy = parsePolicy(text);
  for (const statement of policy.statements) {
    if (statement.principals || statement.notPrincipals)
      throw malformed('Policy document should not specify a principal.');
    if (!statement.resources && !statement.notResources) throw malformed('Policy statement must contain resources.');
    for (const action of statement.actions ?? statement.notActions ?? [])
      if (action !== '*' && !/^[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+$/.test(action))
        throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    for (const resource of statement.resources ?? statement.notResources ?? [])
      if (resource !== '*' && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:/.test(resource))
        throw malformed(`Resource ${resource} must be in ARN format or "*".`);
  }
  return policy;
}

/** A policy that says who may take on a role. */
export function parseTrustPolicy(text: string): Policy {
  const policy = parsePolicy(text);
  for (const statement of policy.statements) {
    if (statement.resources || statement.notResources) throw malformed('Has prohibited field Resource');
    if (!statement.principals && !statement.notPrincipals) throw malformed('Missing required field Principal');
    if (!statement.actions?.every((action) => action.startsWith('sts:')))
      throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
  return policy;
}
