import type { OpenEnvironment } from '../control/environment.ts';
import { explained } from '../control/trouble.ts';
import { isBug, PlanError, reasonOf } from '../reconcile/errors.ts';

/**
 * The work's result. What AWS or the network refuses becomes a PlanError that says what was being done, and what to do
 * where the request itself is not what is wrong. `next` are more lines for who reads it.
 */
export async function operating<T>(
  { loaded: { site }, aws }: Pick<OpenEnvironment, 'loaded' | 'aws'>,
  doing: string,
  work: Promise<T>,
  next: readonly string[] = [],
): Promise<T> {
  const endpoint = aws.embedded ? process.env['AWS_ENDPOINT_URL'] : undefined;
  try {
    return await explained(work, { account: site.account, region: site.region, endpoint });
  } catch (error) {
    if (isBug(error) || (error instanceof PlanError && next.length === 0)) throw error;
    const problem = error instanceof PlanError ? error.message : reasonOf(error);
    throw new PlanError([`${doing}: ${problem}`, ...next], { cause: error });
  }
}
