import { randomBytes } from 'node:crypto';

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html#Batch-SubmitJob-request-jobName */
const longestName = 128;
const mark = 'by-hand';

/** `20261123T030000Z`, as the names of scheduled jobs end. */
const compact = (time: Date): string => `${time.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/**
 * The name of a job that somebody starts: no other job has it, and no event claims it. One that counts as a run of its
 * schedule begins as the names of those do, which the alarm on missing successes looks for:
 * `Lambda-Broadbean-20261123T101502Z-by-hand-3f2a`. Any other does not: `Lambda-Broadbean-by-hand-20261123T101502Z-3f2a`.
 */
export function nameByHand(base: string, counts: boolean, now: Date): string {
  const end = randomBytes(2).toString('hex');
  const suffix = counts ? `${compact(now)}-${mark}-${end}` : `${mark}-${compact(now)}-${end}`;
  return `${base.slice(0, longestName - suffix.length - 1)}-${suffix}`;
}

export const isByHand = (jobName: string): boolean => /-by-hand-(\d{8}T\d{6}Z-)?[0-9a-f]{4}$/.test(jobName);
