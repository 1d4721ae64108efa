import { AwsError } from '../../wire/errors.ts';
import type { Policy } from './policy.ts';

export interface Role {
  readonly name: string;
  readonly path: string;
  /** `AROA…`: another one when a role of the same name is created again. */
  readonly id: string;
  readonly arn: string;
  readonly created: Date;
  description: string | undefined;
  /** Seconds. */
  maxSessionDuration: number;
  trust: Policy;
  /** The ARN of the policy that bounds the role's permissions. */
  boundary: string | undefined;
  /** By name. */
  readonly inline: Map<string, Policy>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  readonly tags: Map<string, string>;
}

export const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, 404);
export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceeded', message, 409);

/** Every role of the account. */
export class Roles {
  readonly #byName = new Map<string, Role>();

  /** Sorted by name, which is how IAM lists. */
  all(): readonly Role[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws AwsError NoSuchEntity */
  get(name: string): Role {
    const role = this.named(name);
    if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    return role;
  }

  withArn(arn: string): Role | undefined {
    const role = this.named(arn.slice(arn.lastIndexOf('/') + 1));
    return role?.arn === arn ? role : undefined;
  }

  /** @throws AwsError EntityAlreadyExists: names are unique whatever their case. */
  add(role: Role): void {
    if (this.named(role.name))
      throw new AwsError('EntityAlreadyExists', `Role with name ${role.name} already exists.`, 409);
    this.#byName.set(role.name.toLowerCase(), role);
  }

  remove(role: Role): void {
    this.#byName.delete(role.name.toLowerCase());
  }

  named(name: string): Role | undefined {
    return this.#byName.get(name.toLowerCase());
  }
}
