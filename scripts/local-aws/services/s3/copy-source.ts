import { type Bucket, bucketOf, type Store } from './bucket.ts';
import type { ReadConditions } from './conditions.ts';
import { invalidArgument } from './errors.ts';
import type { S3Input } from './handlers.ts';
import type { ObjectVersion } from './object-index.ts';
import { objectOf } from './versions.ts';

interface CopySource {
  readonly bucket: Bucket;
  readonly object: ObjectVersion;
  readonly conditions: ReadConditions;
}

/** `[/]bucket/key[?versionId=id]`, percent-encoded. */
function parseSource(text: string): { readonly Bucket: string; readonly Key: string; readonly VersionId?: string } {
  const [path = '', versionId] = text.split(/\?versionId=/);
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decoded(path)) ?? [];
  if (bucket === undefined || key === undefined)
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      text,
    );
  return { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
}

/** A lone percent sign is a client's mistake that S3 takes as it stands. */
function decoded(path: string): string {
  return /%(?![0-9a-f]{2})/i.test(path) ? path : decodeURIComponent(path);
}

/** What a CopyObject or UploadPartCopy copies from. @throws AwsError as a GetObject of the source would. */
export function readSource(store: Store, input: S3Input<'CopyObject'> | S3Input<'UploadPartCopy'>): CopySource {
  const named = { ...parseSource(input.CopySource), ExpectedBucketOwner: input.ExpectedSourceBucketOwner };
  const bucket = bucketOf(store, named);
  return {
    bucket,
    object: objectOf(bucket, named),
    conditions: {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
  };
}
