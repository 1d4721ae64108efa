import { BatchClient } from '@aws-sdk/client-batch';
import { S3Client } from '@aws-sdk/client-s3';
import { claimsIn } from './claims.ts';
import type { SubmitOnce } from './submit-once.ts';

/** What is used of Lambda's context object. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** Made once for all invocations that an execution environment serves. */
export const batch = new BatchClient({ maxAttempts: 1 });
const s3 = new S3Client({});

/** What submitting once needs, for one invocation. Throws when the function was not told its bucket for claims. */
export function submitOnceWithin(context: InvocationContext): SubmitOnce {
  const bucket = process.env['STATE_BUCKET'];
  if (bucket === undefined || bucket === '')
    throw new Error(
      'the environment variable STATE_BUCKET is not set; it names the bucket that claims on job names lie in',
    );
  return { batch, claims: claimsIn(s3, bucket), remaining: () => context.getRemainingTimeInMillis(), log: logLine };
}

/** One JSON line, which CloudWatch Logs Insights can query by its fields. */
export const logLine = (fields: Readonly<Record<string, unknown>>): void => console.log(JSON.stringify(fields));
