import { DeleteObjectsCommand, ListObjectVersionsCommand, type ObjectIdentifier } from '@aws-sdk/client-s3';
import type { Aws } from '../aws/clients.ts';
import { found } from '../aws/errors.ts';
import type { Waiter } from '../aws/waiting.ts';
import type { Loss } from '../reconcile/kind.ts';

/** What S3 lists, and deletes, in one request at most. */
const page = 1000;

/** The first page of all versions of all objects, and of the marks that say that an object was deleted. */
async function firstVersions(aws: Aws, Bucket: string): Promise<{ versions: ObjectIdentifier[]; more: boolean }> {
  const answer = await found(aws.s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: page })));
  const versions = [...(answer?.Versions ?? []), ...(answer?.DeleteMarkers ?? [])];
  return {
    versions: versions.map(({ Key, VersionId }) => ({ Key, ...(VersionId && { VersionId }) })),
    more: answer?.IsTruncated ?? false,
  };
}

/** What a bucket holds, counted up to a page. */
export async function contentsOf(aws: Aws, Bucket: string): Promise<Loss | undefined> {
  const { versions, more } = await firstVersions(aws, Bucket);
  if (versions.length === 0) return undefined;
  const count = `${more ? 'more than ' : ''}${versions.length}`;
  return {
    what: `${count} ${versions.length === 1 ? 'object' : 'objects'} in it, old versions included`,
    permit: 'objects',
  };
}

/** Deletes everything in a bucket, page by page. Throws with the first object that S3 did not delete, and why. */
export async function emptyBucket(aws: Aws, Bucket: string, step: Waiter): Promise<void> {
  for (let deleted = 0; ; ) {
    step.signal.throwIfAborted();
    const { versions } = await firstVersions(aws, Bucket);
    if (versions.length === 0) return;
    const { Errors = [] } = await aws.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: versions, Quiet: true } }),
    );
    const [failure] = Errors;
    if (failure)
      throw new Error(`deleting "${failure.Key}" in bucket "${Bucket}": ${failure.Code}: ${failure.Message}`);
    deleted += versions.length;
    step.waiting(`${deleted} ${deleted === 1 ? 'object' : 'objects'} deleted`);
  }
}
