import { createHash } from 'node:crypto';
import { ownKey, type Settings } from './settings.ts';

/** The latest version of a parameter. */
export interface Parameter {
  readonly arn: string;
  readonly name: string;
  readonly version: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  readonly settings: Settings;
}

const identityOf = ({ arn, name, version, modifiedAt, settings }: Parameter) => ({
  ARN: arn,
  Name: name,
  Type: settings.type,
  Version: version,
  LastModifiedDate: new Date(modifiedAt),
  DataType: 'text',
});

/** Who does not ask for decryption gets what the key has made of a SecureString. */
export const withValue = (parameter: Parameter, decrypted: boolean) => ({
  ...identityOf(parameter),
  Value:
    decrypted || parameter.settings.type !== 'SecureString'
      ? parameter.settings.value
      : createHash('sha512').update(parameter.arn).digest('base64'),
});

export const metadataOf = (parameter: Parameter) => ({
  ...identityOf(parameter),
  Tier: parameter.settings.tier,
  Description: parameter.settings.description,
  KeyId: parameter.settings.type === 'SecureString' ? ownKey : undefined,
});
