import { randomBytes } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import type { Credentials, Identity, Principal, World } from '../../world.ts';
import type { InstanceProfiles } from './instance-profiles.ts';
import type { RequestContext } from './policy-conditions.ts';
import type { Role, Roles } from './roles.ts';
import { type Assumer, trusts } from './trust.ts';

/** What stands behind an access key that was issued here. */
type Session = { readonly expiration: Date } & (
  | { readonly type: 'role'; readonly role: Role; readonly name: string }
  | { readonly type: 'account' }
);

/** The lifetime of credentials that services get for a role, in seconds. */
const serviceSession = 3600;

/** Issues temporary credentials and knows whose they are. Nothing is written down: keys end with the run. */
export class Sessions implements Identity {
  readonly #world: World;
  readonly #roles: Roles;
  readonly #profiles: InstanceProfiles;
  readonly #sessions = new Map<string, Session>();

  constructor(world: World, roles: Roles, profiles: InstanceProfiles) {
    this.#world = world;
    this.#roles = roles;
    this.#profiles = profiles;
  }

  /**
   * What a service gets when it works as a role, for one hour.
   * @param service the service's principal, `lambda.amazonaws.com`, or its first part
   * @throws AwsError in the words of that service when the role does not exist or does not trust it
   */
  credentialsFor(roleArn: string, session: string, service: string): Credentials {
    const principal = service.includes('.') ? service : `${service}.amazonaws.com`;
    const context = { 'aws:SourceAccount': this.#world.account };
    const role = this.trustedRole(roleArn, 'sts:AssumeRole', { type: 'Service', names: [principal] }, context);
    if (!role) throw cannotAssume(roleArn, principal);
    return this.issue({ type: 'role', role, name: session }, serviceSession);
  }

  principalOf(accessKeyId: string | undefined): Principal {
    if (accessKeyId === undefined) return { type: 'nobody', because: 'unsigned' };
    const session = this.sessionOf(accessKeyId);
    if (session === undefined) return { type: 'account' };
    if (session.expiration.getTime() <= this.#world.clock.now()) return { type: 'nobody', because: 'expired' };
    if (session.type === 'account') return { type: 'account' };
    const { role, name } = session;
    // A role that was created again under its name is another one.
    if (this.#roles.withArn(role.arn) !== role) return { type: 'nobody', because: 'unknown' };
    return { type: 'role', roleArn: role.arn, session: name };
  }

  roleArn(roleName: string): string {
    const { partition, account } = this.#world;
    return this.#roles.named(roleName)?.arn ?? `arn:${partition}:iam::${account}:role/${roleName}`;
  }

  instanceProfileArn(name: string): string {
    const { partition, account } = this.#world;
    return this.#profiles.named(name)?.arn ?? `arn:${partition}:iam::${account}:instance-profile/${name}`;
  }

  boundaryOf(roleName: string): string | undefined {
    return this.#roles.named(roleName)?.boundary;
  }

  sessionOf(accessKeyId: string | undefined): Session | undefined {
    return accessKeyId === undefined ? undefined : this.#sessions.get(accessKeyId);
  }

  /** The role, if it exists and its trust policy lets the assumer take it on. */
  trustedRole(roleArn: string, action: string, assumer: Assumer, context: RequestContext): Role | undefined {
    const role = this.#roles.withArn(roleArn);
    return role && trusts(role.trust, action, assumer, context) ? role : undefined;
  }

  /** `ASIA` marks temporary keys; the lengths are those of real ones. */
  issue(
    session: { readonly type: 'role'; readonly role: Role; readonly name: string } | { readonly type: 'account' },
    seconds: number,
  ): Credentials {
    const expiration = new Date(Math.floor(this.#world.clock.now() / 1000 + seconds) * 1000);
    const accessKeyId = `ASIA${[...randomBytes(16)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')}`;
    this.#sessions.set(accessKeyId, { ...session, expiration });
    return {
      accessKeyId,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(240).toString('base64'),
      expiration,
    };
  }
}

function cannotAssume(roleArn: string, service: string): AwsError {
  switch (service) {
    case 'lambda.amazonaws.com':
      return new AwsError(
        'InvalidParameterValueException',
        'The role defined for the function cannot be assumed by Lambda.',
      );
    case 'ecs-tasks.amazonaws.com':
      return new AwsError(
        'ClientException',
        `ECS was unable to assume the role '${roleArn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
      );
    default:
      return new AwsError(
        'AccessDenied',
        `User: ${service} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        403,
      );
  }
}
