import { randomBytes } from 'node:crypto';
import type { Config } from '../config/schema.ts';

/** A variable of a job definition that is a secret, and whence its value is on this machine. */
export interface LocalSecret {
  readonly definition: string;
  readonly variable: string;
  /** A parameter of SSM, or an ARN, as the config names it. */
  readonly reference: string;
  /** The variable of the environment that its value was taken from; `undefined` where it is made up. */
  readonly source: string | undefined;
}

export interface LocalSecrets {
  readonly told: readonly LocalSecret[];
  /** By what Parameter Store and Secrets Manager know them by. */
  readonly values: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Values for the secrets that the config names, none of which lie in a file: that of `LOCAL_SECRET_NAME` for the variable
 * NAME, or one that is made up for this run. Every variable that names the same secret gets the same value.
 */
export function localSecrets(
  { jobDefinitions }: Pick<Config, 'jobDefinitions'>,
  environment: Environment,
): LocalSecrets {
  const told: LocalSecret[] = [];
  const values = new Map<string, string>();
  const objects = new Map<string, Record<string, string>>();
  for (const [definition, { secrets }] of Object.entries(jobDefinitions))
    for (const [variable, reference] of Object.entries(secrets)) {
      const name = `LOCAL_SECRET_${variable}`;
      const given = environment[name];
      const value = given ?? `local-${randomBytes(8).toString('hex')}`;
      const { id, key } = partsOf(reference);
      if (key === undefined) values.set(id, values.get(id) ?? value);
      else objects.set(id, { [key]: value, ...objects.get(id) });
      told.push({ definition, variable, reference, source: given === undefined ? undefined : name });
    }
  for (const [id, members] of objects) values.set(id, JSON.stringify(members));
  return { told, values: Object.fromEntries(values) };
}

/** Of a secret that is a JSON object one member may be meant, by its key behind the ARN. */
function partsOf(reference: string): { readonly id: string; readonly key: string | undefined } {
  const parts = reference.split(':');
  if (parts[2] !== 'secretsmanager') return { id: reference, key: undefined };
  const key = parts[7] ?? '';
  return { id: parts.slice(0, 7).join(':'), key: key === '' ? undefined : key };
}
