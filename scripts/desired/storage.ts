import { durationSeconds } from '../config/duration.ts';
import { arns, names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import type { BucketSpec } from '../kinds/bucket.ts';
import type { Lifecycle } from '../kinds/bucket-lifecycle.ts';
import type { LogGroupSpec } from '../kinds/log-group.ts';
import { functionLogGroup, jobLogGroup } from './parts.ts';
import { tlsOnly } from './policies.ts';
import { usedFunctions } from './submissions.ts';

/** Days. A year's quarter can be looked back on; the logs of jobs are what costs. */
const logRetention = 90;

/** Days after which an upload that nobody completed is given up. No job of ours takes longer than one. */
const abandonedUpload = 7;

/** S3 counts in days; part of one is a day. */
const daysOf = (duration: string): number => Math.ceil(durationSeconds(duration) / 86_400);

/** Where two entries are of one prefix, S3 takes the shorter time. */
const shortest = (durations: readonly (string | undefined)[]): number | null => {
  const days = durations.flatMap((duration) => (duration === undefined ? [] : [daysOf(duration)]));
  return days.length === 0 ? null : Math.min(...days);
};

function lifecycleOf({ expire, transition }: Pick<Settings, 'expire' | 'transition'>): Lifecycle[] {
  const prefixes = new Set(['', ...[...expire, ...transition].map(({ prefix }) => prefix).sort()]);
  return [...prefixes].map((prefix) => {
    const expirations = expire.filter((each) => each.prefix === prefix);
    return {
      prefix,
      expireDays: shortest(expirations.map(({ after }) => after)),
      expireNoncurrentDays: shortest(expirations.map(({ noncurrentAfter }) => noncurrentAfter)),
      transitions: transition
        .filter((each) => each.prefix === prefix)
        .map(({ after, storageClass }) => ({ days: daysOf(after), storageClass }))
        .sort((a, b) => a.days - b.days),
      abortUploadDays: prefix === '' ? abandonedUpload : null,
      other: {},
    };
  });
}

type Settings = Omit<Config['buckets'][string], 'name'>;

const bucket = (site: Site, name: string, settings: Settings): BucketSpec => ({
  name,
  protect: settings.protect,
  versioning: settings.versioning,
  encryption:
    settings.kmsKey === undefined
      ? { algorithm: 'AES256', kmsKey: null }
      : { algorithm: 'aws:kms', kmsKey: settings.kmsKey },
  publicAccessBlocked: true,
  policy: tlsOnly('s3:*', [arns.bucket(site, name), `${arns.bucket(site, name)}/*`]),
  lifecycle: lifecycleOf(settings),
});

/**
 * The buckets of config, and one in which functions claim the names of jobs. SNS retries for 23 days, so a claim must
 * live longer.
 */
export const desiredBuckets = (site: Site, config: Config): BucketSpec[] => [
  bucket(site, names.stateBucket(site), {
    protect: false,
    versioning: false,
    expire: [{ prefix: 'claims/', after: '30d' }],
    transition: [],
  }),
  ...Object.entries(config.buckets).map(([name, settings]) => bucket(site, names.bucket(site, name), settings)),
];

/** Made before anything writes to them: a group that a service makes by itself keeps its events for ever. */
export const desiredLogGroups = (site: Site, config: Config): LogGroupSpec[] =>
  [jobLogGroup(site), ...usedFunctions(config).map((name) => functionLogGroup(site, name))].map((name) => ({
    name,
    retentionDays: logRetention,
  }));
