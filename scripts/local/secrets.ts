import { randomBytes } from 'node:crypto';
import type { Config } from '../config/schema.ts';
import { isSecretArn } from '../local-aws/services/secretsmanager/secret-book.ts';

/** A variable of a job definition that is a secret, and whence its value is on this machine. */
export interface LocalSecret {
  readonly definition: string;
  readonly variable: string;
  /** A parameter of SSM, or an ARN, as the config names it. */
  readonly reference: string;
  /** Whether it means the current version: no other one is here. */
  readonly isCurrent: boolean;
  /** The variable of the environment that its value was taken from; `undefined` where it is made up. */
  readonly source: string | undefined;
}

export interface LocalSecrets {
  readonly told: readonly LocalSecret[];
  /** By what Parameter Store and Secrets Manager know them by. */
  readonly values: Readonly<Record<string, string>>;
}

interface Given {
  readonly source: string;
  readonly value: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Values for the secrets that the config names, none of which lie in a file: that of `LOCAL_SECRET_NAME` for the variable
 * NAME, or one that is made up for this run. Every variable that names the same secret gets the same value, a given one
 * where there is one. What is given for a whole secret goes before what is given for its members.
 */
export function localSecrets(
  { jobDefinitions }: Pick<Config, 'jobDefinitions'>,
  environment: Environment,
): LocalSecrets {
  const named = Object.entries(jobDefinitions).flatMap(([definition, { secrets }]) =>
    Object.entries(secrets).map(([variable, reference]) => ({
      definition,
      variable,
      reference,
      ...partsOf(reference),
    })),
  );
  const current = named.filter(({ isCurrent }) => isCurrent);
  const given = new Map<string, Given>();
  for (const { variable, id, key } of current) {
    const source = `LOCAL_SECRET_${variable}`;
    const value = environment[source];
    const place = placeOf(id, key);
    if (value !== undefined && !given.has(place)) given.set(place, { source, value });
  }
  const told = named.map(({ id, key, ...secret }) => {
    const source = secret.isCurrent ? (given.get(id) ?? given.get(placeOf(id, key)))?.source : undefined;
    return { ...secret, source };
  });
  const keysById = new Map<string, Set<string>>();
  for (const { id, key } of current) {
    const keys = keysById.get(id) ?? new Set();
    keysById.set(id, key === '' ? keys : keys.add(key));
  }
  const values = [...keysById].map(([id, keys]) => [id, given.get(id)?.value ?? madeUp(id, keys, given)]);
  return { told, values: Object.fromEntries(values) };
}

/** A JSON object of those of its members that somebody wants, where there are any. */
function madeUp(id: string, keys: ReadonlySet<string>, given: ReadonlyMap<string, Given>): string {
  const random = (): string => `local-${randomBytes(8).toString('hex')}`;
  if (keys.size === 0) return random();
  const members = [...keys].map((key) => [key, given.get(placeOf(id, key))?.value ?? random()]);
  return JSON.stringify(Object.fromEntries(members));
}

const placeOf = (id: string, key: string): string => (key === '' ? id : `${id}:${key}`);

interface Parts {
  readonly id: string;
  /** Of a secret that is a JSON object, the member that is meant; empty: all of it. */
  readonly key: string;
  readonly isCurrent: boolean;
}

/** Fields of the ARN of a parameter; one more is a version. */
const fieldsOfParameter = 6;

/** Behind the ARN of a secret there may be a key, a stage and the id of a version, behind that of a parameter a version. */
function partsOf(reference: string): Parts {
  const parts = reference.split(':');
  if (!isSecretArn(reference)) return { id: reference, key: '', isCurrent: parts.length <= fieldsOfParameter };
  const [key = '', stage = '', version = ''] = parts.slice(7);
  const isCurrent = version === '' && (stage === '' || stage === 'AWSCURRENT');
  return { id: parts.slice(0, 7).join(':'), key, isCurrent };
}
