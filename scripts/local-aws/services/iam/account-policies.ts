import { AwsError } from '../../wire/errors.ts';
import type { Policy } from './policy.ts';
import { limitExceeded, noSuchEntity } from './roles.ts';

interface PolicyVersion {
  /** `v1`: never given again. */
  readonly id: string;
  readonly document: Policy;
  readonly created: Date;
}

/** A managed policy of the account's own. */
export interface AccountPolicy {
  readonly name: string;
  readonly path: string;
  /** `ANPA…` */
  readonly id: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly created: Date;
  updated: Date;
  /** Oldest first. */
  versions: readonly PolicyVersion[];
  /** The id of the one that counts. */
  inForce: string;
  latest: number;
  readonly tags: Map<string, string>;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, white space not counted */
const sizeQuota = 6_144;
const versionQuota = 5;

/** AWS's own managed policies: taken to exist, since nobody but AWS can list them. */
export const isAwsManaged = (arn: string): boolean => /^arn:[^:]+:iam::aws:policy\/.+$/.test(arn);

export const notThere = (arn: string): AwsError => noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);

/** @throws AwsError LimitExceeded */
export function checkSize(text: string): void {
  if (text.replaceAll(/\s/g, '').length > sizeQuota)
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${sizeQuota}`);
}

/** @throws AwsError NoSuchEntity */
export function versionOf({ arn, versions }: AccountPolicy, id: string): PolicyVersion {
  const version = versions.find((each) => each.id === id);
  if (!version) throw noSuchEntity(`Policy ${arn} version ${id} does not exist or is not attachable.`);
  return version;
}

/** Adds a version and returns its id. @throws AwsError LimitExceeded for a sixth one */
export function addVersion(policy: AccountPolicy, document: Policy, created: Date): string {
  if (policy.versions.length === versionQuota)
    throw limitExceeded(
      `A managed policy can have up to ${versionQuota} versions. Before you create a new version, you must delete an existing version.`,
    );
  policy.latest += 1;
  const id = `v${policy.latest}`;
  policy.versions = [...policy.versions, { id, document, created }];
  policy.updated = created;
  return id;
}

/** Every managed policy of the account's own. */
export class AccountPolicies {
  readonly #byArn = new Map<string, AccountPolicy>();

  /** Sorted by name, which is how IAM lists. */
  all(): readonly AccountPolicy[] {
    return [...this.#byArn.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws AwsError NoSuchEntity */
  get(arn: string): AccountPolicy {
    const policy = this.#byArn.get(arn);
    if (!policy) throw notThere(arn);
    return policy;
  }

  has(arn: string): boolean {
    return this.#byArn.has(arn);
  }

  /** What it allows now; `undefined` for a policy that is not there. */
  documentOf(arn: string): Policy | undefined {
    const policy = this.#byArn.get(arn);
    return policy && versionOf(policy, policy.inForce).document;
  }

  /** @throws AwsError EntityAlreadyExists: names are unique whatever their case and path. */
  add(policy: AccountPolicy): void {
    if (this.all().some(({ name }) => name.toLowerCase() === policy.name.toLowerCase()))
      throw new AwsError(
        'EntityAlreadyExists',
        `A policy called ${policy.name} already exists. Duplicate names are not allowed.`,
        409,
      );
    this.#byArn.set(policy.arn, policy);
  }

  remove({ arn }: AccountPolicy): void {
    this.#byArn.delete(arn);
  }
}
