import type * as STS from '@aws-sdk/client-sts';
import { AwsError } from '../../wire/errors.ts';
import type { Handlers } from '../../wire/service.ts';
import type { Credentials, World } from '../../world.ts';
import type { IdentityProviders } from '../iam/identity-providers.ts';
import type { Role } from '../iam/roles.ts';
import type { Sessions } from '../iam/sessions.ts';
import { webIdentityOf } from './web-identity.ts';

type StsHandlers = Handlers<typeof STS>;

/** STS: who is calling, and credentials of roles for those whom the roles trust. */
export function createSts(
  world: World,
  sessions: Sessions,
  providers: IdentityProviders,
): { readonly handlers: StsHandlers } {
  const caller = (accessKeyId: string | undefined) => callerOf(world, sessions, accessKeyId);
  const issue = (role: Role, name: string, duration: number | undefined) => {
    const credentials = sessions.issue({ type: 'role', role, name }, durationFor(role, duration));
    return {
      Credentials: shown(credentials),
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${name}`, Arn: sessionArn(world, role, name) },
      PackedPolicySize: 0,
    };
  };
  return {
    handlers: {
      GetCallerIdentity(_input, context) {
        const { userId, arn } = caller(context.accessKeyId);
        return { UserId: userId, Account: world.account, Arn: arn };
      },
      AssumeRole(input, context) {
        const { arn, names } = caller(context.accessKeyId);
        const known = input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId };
        const assumer = { type: 'AWS', names } as const;
        const role = sessions.trustedRole(input.RoleArn, 'sts:AssumeRole', assumer, known);
        if (!role)
          throw accessDenied(`User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`);
        return issue(role, input.RoleSessionName, input.DurationSeconds);
      },
      AssumeRoleWithWebIdentity(input) {
        const { provider, audience, subject, context } = webIdentityOf(world, providers, input.WebIdentityToken);
        const assumer = { type: 'Federated', names: [provider] } as const;
        const role = sessions.trustedRole(input.RoleArn, 'sts:AssumeRoleWithWebIdentity', assumer, context);
        if (!role) throw accessDenied('Not authorized to perform sts:AssumeRoleWithWebIdentity');
        return {
          ...issue(role, input.RoleSessionName, input.DurationSeconds),
          SubjectFromWebIdentityToken: subject,
          Audience: audience,
          Provider: provider,
        };
      },
      GetSessionToken(input, context) {
        if (sessions.sessionOf(context.accessKeyId))
          throw accessDenied('Cannot call GetSessionToken with session credentials');
        return { Credentials: shown(sessions.issue({ type: 'account' }, input.DurationSeconds ?? 43_200)) };
      },
    },
  };
}

const accessDenied = (message: string): AwsError => new AwsError('AccessDenied', message, 403);

const shown = ({ accessKeyId, secretAccessKey, sessionToken, expiration }: Credentials) => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: sessionToken,
  Expiration: expiration,
});

const sessionArn = ({ partition, account }: World, role: Role, session: string): string =>
  `arn:${partition}:sts::${account}:assumed-role/${role.name}/${session}`;

/** Keys that were not issued here are those of the person at the keyboard, who is the account itself. */
function callerOf(world: World, sessions: Sessions, accessKeyId: string | undefined) {
  const { partition, account } = world;
  const session = sessions.sessionOf(accessKeyId);
  const root = `arn:${partition}:iam::${account}:root`;
  if (session?.type !== 'role') return { userId: account, arn: root, names: [root, account] };
  const { role, name } = session;
  const arn = sessionArn(world, role, name);
  // A trust policy that names the account trusts everybody in it.
  return { userId: `${role.id}:${name}`, arn, names: [arn, role.arn, root, account] };
}

/** Seconds. @throws AwsError ValidationError beyond what the role allows */
function durationFor(role: Role, asked = 3600): number {
  if (asked <= role.maxSessionDuration) return asked;
  throw new AwsError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  );
}
