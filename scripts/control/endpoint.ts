import type { LoadedConfig } from '../config/load.ts';
import { PlanError } from '../reconcile/errors.ts';

function isLoopback(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** Keys of nobody: the embedded AWS takes any, and explicit ones keep the SDK from looking for a profile. */
const nobody = { accessKeyId: 'embedded', secretAccessKey: 'embedded' } as const;

export interface Destination {
  readonly endpoint?: string;
  readonly credentials?: typeof nobody;
}

/**
 * Where the clients of an environment send their requests. An embedded one knows a loopback address and nothing else:
 * whatever profile the shell has, no request of it reaches AWS. Throws PlanError without such an address.
 */
export function destinationOf(
  { environment, site }: Pick<LoadedConfig, 'environment' | 'site'>,
  endpoint: string | undefined,
): Destination {
  if (environment.target === 'aws') return {};
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
  return { endpoint, credentials: nobody };
}
