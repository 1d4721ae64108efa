import { randomInt, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../wire/errors.ts';
import { describe } from '../../wire/limits.ts';
import type { SecretValue, World } from '../../world.ts';

interface Version {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAt: number;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  /** The latest is the first: AWSCURRENT, then AWSPREVIOUS. Older ones have no stage, and AWS removes them. */
  versions: readonly Version[];
  /** When it is gone, once it was deleted. */
  deletedFrom: number | undefined;
}

/** In bytes. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const longestValue = 65_536;

/** Throws AwsError for a value that is no text and no bytes, or both, or too long. */
export function requireOne({ SecretString: text, SecretBinary: bytes }: SecretValue): void {
  if ((text === undefined) === (bytes === undefined))
    throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
  if (text === undefined || Buffer.byteLength(text) <= longestValue) return;
  const rule = `have length less than or equal to ${longestValue}`;
  throw new AwsError('ValidationException', describe([{ path: 'secretString', value: text, isSensitive: true, rule }]));
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, Name */
function checkName(name: string): void {
  if (/^[\w/+=.@!-]+$/.test(name)) return;
  throw new AwsError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
}

/** Whether it names a secret, and not a parameter of SSM. */
export const isSecretArn = (reference: string): boolean => reference.split(':')[2] === 'secretsmanager';

const stages = ['AWSCURRENT', 'AWSPREVIOUS'] as const;

export const stageOf = (secret: Secret, version: Version): string => stages[secret.versions.indexOf(version)] ?? '';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Six characters that AWS puts behind a name, so that a secret made anew under it is another one. */
const ending = (): string => Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('');

const withoutEnding = (arn: string): string => arn.replace(/-\w{6}$/, '');

/** The secrets of the account, by ARN. */
export class SecretBook {
  readonly #world: World;
  readonly #secrets = new Map<string, Secret>();

  constructor(world: World) {
    this.#world = world;
  }

  create(name: string, description?: string): Secret {
    checkName(name);
    const there = this.#present().find((secret) => secret.name === name);
    if (there?.deletedFrom !== undefined)
      throw new AwsError(
        'InvalidRequestException',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    if (there !== undefined)
      throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    const { partition, region, account } = this.#world;
    const arn = `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-${ending()}`;
    return this.add(arn, name, description);
  }

  /** A secret under an ARN that was given. */
  add(arn: string, name = withoutEnding(arn.split(':')[6] ?? ''), description?: string): Secret {
    const createdAt = this.#world.clock.now();
    const secret: Secret = { arn, name, description, createdAt, versions: [], deletedFrom: undefined };
    this.#secrets.set(arn, secret);
    return secret;
  }

  /** Makes a value the current one. The token of a value that is there already is good for the same one again, and no other. */
  put(secret: Secret, value: SecretValue, id: string = randomUUID()): Version {
    requireOne(value);
    const known = secret.versions.find((version) => version.id === id);
    if (known !== undefined && isDeepStrictEqual(known.value, value)) return known;
    if (known !== undefined)
      throw new AwsError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    const version = { id, value, createdAt: this.#world.clock.now() };
    secret.versions = [version, ...secret.versions].slice(0, stages.length);
    return version;
  }

  /** By name, by ARN, or by an ARN without its last six characters. Throws AwsError where there is none. */
  get(id: string): Secret {
    const found = this.#present().find(({ arn, name }) => arn === id || name === id || withoutEnding(arn) === id);
    if (found === undefined) throw notFound("Secrets Manager can't find the specified secret.");
    return found;
  }

  /** As `get`, where it is not deleted. */
  usable(id: string): Secret {
    const secret = this.get(id);
    if (secret.deletedFrom === undefined) return secret;
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  version(secret: Secret, { id, stage }: { readonly id?: string; readonly stage?: string } = {}): Version {
    const found = secret.versions.find((each, at) => (id === undefined || each.id === id) && isStage(at, stage, id));
    if (found !== undefined) return found;
    const what = id === undefined ? `staging label: ${stage ?? stages[0]}` : `VersionId: ${id}`;
    throw notFound(`Secrets Manager can't find the specified secret value for ${what}`);
  }

  #present(): readonly Secret[] {
    const now = this.#world.clock.now();
    return [...this.#secrets.values()].filter(({ deletedFrom }) => deletedFrom === undefined || deletedFrom > now);
  }
}

/** Without a stage it is the current one, unless a version is named. */
const isStage = (at: number, stage: string | undefined, id: string | undefined): boolean =>
  stage === undefined ? id !== undefined || at === 0 : stages[at] === stage;

const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message);
