import { randomBytes } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import { type Bucket, type Store, secondsNow } from './bucket.ts';
import { noSuchBucket, noSuchKey, noSuchVersion } from './errors.ts';
import type { ObjectVersion } from './object-index.ts';

/** Keys are at most 1,024 bytes of UTF-8: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > 1024)
    throw new AwsError('KeyTooLongError', 'Your key is too long', 400, {
      Size: String(size),
      MaxSizeAllowed: '1024',
    });
}

/** Ids in S3's form: 32 characters, safe in a URL. Without versioning, or with it suspended, a version's id is `null`. */
export const newVersionId = ({ settings }: Bucket): string =>
  settings.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';

/** The id as answers show it: not at all in a bucket that never had versioning. */
export const shownVersionId = ({ settings }: Bucket, { versionId }: { readonly versionId: string }) =>
  settings.versioning === undefined ? undefined : versionId;

export const quoted = (etag: string): string => `"${etag}"`;

/** Puts an object in its place; from here on readers see it. @throws AwsError NoSuchBucket when its bucket has gone meanwhile */
export function commitObject(
  store: Store,
  bucket: Bucket,
  object: Omit<ObjectVersion, 'kind' | 'versionId' | 'lastModified'>,
): ObjectVersion {
  if (store.buckets.get(bucket.name) !== bucket) throw noSuchBucket(bucket.name);
  const version: ObjectVersion = {
    ...object,
    kind: 'object',
    versionId: newVersionId(bucket),
    lastModified: secondsNow(store),
  };
  bucket.objects.add(version);
  return version;
}

/** The object that a request reads. @throws AwsError NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker. */
export function objectOf(
  bucket: Bucket,
  { Key: key, VersionId: id }: { readonly Key: string; readonly VersionId?: string | undefined },
): ObjectVersion {
  const version = id === undefined ? bucket.objects.latestObject(key) : bucket.objects.find(key, id);
  if (version?.kind === 'object') return version;
  if (version)
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
  throw id === undefined ? noSuchKey(key) : noSuchVersion(key, id);
}
