import { AwsError } from '../../wire/errors.ts';
import type { Caller, SecretValue, World } from '../../world.ts';
import type { SecretsManagerHandlers } from './model.ts';
import { requireOne, type Secret, SecretBook, stageOf } from './secret-book.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html; those who do not say get the most. */
const recoveryDays = { fewest: 7, most: 30 };
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
        const token = requireToken(ClientRequestToken);
        const hasValue = value.SecretString !== undefined || value.SecretBinary !== undefined;
        if (hasValue) requireOne(value);
        const secret = book.create(Name, Description);
        return { ...named(secret), VersionId: hasValue ? book.put(secret, value, token).id : undefined };
      },
      PutSecretValue({ SecretId, ClientRequestToken, VersionStages = ['AWSCURRENT'], ...value }) {
        const token = requireToken(ClientRequestToken);
        checkStages(VersionStages);
        const secret = book.usable(SecretId);
        const version = book.put(secret, value, token);
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
      DeleteSecret({ SecretId, RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: isForced = false }) {
        checkRecovery(days, isForced);
        const secret = book.usable(SecretId);
        const deletedFrom = world.clock.now() + (isForced ? 0 : (days ?? recoveryDays.most) * day);
        secret.deletedFrom = deletedFrom;
        return { ...named(secret), DeletionDate: new Date(deletedFrom) };
      },
    },
  };
}

/** The SDKs and the CLI make one up; AWS refuses who sends none, although its model calls the member optional. */
function requireToken(token: string | undefined): string {
  if (token !== undefined) return token;
  throw new AwsError(
    'InvalidRequestException',
    'You must provide a ClientRequestToken value. We recommend a UUID-type value.',
  );
}

function checkStages(stages: readonly string[]): void {
  const other = stages.find((stage) => stage !== 'AWSCURRENT');
  if (other !== undefined)
    throw new AwsError(
      'NotImplemented',
      `secretsmanager's VersionStages other than AWSCURRENT, such as ${other}, are not implemented by the embedded AWS`,
      501,
    );
}

function checkRecovery(days: number | undefined, isForced: boolean): void {
  if (days === undefined) return;
  if (isForced) throw invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  if (days < recoveryDays.fewest || days > recoveryDays.most)
    throw invalid('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);

const named = ({ arn, name }: Secret) => ({ ARN: arn, Name: name });
