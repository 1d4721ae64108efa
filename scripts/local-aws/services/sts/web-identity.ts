import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { IdentityProviders } from '../iam/identity-providers.ts';
import { parseJson } from '../json.ts';

/** An identity token of an OpenID Connect provider, as a trust policy sees it. */
interface WebIdentity {
  /** The ARN of the provider. */
  readonly provider: string;
  readonly audience: string;
  readonly subject: string;
  /** `<issuer>:aud`, `<issuer>:sub` and the other claims of GitHub, which trust policies put conditions on. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Reads a JSON Web Token. Its signature is not checked: the embedded AWS knows no provider's keys, and checks no
 * signatures of requests either.
 * @throws AwsError InvalidIdentityToken
 */
export function webIdentityOf({ partition, account }: World, providers: IdentityProviders, token: string): WebIdentity {
  const claims = claimsOf(token);
  const { iss: issuer, aud: audience, sub: subject } = claims;
  if (typeof issuer !== 'string' || typeof audience !== 'string' || typeof subject !== 'string')
    throw new AwsError('InvalidIdentityToken', 'The ID Token provided is missing one of the claims iss, aud and sub.');
  const host = issuer.replace(/^https:\/\//, '');
  const arn = `arn:${partition}:iam::${account}:oidc-provider/${host}`;
  const provider = providers.find(arn);
  if (provider === undefined)
    throw new AwsError('InvalidIdentityToken', `No OpenIDConnect provider found in your account for https://${host}`);
  if (!provider.clients.has(audience)) throw new AwsError('InvalidIdentityToken', 'Incorrect token audience');
  const context = Object.fromEntries(
    ['aud', 'sub', ...(host === github ? githubClaims : [])].flatMap((claim) => {
      const value = claims[claim];
      return typeof value === 'string' ? [[`${host}:${claim}`, value]] : [];
    }),
  );
  return { provider: arn, audience, subject, context };
}

const github = 'token.actions.githubusercontent.com';

/**
 * What STS reads of GitHub's tokens beside audience and subject.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
const githubClaims = [
  ...['actor', 'actor_id', 'enterprise_id', 'environment', 'job_workflow_ref'],
  ...['ref', 'repository', 'repository_id', 'workflow'],
] as const;

function claimsOf(token: string): { readonly [claim: string]: unknown } {
  const [, payload = ''] = token.split('.');
  const claims = parseJson(Buffer.from(payload, 'base64url').toString());
  if (typeof claims !== 'object' || claims === null)
    throw new AwsError('InvalidIdentityToken', 'The ID Token provided is not a valid JWT.');
  return { ...claims };
}
