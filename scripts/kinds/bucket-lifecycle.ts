import {
  DeleteBucketLifecycleCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  type TransitionStorageClass,
} from '@aws-sdk/client-s3';
import type { Aws } from '../aws/clients.ts';
import type { Fields } from '../reconcile/value.ts';
import { otherFields } from './aws-fields.ts';

/** What happens to objects whose keys start with `prefix`; times are days, `null` for never. */
export interface Lifecycle {
  readonly prefix: string;
  /** From an object's creation. */
  readonly expireDays: number | null;
  /** From the day on which a version was overwritten or deleted. */
  readonly expireNoncurrentDays: number | null;
  /** From an object's creation, sorted by days. */
  readonly transitions: readonly { readonly days: number; readonly storageClass: TransitionStorageClass }[];
  /** After which the parts of an upload that was never completed are removed; they cost as objects do. */
  readonly abortUploadDays: number | null;
  /** What else a rule says, in S3's names; ours say nothing else, so that what a hand has added shows. */
  readonly other: Fields;
}

const known = ['ID', 'Status', 'Prefix', 'Filter', 'Expiration', 'NoncurrentVersionExpiration', 'Transitions'];

/** What a rule says beside `known`, and what its parts say beside what is read of them. */
function othersOf({ Filter, Expiration, NoncurrentVersionExpiration, ...rule }: LifecycleRule): Fields {
  return {
    ...otherFields(rule, [...known, 'AbortIncompleteMultipartUpload']),
    ...otherFields(
      {
        Filter: otherFields(Filter ?? {}, ['Prefix']),
        Expiration: otherFields(Expiration ?? {}, ['Days']),
        NoncurrentVersionExpiration: otherFields(NoncurrentVersionExpiration ?? {}, ['NoncurrentDays']),
      },
      [],
    ),
  };
}

const lifecycleOf = (rule: LifecycleRule): Lifecycle => ({
  prefix: rule.Filter?.Prefix ?? '',
  expireDays: rule.Expiration?.Days ?? null,
  expireNoncurrentDays: rule.NoncurrentVersionExpiration?.NoncurrentDays ?? null,
  transitions: (rule.Transitions ?? [])
    .flatMap(({ Days, StorageClass }) =>
      Days === undefined || StorageClass === undefined ? [] : [{ days: Days, storageClass: StorageClass }],
    )
    .sort((a, b) => a.days - b.days),
  abortUploadDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? null,
  other: othersOf(rule),
});

/** The rules that are in force, sorted by prefix. */
export const lifecyclesOf = (rules: readonly LifecycleRule[]): Lifecycle[] =>
  rules
    .filter(({ Status }) => Status === 'Enabled')
    .map(lifecycleOf)
    .sort((a, b) => (a.prefix < b.prefix ? -1 : 1));

const ruleFor = (lifecycle: Lifecycle): LifecycleRule => {
  const { prefix, expireDays, expireNoncurrentDays, transitions, abortUploadDays } = lifecycle;
  return {
    ID: prefix === '' ? 'all' : prefix,
    Status: 'Enabled',
    Filter: { Prefix: prefix },
    ...(expireDays === null ? {} : { Expiration: { Days: expireDays } }),
    ...(expireNoncurrentDays === null ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: expireNoncurrentDays } }),
    ...(transitions.length === 0
      ? {}
      : { Transitions: transitions.map(({ days, storageClass }) => ({ Days: days, StorageClass: storageClass })) }),
    ...(abortUploadDays === null ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortUploadDays } }),
  };
};

/** Makes a bucket's rules these, and no others: S3 takes them all at once. */
export async function setLifecycle(aws: Aws, Bucket: string, lifecycle: readonly Lifecycle[]): Promise<void> {
  const LifecycleConfiguration = { Rules: lifecycle.map(ruleFor) };
  if (lifecycle.length === 0) await aws.s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
  else await aws.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
}
