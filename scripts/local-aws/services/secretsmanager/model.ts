import type { Handlers } from '../../wire/service.ts';
import { jsonClient, kinds, operation, sensitive, structure, type Written } from '../../wire/written-model.ts';
import type { SecretValue } from '../../world.ts';

const { text, number, flag, time, bytes, texts, textsByName, anything } = kinds;

interface Named {
  readonly ARN: string;
  readonly Name: string;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/, as far as it is here. */
export interface SecretsManagerModule {
  readonly CreateSecretCommand: Written<
    SecretValue & { readonly Name: string; readonly Description?: string; readonly ClientRequestToken?: string },
    Named & { readonly VersionId?: string | undefined }
  >;
  readonly PutSecretValueCommand: Written<
    SecretValue & {
      readonly SecretId: string;
      readonly ClientRequestToken?: string;
      readonly VersionStages?: readonly string[];
    },
    Named & { readonly VersionId: string; readonly VersionStages: readonly string[] }
  >;
  readonly GetSecretValueCommand: Written<
    { readonly SecretId: string; readonly VersionId?: string; readonly VersionStage?: string },
    Named &
      SecretValue & {
        readonly VersionId: string;
        readonly VersionStages: readonly string[];
        readonly CreatedDate: Date;
      }
  >;
  readonly DescribeSecretCommand: Written<
    { readonly SecretId: string },
    Named & {
      readonly Description?: string | undefined;
      readonly CreatedDate: Date;
      readonly DeletedDate?: Date | undefined;
      readonly VersionIdsToStages: Readonly<Record<string, readonly string[]>>;
    }
  >;
  readonly DeleteSecretCommand: Written<
    {
      readonly SecretId: string;
      readonly RecoveryWindowInDays?: number;
      readonly ForceDeleteWithoutRecovery?: boolean;
    },
    Named & { readonly DeletionDate: Date }
  >;
}

export type SecretsManagerHandlers = Handlers<SecretsManagerModule>;

const value = { SecretString: sensitive(text), SecretBinary: sensitive(bytes) };
const named = { ARN: text, Name: text };
const version = { VersionId: text, VersionStages: texts };

export const secretsManagerModel = {
  createSecret: operation(
    'CreateSecret',
    structure(
      'CreateSecretRequest',
      { Name: text },
      { ...value, Description: text, ClientRequestToken: text },
      { KmsKeyId: text, Tags: anything, AddReplicaRegions: anything, ForceOverwriteReplicaSecret: flag, Type: text },
    ),
    structure('CreateSecretResponse', {}, { ...named, VersionId: text }),
  ),
  putSecretValue: operation(
    'PutSecretValue',
    structure(
      'PutSecretValueRequest',
      { SecretId: text },
      { ...value, ClientRequestToken: text, VersionStages: texts },
      { RotationToken: sensitive(text) },
    ),
    structure('PutSecretValueResponse', {}, { ...named, ...version }),
  ),
  getSecretValue: operation(
    'GetSecretValue',
    structure('GetSecretValueRequest', { SecretId: text }, { VersionId: text, VersionStage: text }),
    structure('GetSecretValueResponse', {}, { ...named, ...value, ...version, CreatedDate: time }),
  ),
  describeSecret: operation(
    'DescribeSecret',
    structure('DescribeSecretRequest', { SecretId: text }),
    structure(
      'DescribeSecretResponse',
      {},
      { ...named, Description: text, CreatedDate: time, DeletedDate: time, VersionIdsToStages: textsByName },
    ),
  ),
  deleteSecret: operation(
    'DeleteSecret',
    structure(
      'DeleteSecretRequest',
      { SecretId: text },
      { RecoveryWindowInDays: number, ForceDeleteWithoutRecovery: flag },
    ),
    structure('DeleteSecretResponse', {}, { ...named, DeletionDate: time }),
  ),
};

export const SecretsManagerModelClient = jsonClient('secretsmanager', 'secretsmanager');
