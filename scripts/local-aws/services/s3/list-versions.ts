import { type Bucket, bucketOf, type Store } from './bucket.ts';
import { invalidArgument } from './errors.ts';
import type { S3Handlers } from './handlers.ts';
import { keyEncoder, listingMembers, listKeys, pageLimit } from './listing.ts';
import type { Version } from './object-index.ts';
import { quoted } from './versions.ts';

/** Versions of one key that a page starts with: all, or those older than the marker where the page before ended. */
function versionsBehind(bucket: Bucket, key: string, keyMarker: string, versionMarker: string | undefined) {
  const versions = bucket.objects.versionsOf(key);
  if (key !== keyMarker) return versions;
  const at = versions.findIndex((version) => version.versionId === versionMarker);
  return at < 0 ? [] : versions.slice(at + 1);
}

export const versionHandlers = (store: Store): S3Handlers => ({
  ListObjectVersions(input) {
    const bucket = bucketOf(store, input);
    const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: after = '', VersionIdMarker } = input;
    if (VersionIdMarker !== undefined && after === '')
      throw invalidArgument(
        'A version-id marker cannot be specified without a key marker.',
        'version-id-marker',
        VersionIdMarker,
      );
    const limit = pageLimit('max-keys', input.MaxKeys);
    const page = listKeys(bucket.objects.keys, { prefix, delimiter, after, limit }, (key) =>
      versionsBehind(bucket, key, after, VersionIdMarker),
    );
    const encode = keyEncoder(input.EncodingType);
    const describe = (version: Version) => ({
      Key: encode(version.key),
      VersionId: version.versionId,
      IsLatest: bucket.objects.latest(version.key) === version,
      LastModified: version.lastModified,
      Owner: { ID: store.world.account.padStart(64, '0') },
    });
    return {
      Name: bucket.name,
      ...listingMembers(input, page, encode),
      KeyMarker: encode(after),
      VersionIdMarker: VersionIdMarker ?? '',
      NextKeyMarker: page.next && encode(page.next.name),
      NextVersionIdMarker: page.next?.item?.versionId,
      MaxKeys: limit,
      Versions: page.items.flatMap((version) =>
        version.kind === 'object'
          ? {
              ...describe(version),
              ETag: quoted(version.etag),
              Size: version.body.size,
              // Versions have no other class in AWS's list of values.
              StorageClass: 'STANDARD' as const,
            }
          : [],
      ),
      DeleteMarkers: page.items.flatMap((version) => (version.kind === 'marker' ? describe(version) : [])),
    };
  },
});
