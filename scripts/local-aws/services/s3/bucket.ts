import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { Bodies } from './bodies.ts';
import type { BucketSettings } from './bucket-settings.ts';
import { noSuchBucket } from './errors.ts';
import type { S3Input } from './handlers.ts';
import { ObjectIndex } from './object-index.ts';
import type { Upload } from './upload.ts';

export interface Bucket {
  readonly name: string;
  readonly created: Date;
  readonly location: NonNullable<S3Input<'CreateBucket'>['CreateBucketConfiguration']>['LocationConstraint'];
  readonly objects: ObjectIndex;
  /** By upload id. */
  readonly uploads: Map<string, Upload>;
  settings: BucketSettings;
}

/** All that the handlers of S3 share. */
export interface Store {
  readonly world: World;
  readonly bodies: Bodies;
  readonly buckets: Map<string, Bucket>;
}

export const arnOfBucket = ({ world }: Pick<Store, 'world'>, name: string): string =>
  `arn:${world.partition}:s3:::${name}`;

export const emptyBucket = (start: Pick<Bucket, 'name' | 'created' | 'location' | 'settings'>): Bucket => ({
  ...start,
  objects: new ObjectIndex(),
  uploads: new Map(),
});

/** The clock's time in whole seconds, which is all that S3 keeps. */
export const secondsNow = ({ world }: Store): Date => new Date(Math.floor(world.clock.now() / 1000) * 1000);

/**
 * The bucket that a request names.
 * @throws AwsError NoSuchBucket, or AccessDenied when the request expects another owner.
 */
export function bucketOf(
  store: Store,
  input: { readonly Bucket: string; readonly ExpectedBucketOwner?: string | undefined },
): Bucket {
  const bucket = store.buckets.get(input.Bucket);
  if (!bucket) throw noSuchBucket(input.Bucket);
  if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== store.world.account)
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  return bucket;
}
