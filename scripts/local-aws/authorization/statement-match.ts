import type { Policy, Principals, Statement } from '../services/iam/policy.ts';
import { type Condition, globTest } from '../services/iam/policy-conditions.ts';
import { AwsError } from '../wire/errors.ts';

type Test = (value: string) => boolean;

/** A statement whose patterns are made ready, so that asking it costs next to nothing. */
export interface ReadyStatement {
  readonly effect: 'Allow' | 'Deny';
  /** The action in small letters: policies may spell it in any case. */
  concerns(action: string, resource: string): boolean;
  readonly principals: Principals | undefined;
  readonly notPrincipals: Principals | undefined;
  readonly conditions: readonly Condition[];
}

const ready = new WeakMap<Policy, readonly ReadyStatement[]>();

/** A policy's statements, made ready once: a policy that changes is another object. */
export function readyStatements(policy: Policy): readonly ReadyStatement[] {
  const known = ready.get(policy);
  if (known !== undefined) return known;
  const made = policy.statements.map(makeReady);
  ready.set(policy, made);
  return made;
}

function makeReady(statement: Statement): ReadyStatement {
  const { effect, principals, notPrincipals, conditions } = statement;
  const lower = (patterns: readonly string[] | undefined) => patterns?.map((pattern) => pattern.toLowerCase());
  const action = oneOf(lower(statement.actions), lower(statement.notActions));
  // A trust policy names no resource: it is about the role that it belongs to.
  const resource = oneOf(statement.resources, statement.notResources);
  const concerns = (asked: string, on: string): boolean => action(asked) && resource(on);
  return { effect, concerns, principals, notPrincipals, conditions };
}

function oneOf(patterns: readonly string[] | undefined, others: readonly string[] | undefined): Test {
  if (patterns !== undefined) return anyOf(patterns);
  if (others === undefined) return () => true;
  const isOther = anyOf(others);
  return (value) => !isOther(value);
}

function anyOf(patterns: readonly string[]): Test {
  for (const pattern of patterns) refuseVariables(pattern);
  if (patterns.includes('*')) return () => true;
  const texts = new Set(patterns.filter((pattern) => !/[*?]/.test(pattern)));
  const globs = patterns.filter((pattern) => !texts.has(pattern)).map(globTest);
  return (value) => texts.has(value) || globs.some((fits) => fits(value));
}

/** `${aws:username}` and the like, which would silently never fit. */
function refuseVariables(pattern: string): void {
  if (pattern.includes('${'))
    throw new AwsError(
      'NotImplemented',
      `The policy variable in ${pattern} is not implemented by the embedded AWS`,
      501,
    );
}
