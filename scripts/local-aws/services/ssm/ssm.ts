import { AwsError } from '../../wire/errors.ts';
import type { Caller, World } from '../../world.ts';
import { matcherOf } from './filter.ts';
import type { SsmHandlers } from './model.ts';
import { metadataOf, type Parameter, withValue } from './parameter.ts';
import { parameterArn } from './parameter-arn.ts';
import { checkName } from './parameter-name.ts';
import { notImplemented, type Settings, settingsOf, tierNeededFor } from './settings.ts';

/** Parameter Store: values under names. Only the latest version of each is kept. */
export function createSsm(world: World): {
  readonly handlers: SsmHandlers;
  readonly put: (nameOrArn: string, value: string) => void;
  readonly valueOf: (nameOrArn: string, reader: Caller) => string | undefined;
} {
  const parameters = new Map<string, Parameter>();
  const arnOf = (nameOrArn: string): string => parameterArn(world, nameOrArn);
  const find = (nameOrArn: string): Parameter | undefined => {
    const arn = arnOf(nameOrArn);
    if (arn.split(':').length > 6) throw notImplemented(`a version or a label, as in ${nameOrArn},`);
    return parameters.get(arn);
  };
  const store = (arn: string, name: string, settings: Settings): Parameter => {
    const version = (parameters.get(arn)?.version ?? 0) + 1;
    const stored = { arn, name, version, modifiedAt: world.clock.now(), settings };
    parameters.set(arn, stored);
    return stored;
  };

  return {
    put: (nameOrArn, value) =>
      void store(arnOf(nameOrArn), nameIn(nameOrArn), {
        type: 'SecureString',
        value,
        tier: tierNeededFor(value),
        description: undefined,
      }),
    /** As ECS reads it: `undefined` where there is none. Throws AwsError where the reader may not. */
    valueOf(nameOrArn, reader) {
      world.ports.authority.require(reader, 'ssm:GetParameters', arnOf(nameOrArn));
      return find(nameOrArn)?.settings.value;
    },
    handlers: {
      PutParameter(input) {
        const name = input.Name.trim();
        const arn = arnOf(name);
        checkName(name, arn);
        const before = find(name);
        if (before !== undefined && input.Overwrite !== true)
          throw new AwsError(
            'ParameterAlreadyExists',
            'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
          );
        const { version, settings } = store(arn, name, settingsOf(input, before?.settings));
        return { Version: version, Tier: settings.tier };
      },
      GetParameter({ Name, WithDecryption = false }) {
        return { Parameter: withValue(find(Name) ?? missing(), WithDecryption) };
      },
      GetParameters({ Names, WithDecryption = false }) {
        const found = Names.map((name) => ({ name, parameter: find(name) }));
        return {
          Parameters: found
            .flatMap(({ parameter }) => parameter ?? [])
            .sort(byName)
            .map((parameter) => withValue(parameter, WithDecryption)),
          InvalidParameters: found.flatMap(({ name, parameter }) => (parameter === undefined ? name : [])),
        };
      },
      DescribeParameters({ ParameterFilters = [], MaxResults = 50, NextToken = '' }) {
        const matches = ParameterFilters.map(matcherOf);
        // The token is the last name of the page before.
        const after = fromToken(NextToken);
        const rest = [...parameters.values()]
          .filter((parameter) => parameter.name > after && matches.every((match) => match(parameter)))
          .sort(byName);
        const page = rest.slice(0, MaxResults);
        const last = page.length < rest.length ? page.at(-1) : undefined;
        return { Parameters: page.map(metadataOf), NextToken: last === undefined ? undefined : toToken(last.name) };
      },
      DeleteParameter({ Name }) {
        if (!parameters.delete(arnOf(Name))) missing();
        return {};
      },
    },
  };
}

/** What stands in an ARN has lost its first slash; AWS asks for one where there is another. */
const nameIn = (nameOrArn: string): string => {
  const name = nameOrArn.startsWith('arn:') ? nameOrArn.replace(/^.*?:parameter\//, '') : nameOrArn;
  return name.includes('/') && !name.startsWith('/') ? `/${name}` : name;
};

const byName = (one: Parameter, other: Parameter): number => (one.name < other.name ? -1 : 1);

const toToken = (name: string): string => Buffer.from(name).toString('base64url');

function fromToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (toToken(name) === token) return name;
  throw new AwsError('InvalidNextToken', "The specified token isn't valid.");
}

function missing(): never {
  throw new AwsError('ParameterNotFound', '');
}
