import type { Caller, SecretValue, World } from '../../world.ts';
import type { SecretsManagerHandlers } from './model.ts';
import { requireOne, type Secret, SecretBook, stageOf } from './secret-book.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html */
const recoveryDays = 30;
const day = 24 * 3_600 * 1_000;

/** Secrets Manager: secrets with their current value and the one before. Nothing rotates them. */
export function createSecretsManager(world: World): {
  readonly handlers: SecretsManagerHandlers;
  /** Makes a secret under an ARN that was given. */
  readonly put: (arn: string, value: string) => void;
  /** Throws AwsError where there is no such value, or the reader may not have it. */
  readonly valueOf: (id: string, version: { id?: string; stage?: string }, reader: Caller) => SecretValue;
} {
  const book = new SecretBook(world);
  return {
    put: (arn, value) => void book.put(book.add(arn), { SecretString: value }),
    valueOf(id, version, reader) {
      const secret = book.usable(id);
      world.ports.authority.require(reader, 'secretsmanager:GetSecretValue', secret.arn);
      return book.version(secret, version).value;
    },
    handlers: {
      CreateSecret({ Name, Description, ClientRequestToken, ...value }) {
        const hasValue = value.SecretString !== undefined || value.SecretBinary !== undefined;
        if (hasValue) requireOne(value);
        const secret = book.create(Name, Description);
        return { ...named(secret), VersionId: hasValue ? book.put(secret, value, ClientRequestToken).id : undefined };
      },
      PutSecretValue({ SecretId, ClientRequestToken, ...value }) {
        const secret = book.usable(SecretId);
        const version = book.put(secret, value, ClientRequestToken);
        return { ...named(secret), VersionId: version.id, VersionStages: [stageOf(secret, version)] };
      },
      GetSecretValue({ SecretId, VersionId: id, VersionStage: stage }) {
        const secret = book.usable(SecretId);
        const version = book.version(secret, {
          ...(id !== undefined && { id }),
          ...(stage !== undefined && { stage }),
        });
        const stored = { VersionId: version.id, VersionStages: [stageOf(secret, version)] };
        return { ...named(secret), ...version.value, ...stored, CreatedDate: new Date(version.createdAt) };
      },
      DescribeSecret({ SecretId }) {
        const secret = book.get(SecretId);
        const { description: Description, createdAt, deletedFrom, versions } = secret;
        return {
          ...named(secret),
          Description,
          CreatedDate: new Date(createdAt),
          DeletedDate: deletedFrom === undefined ? undefined : new Date(deletedFrom),
          VersionIdsToStages: Object.fromEntries(versions.map((each) => [each.id, [stageOf(secret, each)]])),
        };
      },
      DeleteSecret({ SecretId, RecoveryWindowInDays = recoveryDays, ForceDeleteWithoutRecovery = false }) {
        const secret = book.usable(SecretId);
        const deletedFrom = world.clock.now() + (ForceDeleteWithoutRecovery ? 0 : RecoveryWindowInDays * day);
        secret.deletedFrom = deletedFrom;
        return { ...named(secret), DeletionDate: new Date(deletedFrom) };
      },
    },
  };
}

const named = ({ arn, name }: Secret) => ({ ARN: arn, Name: name });
