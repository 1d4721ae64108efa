import { AwsError } from '../../wire/errors.ts';
import type { SsmHandlers, Tier } from './model.ts';

type Input = Parameters<NonNullable<SsmHandlers['PutParameter']>>[0];

/** What a call sets. */
export interface Settings {
  readonly type: string;
  readonly value: string;
  readonly tier: Tier;
  readonly description: string | undefined;
}

/** In characters. https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const longestValues: Readonly<Record<Tier, number>> = { Standard: 4_096, Advanced: 8_192 };

/** The key that encrypts a SecureString when none is named; no other one is here. */
export const ownKey = 'alias/aws/ssm';

/** Throws ValidationException; what AWS would take and this does not, it names with a 501. */
export function settingsOf(input: Input, before: Settings | undefined): Settings {
  const type = input.Type ?? before?.type;
  if (type === undefined)
    throw invalid('A parameter type is required when you create a parameter. Please provide a type.');
  checkKey(input.KeyId, type);
  checkDataType(input.DataType);
  const { Value: value, Description: description = before?.description } = input;
  return { type, value, tier: tierOf(input, before), description };
}

function checkKey(key: string | undefined, type: string): void {
  if (key === undefined) return;
  if (type !== 'SecureString') throw invalid('KeyId is required for SecureString type parameter only.');
  if (key !== ownKey) throw notImplemented(`a KeyId other than ${ownKey}`);
}

function checkDataType(dataType = 'text'): void {
  if (dataType === 'text') return;
  if (['aws:ec2:image', 'aws:ssm:integration'].includes(dataType)) throw notImplemented(`the DataType ${dataType}`);
  throw invalid(`The following data type is not supported: ${dataType} (Data type names are all lowercase.)`);
}

const lengthOf = (value: string): number => [...value].length;

/** The cheapest that can hold a value. */
export const tierNeededFor = (value: string): Tier =>
  lengthOf(value) > longestValues.Standard ? 'Advanced' : 'Standard';

/**
 * Who names no tier asks for the default one, which is Standard unless the account says otherwise.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-default-tier.html
 */
function tierOf({ Tier: asked = 'Standard', Value: value }: Input, before: Settings | undefined): Tier {
  if (value === '') throw invalid("A parameter's value must have a length greater than or equal to 1.");
  const needed = before?.tier === 'Advanced' ? 'Advanced' : tierNeededFor(value);
  const tier = asked === 'Intelligent-Tiering' ? needed : asked === 'Advanced' ? 'Advanced' : 'Standard';
  if (tier === 'Standard' && before?.tier === 'Advanced')
    throw invalid(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier " +
        'to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a ' +
        'standard parameter.',
    );
  if (lengthOf(value) <= longestValues[tier]) return tier;
  const supported = `${tier} tier parameters support a maximum parameter value of ${longestValues[tier]} characters.`;
  const next = 'To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.';
  throw invalid(tier === 'Standard' ? `${supported} ${next}` : supported);
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

export const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `ssm parameters with ${what} are not implemented by the embedded AWS`, 501);
