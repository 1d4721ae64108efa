import { type Limits, refuseWith } from '../wire/limits.ts';

const secretId = { min: 1, max: 2048 };
const versionId = { min: 32, max: 64 };
const stage = { min: 1, max: 256 };
const value = { min: 1, max: 65536 };
const kmsKeyId = { max: 2048 };

/** The API of AWS Secrets Manager: https://docs.aws.amazon.com/secretsmanager/latest/apireference/ */
export const secretsManagerLimits: Limits = {
  refuse: refuseWith('ValidationException'),
  structures: {
    /** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
    CreateSecretRequest: {
      Name: { min: 1, max: 512 },
      ClientRequestToken: versionId,
      Description: { max: 2048 },
      KmsKeyId: kmsKeyId,
      SecretBinary: value,
      SecretString: value,
      AddReplicaRegions: { min: 1 },
      Type: { max: 256 },
    },
    /** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html */
    DeleteSecretRequest: {
      SecretId: secretId,
    },
    /** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html */
    DescribeSecretRequest: {
      SecretId: secretId,
    },
    /** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
    GetSecretValueRequest: {
      SecretId: secretId,
      VersionId: versionId,
      VersionStage: stage,
    },
    /** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
    PutSecretValueRequest: {
      SecretId: secretId,
      ClientRequestToken: versionId,
      SecretBinary: value,
      SecretString: value,
      VersionStages: { min: 1, max: 20 },
      'VersionStages[]': stage,
      RotationToken: { min: 36, max: 256, pattern: '^[a-zA-Z0-9\\-]+$' },
    },
  },
};
