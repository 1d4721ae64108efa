import { isError } from '../aws/errors.ts';
import { type Lease, LeaseHeldError, type LeaseOptions, takeLease } from '../aws/lease.ts';
import { persist } from '../aws/waiting.ts';
import { names } from '../config/names.ts';
import { PlanError, reasonOf } from '../reconcile/errors.ts';
import type { ResourceRef } from '../reconcile/kind.ts';
import type { OpenEnvironment } from './environment.ts';
import { holderName, isDeadHolder } from './holder.ts';

/** Where baton keeps its own notes, the lease among them. */
export const stateBucketOf = ({ loaded: { site } }: OpenEnvironment): ResourceRef => ({
  kind: 'bucket',
  name: names.stateBucket(site),
});

/** S3 knows a bucket that was just made not everywhere at once; one that is gone for longer stays gone. */
const patience = 60_000;

/** How time passes for the lease; two minutes of real time unless told otherwise. */
export type LeaseTiming = Pick<LeaseOptions, 'clock' | 'duration'>;

async function take(environment: OpenEnvironment, timing: LeaseTiming): Promise<Lease> {
  const { aws, owner } = environment;
  const { name: bucket } = stateBucketOf(environment);
  const lease = { s3: aws.s3, bucket, key: 'leases/apply', holder: holderName(), isDead: isDeadHolder, ...timing };
  try {
    return await persist(
      { ...aws.pace, limit: Math.min(aws.pace.limit, patience) },
      { signal: aws.signal, waiting: () => {} },
      {
        what: `bucket "${bucket}"`,
        attempt: () => takeLease(lease),
        transient: (error) => (isError(error, 'NoSuchBucket') ? 'not known everywhere yet' : undefined),
      },
    );
  } catch (error) {
    const next = error instanceof LeaseHeldError ? '; nothing was changed; try again when it is done' : '';
    throw new PlanError(
      [
        `taking the lease on ${owner} (s3://${bucket}/${lease.key}): ${error instanceof LeaseHeldError ? error.message : reasonOf(error)}${next}`,
      ],
      { cause: error },
    );
  }
}

/** Does the work while nobody else applies to the environment. Throws PlanError naming who does. */
export async function alone<T>(
  environment: OpenEnvironment,
  work: (lease: Lease) => Promise<T>,
  timing: LeaseTiming = {},
): Promise<T> {
  const lease = await take(environment, timing);
  try {
    return await work(lease);
  } finally {
    await lease.release().catch((error: unknown) => {
      process.stderr.write(
        `releasing the lease on ${environment.owner}: ${reasonOf(error)}; it expires by itself in two minutes\n`,
      );
    });
  }
}
