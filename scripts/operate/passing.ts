import { isRefusal } from '../aws/errors.ts';
import { isBug } from '../reconcile/errors.ts';

const serversOwn = (status: number | undefined): boolean => status === undefined || status >= 500 || status === 429;

function statusOf(error: object): number | undefined {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const hasStatus = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
  return hasStatus && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function passesItself(error: unknown): boolean {
  if (isBug(error) || !isRefusal(error) || /Provider/.test(error.name)) return false;
  if (/Throttl|TooManyRequests/.test(error.name)) return true;
  return !('$fault' in error) || error.$fault !== 'client' ? serversOwn(statusOf(error)) : false;
}

/**
 * What passes by itself, or comes of that: the network, AWS's own troubles, too many requests. No permission comes by
 * waiting.
 */
export const passes = (error: unknown): boolean =>
  passesItself(error) || (error instanceof Error && error.cause !== undefined && passes(error.cause));
