import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';

/** An identity token of an OpenID Connect provider, as a trust policy sees it. */
interface WebIdentity {
  /** The ARN of the provider. */
  readonly provider: string;
  readonly audience: string;
  readonly subject: string;
  /** `<issuer>:aud` and `<issuer>:sub`, which trust policies put conditions on. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Reads a JSON Web Token. Its signature is not checked: the embedded AWS knows no provider's keys, and checks no
 * signatures of requests either.
 * @throws AwsError InvalidIdentityToken
 */
export function webIdentityOf({ partition, account }: World, token: string): WebIdentity {
  const claims = claimsOf(token);
  const { iss: issuer, aud: audience, sub: subject } = claims;
  if (typeof issuer !== 'string' || typeof audience !== 'string' || typeof subject !== 'string')
    throw new AwsError('InvalidIdentityToken', 'The ID Token provided is missing one of the claims iss, aud and sub.');
  const host = issuer.replace(/^https:\/\//, '');
  return {
    provider: `arn:${partition}:iam::${account}:oidc-provider/${host}`,
    audience,
    subject,
    context: { [`${host}:aud`]: audience, [`${host}:sub`]: subject },
  };
}

function claimsOf(token: string): { readonly [claim: string]: unknown } {
  const [, payload = ''] = token.split('.');
  const claims = parseJson(Buffer.from(payload, 'base64url').toString());
  if (typeof claims !== 'object' || claims === null)
    throw new AwsError('InvalidIdentityToken', 'The ID Token provided is not a valid JWT.');
  return { ...claims };
}

/** `undefined` for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
