import { AwsError } from '../../wire/errors.ts';
import { noSuchEntity, type Role } from './roles.ts';

/** What hands a role to EC2 instances. */
export interface InstanceProfile {
  readonly name: string;
  readonly path: string;
  /** `AIPA…`: another one when a profile of the same name is created again. */
  readonly id: string;
  readonly arn: string;
  readonly created: Date;
  /** One at most: the quota cannot be raised. */
  role: Role | undefined;
  readonly tags: Map<string, string>;
}

/** Every instance profile of the account. */
export class InstanceProfiles {
  readonly #byName = new Map<string, InstanceProfile>();

  /** Sorted by name, which is how IAM lists. */
  all(): readonly InstanceProfile[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  of(role: Role): readonly InstanceProfile[] {
    return this.all().filter((profile) => profile.role === role);
  }

  /** @throws AwsError NoSuchEntity */
  get(name: string): InstanceProfile {
    const profile = this.named(name);
    if (!profile) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
    return profile;
  }

  /** @throws AwsError EntityAlreadyExists: names are unique whatever their case. */
  add(profile: InstanceProfile): void {
    if (this.named(profile.name))
      throw new AwsError('EntityAlreadyExists', `Instance Profile ${profile.name} already exists.`, 409);
    this.#byName.set(profile.name.toLowerCase(), profile);
  }

  remove(profile: InstanceProfile): void {
    this.#byName.delete(profile.name.toLowerCase());
  }

  named(name: string): InstanceProfile | undefined {
    return this.#byName.get(name.toLowerCase());
  }
}
