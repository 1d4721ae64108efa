import { ContainerStartError } from '../../runtime/container.ts';
import { AwsError } from '../../wire/errors.ts';
import type { Caller, World } from '../../world.ts';
import { isObject, parseJson } from '../json.ts';
import { isSecretArn } from '../secretsmanager/secret-book.ts';
import type { Job } from './state.ts';

/**
 * The variables that ECS reads as the execution role before it starts a container. Throws ContainerStartError in the words
 * of Fargate's agent. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
export function taskSecrets(world: World, job: Job, reader: Caller | undefined): Readonly<Record<string, string>> {
  const secrets = job.container.secrets ?? [];
  if (secrets.length === 0) return {};
  if (reader === undefined)
    throw new ContainerStartError(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
      'task',
    );
  return Object.fromEntries(
    secrets.map(({ name = '', valueFrom = '' }) => [
      name,
      isSecretArn(valueFrom) ? secretValue(world, valueFrom, reader) : parameterValue(world, valueFrom, reader),
    ]),
  );
}

function parameterValue(world: World, nameOrArn: string, reader: Caller): string {
  const value = attempted('retrieve secrets from ssm', '', () => world.ports.secrets.parameter(nameOrArn, reader));
  return value ?? failed('retrieve secrets from ssm', `invalid parameters: ${nameOrArn}`);
}

/** `ARN:json-key:version-stage:version-id`, of which all but the ARN may be left out. */
function secretValue(world: World, valueFrom: string, reader: Caller): string {
  const parts = valueFrom.split(':');
  const arn = parts.slice(0, 7).join(':');
  const [key = '', stage = '', id = ''] = parts.slice(7);
  const version = { ...(stage !== '' && { stage }), ...(id !== '' && { id }) };
  const doing = 'retrieve secret from asm';
  const value = attempted(doing, `failed to fetch secret ${arn} from secrets manager: `, () =>
    world.ports.secrets.secret(arn, version, reader),
  );
  const text = value.SecretString ?? failed(doing, `secret ${arn} has no text, and Batch supports no binary secrets`);
  return key === '' ? text : memberOf(text, key, arn);
}

function memberOf(text: string, key: string, arn: string): string {
  const members = parseJson(text);
  if (!isObject(members)) return failed('retrieve secret from asm', `the value of secret ${arn} is no JSON object`);
  if (!Object.hasOwn(members, key))
    return failed('retrieve secret from asm', `retrieved secret from Secrets Manager did not contain json key ${key}`);
  const member = members[key];
  return typeof member === 'string' ? member : JSON.stringify(member);
}

function attempted<Value>(doing: string, what: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return failed(doing, `${what}${error.code}: ${error.message}`);
  }
}

function failed(doing: string, reason: string): never {
  throw new ContainerStartError(
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to ' +
      `${doing}: service call has been retried 1 time(s): ${reason}`,
    'task',
  );
}
