import { dirname, join } from 'node:path';
import type { Credentials, World } from '../../world.ts';
import type { Deployment } from './function.ts';

interface Sandbox {
  readonly runtimeApi: string;
  readonly credentials: Credentials;
  readonly logStream: string;
}

/**
 * What Lambda sets (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), the function's own, and how
 * to reach the embedded AWS. Nothing comes from this process but PATH: a profile or a token at the keyboard must not
 * make work here what would fail on AWS.
 */
export function processEnvironment(
  world: World,
  { functionName, settings, code }: Deployment,
  { runtimeApi, credentials, logStream }: Sandbox,
): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    // The SDK looks for ~/.aws: there is none here.
    HOME: join(dirname(code.folder), 'home'),
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...settings.environment,
    _HANDLER: settings.handler,
    AWS_REGION: world.region,
    AWS_DEFAULT_REGION: world.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: code.folder,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_ENDPOINT_URL: world.endpoint(),
    AWS_EC2_METADATA_DISABLED: 'true',
    // The machine's Node may be older than the SDK's next release wants; Lambda's is not.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
