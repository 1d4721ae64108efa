import { AwsError } from '../../wire/errors.ts';
import type { Principal } from '../../world.ts';
import { arnOfBucket, type Bucket, bucketOf, type Store } from './bucket.ts';
import { checksumMembers } from './checksums.ts';
import { checkRead } from './conditions.ts';
import { encryptionMembers } from './content.ts';
import type { S3Handlers, S3Input } from './handlers.ts';
import type { ObjectVersion } from './object-index.ts';
import { type ByteRange, contentRange, parseRange } from './range.ts';
import { objectOf, quoted, shownVersionId } from './versions.ts';

/** The bytes of one part of an object that was uploaded in parts; an object in one piece is its own part 1. */
function rangeOfPart(object: ObjectVersion, partNumber: number): ByteRange {
  const sizes = object.partSizes ?? [object.body.size];
  const size = sizes[partNumber - 1];
  if (size === undefined)
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416, {
      PartNumberRequested: String(partNumber),
      ActualPartCount: String(sizes.length),
    });
  const start = sizes.slice(0, partNumber - 1).reduce((sum, each) => sum + each, 0);
  return { start, end: start + size - 1 };
}

type ReadInput = S3Input<'GetObject'> | S3Input<'HeadObject'>;

function rangeOf(input: ReadInput, object: ObjectVersion): ByteRange | undefined {
  if (input.PartNumber === undefined) return parseRange(input.Range, object.body.size);
  if (input.Range !== undefined)
    throw new AwsError('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
  return rangeOfPart(object, input.PartNumber);
}

/** The headers of an answer to GetObject and HeadObject, which differ in the body alone. */
function describeRead(bucket: Bucket, object: ObjectVersion, input: ReadInput, range: ByteRange | undefined) {
  const { size } = object.body;
  const whole = range === undefined || (range.start === 0 && range.end === size - 1);
  return {
    AcceptRanges: 'bytes',
    ETag: quoted(object.etag),
    LastModified: object.lastModified,
    ContentLength: range ? range.end - range.start + 1 : size,
    ContentRange: range && size > 0 ? contentRange(range, size) : undefined,
    ...object.content,
    CacheControl: input.ResponseCacheControl ?? object.content.CacheControl,
    ContentDisposition: input.ResponseContentDisposition ?? object.content.ContentDisposition,
    ContentEncoding: input.ResponseContentEncoding ?? object.content.ContentEncoding,
    ContentLanguage: input.ResponseContentLanguage ?? object.content.ContentLanguage,
    ContentType: input.ResponseContentType ?? object.content.ContentType,
    Expires: input.ResponseExpires ?? object.content.Expires,
    Metadata: object.metadata,
    // STANDARD is the class that goes without saying.
    StorageClass: object.storageClass === 'STANDARD' ? undefined : object.storageClass,
    ...encryptionMembers(object),
    VersionId: shownVersionId(bucket, object),
    PartsCount: input.PartNumber === undefined ? undefined : object.partSizes?.length,
    // A checksum is of the whole object; beside a range of it, it would make a client that validates fail.
    ...(input.ChecksumMode === 'ENABLED' && whole
      ? { ...checksumMembers(object.checksum), ChecksumType: object.checksum?.type }
      : {}),
  };
}

/** That an object is not there is told only to those who may list the bucket (API reference of GetObject). */
function visibleObject(store: Store, bucket: Bucket, input: ReadInput, principal: Principal): ObjectVersion {
  try {
    return objectOf(bucket, input);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchKey')
      store.world.ports.authority.require(principal, 's3:ListBucket', arnOfBucket(store, bucket.name));
    throw error;
  }
}

/** GetObject and HeadObject. */
export const readHandlers = (store: Store): S3Handlers => ({
  GetObject(input, { principal }) {
    const bucket = bucketOf(store, input);
    const object = visibleObject(store, bucket, input, principal);
    checkRead(input, object);
    const range = rangeOf(input, object);
    return { ...describeRead(bucket, object, input, range), Body: object.body.read(range) };
  },
  HeadObject(input, { principal }) {
    const bucket = bucketOf(store, input);
    const object = visibleObject(store, bucket, input, principal);
    checkRead(input, object);
    return describeRead(bucket, object, input, rangeOf(input, object));
  },
});
