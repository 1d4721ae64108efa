import { type Limits, refuseWith } from '../wire/limits.ts';

const arnType = {
  min: 20,
  max: 2048,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
};
const roleSessionNameType = { min: 2, max: 64, pattern: '[\\w+=,.@-]*' };
const roleDurationSecondsType = { min: 900, max: 43200 };
const tagKeyType = { min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' };
const serialNumberType = { min: 9, max: 256, pattern: '[\\w+=/:,.@-]*' };
const tokenCodeType = { min: 6, max: 6, pattern: '[\\d]*' };

/** The API of AWS STS: https://docs.aws.amazon.com/STS/latest/APIReference/ */
export const stsLimits: Limits = {
  refuse: refuseWith('ValidationError'),
  structures: {
    AssumeRoleRequest: {
      RoleArn: arnType,
      RoleSessionName: roleSessionNameType,
      Policy: { min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
      DurationSeconds: roleDurationSecondsType,
      Tags: { max: 50 },
      TransitiveTagKeys: { max: 50 },
      'TransitiveTagKeys[]': tagKeyType,
      ExternalId: { min: 2, max: 1224, pattern: '[\\w+=,.@:\\/-]*' },
      SerialNumber: serialNumberType,
      TokenCode: tokenCodeType,
      SourceIdentity: roleSessionNameType,
      ProvidedContexts: { min: 1, max: 5 },
    },
    AssumeRoleWithWebIdentityRequest: {
      RoleArn: arnType,
      RoleSessionName: roleSessionNameType,
      WebIdentityToken: { min: 4, max: 20000 },
      ProviderId: { min: 4, max: 2048 },
      Policy: { min: 1, max: 2048, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
      DurationSeconds: roleDurationSecondsType,
    },
    GetSessionTokenRequest: {
      DurationSeconds: { min: 900, max: 129600 },
      SerialNumber: serialNumberType,
      TokenCode: tokenCodeType,
    },
    PolicyDescriptorType: {
      arn: arnType,
    },
    ProvidedContext: {
      ProviderArn: arnType,
      ContextAssertion: { min: 4, max: 2048 },
    },
    Tag: {
      Key: tagKeyType,
      Value: { max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
    },
  },
};
