import type { AwsOptions } from '../aws/clients.ts';
import type { LoadedConfig } from '../config/load.ts';
import { PlanError } from '../reconcile/errors.ts';

function isLoopback(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** Keys of nobody: the embedded AWS takes any, and explicit ones keep the SDK from looking for a profile. */
const nobody = { accessKeyId: 'embedded', secretAccessKey: 'embedded' } as const;

type Credentials = NonNullable<AwsOptions['credentials']>;

export interface Destination {
  readonly endpoint?: string;
  readonly credentials?: Credentials;
}

/**
 * The keys that a shell has, if any. Those of a role of the embedded AWS allow what the role does; it takes all others for
 * those of the person at the keyboard. They sign requests, and never leave this machine.
 */
export function keysIn(variables: NodeJS.ProcessEnv): Credentials | undefined {
  const accessKeyId = variables['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = variables['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = variables['AWS_SESSION_TOKEN'];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/**
 * Where the clients of an environment send their requests. An embedded one knows a loopback address and nothing else:
 * whatever profile the shell has, no request of it reaches AWS; and none of an environment on AWS stays on this machine.
 * Throws PlanError where the address is none for the environment.
 */
export function destinationOf(
  { environment, site }: Pick<LoadedConfig, 'environment' | 'site'>,
  endpoint: string | undefined,
  keys: Credentials = nobody,
): Destination {
  if (environment.target === 'aws') {
    // The SDK would follow the variable by itself.
    if (endpoint !== undefined && isLoopback(endpoint)) {
      throw new PlanError([
        `environment "${site.environment}" is on AWS, and AWS_ENDPOINT_URL "${endpoint}" leads to the embedded one; ` +
          'unset AWS_ENDPOINT_URL, or choose another --environment',
      ]);
    }
    return {};
  }
  if (endpoint === undefined || endpoint === '') {
    throw new PlanError([
      `environment "${site.environment}" runs on the embedded AWS, and AWS_ENDPOINT_URL does not say where that is; ` +
        'start it with "npm run local" and export the AWS_ENDPOINT_URL that it prints, or choose another --environment',
    ]);
  }
  if (!isLoopback(endpoint)) {
    throw new PlanError([
      `environment "${site.environment}" runs on the embedded AWS, and AWS_ENDPOINT_URL "${endpoint}" is not on this ` +
        'machine; use the address that "npm run local" prints',
    ]);
  }
  // The SDK writes into what it is given.
  return { endpoint, credentials: { ...keys } };
}
