import { durationSeconds } from '../config/duration.ts';
import { arns, names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import type { BucketSpec, Lifecycle } from '../kinds/bucket.ts';
import type { LogGroupSpec } from '../kinds/log-group.ts';
import { functionLogGroup, functionNames, jobLogGroup } from './parts.ts';
import { tlsOnly } from './policies.ts';

/** Days. A year's quarter can be looked back on; the logs of jobs are what costs. */
const logRetention = 90;

/** Days after which an upload that nobody completed is given up. No job of ours takes longer than one. */
const abandonedUpload = 7;

/** S3 counts in days; part of one is a day. */
const daysOf = (duration: string): number => Math.ceil(durationSeconds(duration) / 86_400);

function lifecycleOf(expire: Config['buckets'][string]['expire']): Lifecycle[] {
  const days = new Map<string, number>();
  // Where two rules meet, S3 takes the shorter time.
  for (const { prefix, after } of expire) days.set(prefix, Math.min(days.get(prefix) ?? Infinity, daysOf(after)));
  const everything = { prefix: '', expireDays: days.get('') ?? null, abortUploadDays: abandonedUpload };
  const others = [...days].filter(([prefix]) => prefix !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  return [everything, ...others.map(([prefix, expireDays]) => ({ prefix, expireDays, abortUploadDays: null }))];
}

type Settings = Pick<Config['buckets'][string], 'versioning' | 'expire' | 'protect'>;

const bucket = (site: Site, name: string, { versioning, expire, protect }: Settings): BucketSpec => ({
  name,
  protect,
  versioning,
  encryption: 'AES256',
  publicAccessBlocked: true,
  policy: tlsOnly('s3:*', [arns.bucket(site, name), `${arns.bucket(site, name)}/*`]),
  lifecycle: lifecycleOf(expire),
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
  }),
  ...Object.entries(config.buckets).map(([name, settings]) => bucket(site, names.bucket(site, name), settings)),
];

/** Made before anything writes to them: a group that a service makes by itself keeps its events for ever. */
export const desiredLogGroups = (site: Site): LogGroupSpec[] =>
  [jobLogGroup(site), ...functionNames.map((name) => functionLogGroup(site, name))].map((name) => ({
    name,
    retentionDays: logRetention,
  }));
