import { createHash } from 'node:crypto';

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html#Batch-SubmitJob-request-jobName */
const limit = 128;
const longestSuffix = 64;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** Cuts text to a length, ending it in a hash of the whole: two long texts never become one. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 9)}-${hashOf(text)}`;

/**
 * The name of the one job that an event leads to: `Lambda-Broadbean` and `20261123T030000Z` make
 * `Lambda-Broadbean-20261123T030000Z`. A suffix that had to change to fit the alphabet of job names ends in a hash of
 * what it was, so that different events keep different names.
 */
export function nameForEvent(jobName: string, suffix: string): string {
  const allowed = suffix.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  const end =
    allowed === suffix ? cut(suffix, longestSuffix) : `${allowed.slice(0, longestSuffix - 9)}-${hashOf(suffix)}`;
  return `${cut(jobName, limit - end.length - 1)}-${end}`;
}

/** `2026-11-23T03:00:00Z` → `20261123T030000Z`. Throws when it is not a time. */
export function compactTime(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime()))
    throw new Error(`event.time is ${JSON.stringify(time)}; it must be an ISO 8601 time`);
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
