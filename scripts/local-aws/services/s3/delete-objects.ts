import { AwsError } from '../../wire/errors.ts';
import type { Principal } from '../../world.ts';
import { arnOfBucket, type Bucket, bucketOf, type Store, secondsNow } from './bucket.ts';
import { checkWrite } from './conditions.ts';
import { malformedXml } from './errors.ts';
import type { S3Handlers } from './handlers.ts';
import { newVersionId, shownVersionId } from './versions.ts';

interface Target {
  readonly Key: string;
  readonly VersionId?: string | undefined;
  /** An ETag, or `*` for "only if it exists". */
  readonly IfMatch?: string | undefined;
}
interface Deleted {
  readonly versionId: string | undefined;
  readonly marker: boolean;
}

/**
 * Deletes a version, or the current object: for good without versioning, under a delete marker with it. What is not
 * there counts as deleted, unless a condition says that it must be there.
 */
function deleteObject(store: Store, bucket: Bucket, { Key: key, VersionId: id, IfMatch }: Target): Deleted {
  const { objects, settings } = bucket;
  if (IfMatch !== undefined) checkWrite({ IfMatch }, key, objects.latestObject(key));
  if (id !== undefined) {
    const version = objects.find(key, id);
    if (version) objects.remove(version);
    return { versionId: id, marker: version?.kind === 'marker' };
  }
  if (settings.versioning !== undefined) {
    const marker = { kind: 'marker', key, versionId: newVersionId(bucket), lastModified: secondsNow(store) } as const;
    objects.add(marker);
    return { versionId: shownVersionId(bucket, marker), marker: true };
  }
  const current = objects.latest(key);
  if (current) objects.remove(current);
  return { versionId: undefined, marker: false };
}

export const deleteHandlers = (store: Store): S3Handlers => ({
  DeleteObject(input) {
    const { versionId, marker } = deleteObject(store, bucketOf(store, input), input);
    return { VersionId: versionId, DeleteMarker: marker || undefined };
  },
  DeleteObjects(input, { principal }) {
    const bucket = bucketOf(store, input);
    const targets = input.Delete.Objects ?? [];
    if (targets.length === 0 || targets.length > 1000) throw malformedXml();
    const results = targets.map((target) => deleteOneOfMany(store, bucket, principal, target));
    return {
      Deleted: input.Delete.Quiet ? undefined : results.flatMap((result) => result.deleted ?? []),
      Errors: results.flatMap((result) => result.failed ?? []),
    };
  },
});

/** DeleteObjects fails partially: each object's error stands beside the others' success. */
function deleteOneOfMany(
  store: Store,
  bucket: Bucket,
  principal: Principal,
  {
    Key = '',
    VersionId,
    ETag,
  }: { readonly Key: string | undefined; readonly VersionId?: string | undefined; readonly ETag?: string | undefined },
) {
  try {
    const action = VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
    store.world.ports.authority.require(principal, action, `${arnOfBucket(store, bucket.name)}/${Key}`);
    const { versionId, marker } = deleteObject(store, bucket, { Key, VersionId, IfMatch: ETag });
    const markerMembers = marker ? { DeleteMarker: true, DeleteMarkerVersionId: versionId } : {};
    return { deleted: { Key, VersionId, ...markerMembers } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { failed: { Key, VersionId, Code: error.code, Message: error.message } };
  }
}
