import { type Bucket, bucketOf, type Store } from './bucket.ts';
import { invalidArgument } from './errors.ts';
import type { S3Handlers } from './handlers.ts';
import { keyEncoder, listingMembers, listKeys, pageLimit } from './listing.ts';
import type { ObjectVersion, Version } from './object-index.ts';
import { quoted } from './versions.ts';

const describe = (object: ObjectVersion, encode: (text: string) => string) => ({
  Key: encode(object.key),
  LastModified: object.lastModified,
  ETag: quoted(object.etag),
  Size: object.body.size,
  StorageClass: object.storageClass,
  ChecksumAlgorithm: object.checksum && [object.checksum.algorithm],
  ChecksumType: object.checksum?.type,
});

/** A continuation token is opaque to clients; ours is where the last page ended. */
const tokenOf = (name: string): string => Buffer.from(name).toString('base64url');

function fromToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (name !== '' && tokenOf(name) === token) return name;
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}

const currentObjects = (bucket: Bucket, after: string) => (key: string) =>
  bucket.objects
    .versionsOf(key === after ? '' : key)
    .slice(0, 1)
    .filter(isObject);
const isObject = (version: Version): version is ObjectVersion => version.kind === 'object';

/** ListObjectsV2 and its predecessor. */
export const listHandlers = (store: Store): S3Handlers => ({
  ListObjectsV2(input) {
    const bucket = bucketOf(store, input);
    const { Prefix: prefix = '', Delimiter: delimiter = '', StartAfter: startAfter = '', ContinuationToken } = input;
    const limit = pageLimit('max-keys', input.MaxKeys);
    const after = ContinuationToken === undefined ? startAfter : fromToken(ContinuationToken);
    const page = listKeys(bucket.objects.keys, { prefix, delimiter, after, limit }, currentObjects(bucket, after));
    const encode = keyEncoder(input.EncodingType);
    const owner = input.FetchOwner ? { Owner: { ID: store.world.account.padStart(64, '0') } } : {};
    return {
      Name: bucket.name,
      ...listingMembers(input, page, encode),
      StartAfter: input.StartAfter && encode(input.StartAfter),
      MaxKeys: limit,
      KeyCount: page.items.length + page.prefixes.length,
      ContinuationToken,
      NextContinuationToken: page.next === undefined ? undefined : tokenOf(page.next.name),
      Contents: page.items.map((object) => ({ ...describe(object, encode), ...owner })),
    };
  },
  ListObjects(input) {
    const bucket = bucketOf(store, input);
    const { Prefix: prefix = '', Delimiter: delimiter = '', Marker: after = '' } = input;
    const limit = pageLimit('max-keys', input.MaxKeys);
    const page = listKeys(bucket.objects.keys, { prefix, delimiter, after, limit }, currentObjects(bucket, after));
    const encode = keyEncoder(input.EncodingType);
    return {
      Name: bucket.name,
      ...listingMembers(input, page, encode),
      Marker: encode(after),
      MaxKeys: limit,
      // S3 answers it only beside a delimiter; without one the last key serves.
      NextMarker: delimiter !== '' && page.next !== undefined ? encode(page.next.name) : undefined,
      Contents: page.items.map((object) => describe(object, encode)),
    };
  },
});
