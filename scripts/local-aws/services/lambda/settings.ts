import type { Runtime, UpdateFunctionConfigurationCommandInput } from '@aws-sdk/client-lambda';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { Settings } from './function.ts';
import { requireDeadLetterTarget } from './target-permissions.ts';

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message, 400);

/** Runtimes that AWS still creates functions with and a Node process can stand in for. */
const runtimes: readonly Runtime[] = ['nodejs22.x', 'nodejs24.x'];

/** Variables that Lambda sets itself. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const reserved =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_.+|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;
const environmentLimit = 4_096;

type Changes = Pick<
  UpdateFunctionConfigurationCommandInput,
  | 'Role'
  | 'Handler'
  | 'Runtime'
  | 'Description'
  | 'Timeout'
  | 'MemorySize'
  | 'Environment'
  | 'DeadLetterConfig'
  | 'LoggingConfig'
>;

export const defaultsFor = (name: string): Omit<Settings, 'role' | 'handler' | 'runtime'> => ({
  description: '',
  timeout: 3,
  memorySize: 128,
  environment: {},
  deadLetterArn: undefined,
  logGroup: `/aws/lambda/${name}`,
});

/** What is left out stays as it is; an empty dead-letter target removes it. */
export function changed(settings: Settings, changes: Changes): Settings {
  return {
    role: changes.Role ?? settings.role,
    handler: changes.Handler ?? settings.handler,
    runtime: changes.Runtime ?? settings.runtime,
    description: changes.Description ?? settings.description,
    timeout: changes.Timeout ?? settings.timeout,
    memorySize: changes.MemorySize ?? settings.memorySize,
    environment: changes.Environment === undefined ? settings.environment : { ...changes.Environment.Variables },
    deadLetterArn:
      changes.DeadLetterConfig === undefined ? settings.deadLetterArn : changes.DeadLetterConfig.TargetArn || undefined,
    logGroup: changes.LoggingConfig?.LogGroup ?? settings.logGroup,
  };
}

/** Throws InvalidParameterValueException for what no function can be made with. */
export function requireValid(settings: Settings, functionName: string, world: World): void {
  if (!runtimes.includes(settings.runtime))
    throw invalid(
      `The runtime parameter of ${settings.runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime (the embedded AWS runs ${runtimes.join(' and ')}) while creating or updating functions.`,
    );
  if (settings.timeout > 900)
    throw invalid(
      `Value '${settings.timeout}' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900`,
    );
  requireEnvironment(settings.environment);
  requireAssumable(settings.role, functionName, world);
  requireDeadLetterTarget(world, { role: settings.role, functionName }, settings.deadLetterArn);
}

function requireEnvironment(environment: Settings['environment']): void {
  const prefix =
    'Lambda was unable to configure your environment variables because the environment variables you have provided';
  const taken = Object.keys(environment).filter((name) => reserved.test(name));
  if (taken.length > 0)
    throw invalid(
      `${prefix} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${taken.join(', ')}`,
    );
  const text = JSON.stringify(environment);
  if (Buffer.byteLength(text) > environmentLimit)
    throw invalid(`${prefix} exceeded the 4KB limit. String measured: ${text}`);
}

function requireAssumable(role: string, functionName: string, world: World): void {
  try {
    world.ports.identity.credentialsFor(role, functionName, 'lambda.amazonaws.com');
  } catch (error) {
    if (error instanceof AwsError) throw invalid('The role defined for the function cannot be assumed by Lambda.');
    throw error;
  }
}
