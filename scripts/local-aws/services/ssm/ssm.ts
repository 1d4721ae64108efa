import { createHash } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import type { Caller, World } from '../../world.ts';
import type { SsmHandlers, StoredParameter } from './model.ts';
import { parameterArn } from './parameter-arn.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
const types: readonly unknown[] = ['String', 'StringList', 'SecureString'];
/** In characters, by tier. */
const longestValues: ReadonlyMap<string, number> = new Map([
  ['Standard', 4_096],
  ['Advanced', 8_192],
]);

/** Parameter Store: values under names. Only the latest version of each is kept. */
export function createSsm(world: World): {
  readonly handlers: SsmHandlers;
  readonly put: (nameOrArn: string, value: string) => void;
  readonly valueOf: (nameOrArn: string, reader: Caller) => string | undefined;
} {
  const parameters = new Map<string, StoredParameter>();
  const arnOf = (nameOrArn: string): string => parameterArn(world, nameOrArn);
  const find = (nameOrArn: string): StoredParameter | undefined => parameters.get(arnOf(nameOrArn));
  const store = (Name: string, Type: string, Value: string): StoredParameter => {
    const ARN = arnOf(Name);
    const Version = (parameters.get(ARN)?.Version ?? 0) + 1;
    const LastModifiedDate = new Date(world.clock.now());
    const stored = { ARN, Name, Type, Value, Version, LastModifiedDate, DataType: 'text' };
    parameters.set(ARN, stored);
    return stored;
  };

  return {
    put: (nameOrArn, value) => void store(nameOrArn, 'SecureString', value),
    /** As ECS reads it: `undefined` where there is none. Throws AwsError where the reader may not. */
    valueOf(nameOrArn, reader) {
      world.ports.authority.require(reader, 'ssm:GetParameters', arnOf(nameOrArn));
      return find(nameOrArn)?.Value;
    },
    handlers: {
      PutParameter({ Name, Value, Type, Overwrite = false, Tier = 'Standard' }) {
        const before = find(Name);
        if (before !== undefined && !Overwrite)
          throw new AwsError(
            'ParameterAlreadyExists',
            'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
          );
        const type = Type ?? before?.Type;
        if (type === undefined)
          throw invalid('A parameter type is required when you create a parameter. Please provide a type.');
        if (!types.includes(type)) throw invalid(`The following parameter type is not supported: ${type}.`);
        const longest = longestValues.get(Tier);
        if (longest === undefined)
          throw new AwsError('NotImplemented', `ssm tier ${Tier} is not implemented by this local server`, 501);
        if (Value === '' || Value.length > longest)
          throw invalid(`A parameter's value must have 1 to ${longest} characters in tier ${Tier}.`);
        return { Version: store(Name, type, Value).Version, Tier };
      },
      GetParameter({ Name, WithDecryption = false }) {
        return { Parameter: shown(find(Name) ?? missing(), WithDecryption) };
      },
      GetParameters({ Names, WithDecryption = false }) {
        const found = Names.map((name) => ({ name, parameter: find(name) }));
        return {
          Parameters: found.flatMap(({ parameter }) =>
            parameter === undefined ? [] : shown(parameter, WithDecryption),
          ),
          InvalidParameters: found.flatMap(({ name, parameter }) => (parameter === undefined ? name : [])),
        };
      },
      DeleteParameter({ Name }) {
        if (!parameters.delete(arnOf(Name))) missing();
        return {};
      },
    },
  };
}

/** Who does not ask for decryption gets what the key has made of a SecureString. */
const shown = (parameter: StoredParameter, decrypted: boolean): StoredParameter =>
  decrypted || parameter.Type !== 'SecureString'
    ? parameter
    : { ...parameter, Value: createHash('sha512').update(parameter.ARN).digest('base64') };

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

function missing(): never {
  throw new AwsError('ParameterNotFound', '');
}
