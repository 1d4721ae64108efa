import { AwsError } from '../wire/errors.ts';
import type { Decision } from './decision.ts';

interface Manner {
  readonly code: string;
  readonly status: number;
  /** How the service spells actions in its messages. */
  readonly spell?: (action: string) => string;
}

const xml: Manner = { code: 'AccessDenied', status: 403 };
const rest: Manner = { code: 'AccessDeniedException', status: 403 };
const json: Manner = { code: 'AccessDeniedException', status: 400 };

/** By signing name: each service denies in its own way. */
const manners: Readonly<Record<string, Manner>> = {
  batch: rest,
  ecr: json,
  events: json,
  iam: xml,
  lambda: rest,
  logs: json,
  monitoring: xml,
  s3: xml,
  scheduler: rest,
  secretsmanager: json,
  sns: { code: 'AuthorizationError', status: 403, spell: (action) => action.replace(/^sns:/, 'SNS:') },
  sqs: { code: 'AccessDenied', status: 403, spell: (action) => action.toLowerCase() },
  ssm: json,
  sts: xml,
  tagging: json,
};

/** Those that speak query or XML have codes without the ending. */
const plain = new Set(['iam', 'monitoring', 's3', 'sns', 'sqs', 'sts']);
const mannerOf = (service: string): Manner => manners[service] ?? json;

/** What is known beyond AWS's own words: why the embedded AWS could not know better. */
export function accessDenied(
  service: string,
  user: string,
  action: string,
  resource: string,
  decision: Extract<Decision, { readonly allowed: false }>,
  note = '',
): AwsError {
  const { code, status, spell = (text: string) => text } = mannerOf(service);
  const spelt = spell(action);
  const on = service === 's3' ? `"${resource}"` : resource;
  const article = /^[aeiou]/.test(decision.by) ? 'an' : 'a';
  const reason = decision.explicit
    ? `with an explicit deny in ${article} ${decision.by}`
    : `because no ${decision.by} allows the ${spelt} action`;
  const message = `User: ${user} is not authorized to perform: ${spelt} on resource: ${on} ${reason}${note}`;
  return new AwsError(code, message, status);
}

/** Credentials of a session that has ended. */
export function expiredToken(service: string): AwsError {
  if (service === 's3') return new AwsError('ExpiredToken', 'The provided token has expired.', 400);
  const message = 'The security token included in the request is expired';
  return new AwsError(plain.has(service) ? 'ExpiredToken' : 'ExpiredTokenException', message, 403);
}

/** Credentials of a session whose role is gone. */
export function invalidToken(service: string): AwsError {
  if (service === 's3')
    return new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403);
  const message = 'The security token included in the request is invalid.';
  return new AwsError(plain.has(service) ? 'InvalidClientTokenId' : 'UnrecognizedClientException', message, 403);
}

/** A request without a signature where there must be one. */
export function unsigned(service: string): AwsError {
  if (service === 's3') return new AwsError('AccessDenied', 'Access Denied', 403);
  const code = plain.has(service) ? 'MissingAuthenticationToken' : 'MissingAuthenticationTokenException';
  return new AwsError(code, 'Request is missing Authentication Token', 403);
}
