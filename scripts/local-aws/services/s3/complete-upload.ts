import { createHash } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import { StoredBody } from './bodies.ts';
import type { Bucket, Store } from './bucket.ts';
import { type Checksum, checksumMembers, compositeChecksum, Digest, declaredChecksum } from './checksums.ts';
import { writeConditionally } from './conditions.ts';
import { encryptionMembers } from './content.ts';
import { malformedXml, noSuchUpload } from './errors.ts';
import type { S3Input, S3Output } from './handlers.ts';
import { type Upload, type UploadedPart, uploadOf } from './upload.ts';
import { commitObject, quoted, shownVersionId } from './versions.ts';

type Input = S3Input<'CompleteMultipartUpload'>;
type NamedPart = NonNullable<NonNullable<Input['MultipartUpload']>['Parts']>[number];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html: every part but the last. */
const smallestPart = 5 * 1024 * 1024;

function uploadedPart(upload: Upload, { PartNumber = 0, ETag = '', ...named }: NamedPart): UploadedPart {
  const part = upload.parts.get(PartNumber);
  const given = upload.algorithm && declaredChecksum(named, upload.algorithm);
  if (given === undefined && upload.checksumType === 'COMPOSITE')
    throw new AwsError(
      'InvalidRequest',
      `The upload was created using a ${upload.algorithm?.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${PartNumber} in the request.`,
    );
  const fits =
    part?.md5.toString('hex') === ETag.replaceAll('"', '') && (given === undefined || given === part.checksum?.value);
  if (part && fits) return part;
  throw new AwsError(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    400,
    { UploadId: upload.id, PartNumber, ETag },
  );
}

/** The parts that the request names, as they were uploaded. @throws AwsError InvalidPartOrder, InvalidPart, EntityTooSmall */
function chosenParts(upload: Upload, named: readonly NamedPart[]): readonly UploadedPart[] {
  if (named.length === 0) throw malformedXml();
  const parts = named.map((each) => uploadedPart(upload, each));
  if (parts.some((part, i) => part.number <= (parts[i - 1]?.number ?? 0)))
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
      400,
      { UploadId: upload.id },
    );
  const small = parts.slice(0, -1).find((part) => part.body.size < smallestPart);
  if (small)
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
      ETag: small.md5.toString('hex'),
      PartNumber: String(small.number),
      ProposedSize: String(small.body.size),
      MinSizeAllowed: String(smallestPart),
    });
  return parts;
}

/** MD5 of the parts' MD5s, and their number. */
const etagOf = (parts: readonly UploadedPart[]): string =>
  `${createHash('md5')
    .update(Buffer.concat(parts.map((part) => part.md5)))
    .digest('hex')}-${parts.length}`;

async function checksumOf(
  upload: Upload,
  parts: readonly UploadedPart[],
  body: StoredBody,
): Promise<Checksum | undefined> {
  if (!upload.algorithm) return undefined;
  if (upload.checksumType === 'COMPOSITE')
    return compositeChecksum(
      upload.algorithm,
      parts.flatMap((part) => part.checksum ?? []),
    );
  const digest = new Digest(upload.algorithm);
  for await (const chunk of body.read()) digest.update(chunk);
  return digest.finish().checksum;
}

/** Makes the parts one object, in the files in which they lie; what was uploaded but not named is thrown away. */
export async function completeUpload(
  store: Store,
  bucket: Bucket,
  input: Input,
): Promise<S3Output<'CompleteMultipartUpload'>> {
  const upload = uploadOf(bucket.uploads, input);
  const parts = chosenParts(upload, input.MultipartUpload?.Parts ?? []);
  const body = new StoredBody(parts.flatMap((part) => part.body.segments));
  const version = await writeConditionally(bucket.objects, upload.key, input, {
    receive: () => checksumOf(upload, parts, body),
    commit(checksum) {
      checkTotal(input, body, checksum);
      if (!bucket.uploads.delete(upload.id)) throw noSuchUpload(upload.id);
      for (const part of upload.parts.values()) if (!parts.includes(part)) part.body.drop();
      const { content, metadata, storageClass, encryption, kmsKeyId, key } = upload;
      const partSizes = parts.map((part) => part.body.size);
      const about = { content, metadata, storageClass, encryption, kmsKeyId };
      return commitObject(store, bucket, { ...about, key, body, checksum, etag: etagOf(parts), partSizes });
    },
    // The upload stays, to be completed again or aborted.
    discard: () => undefined,
  });
  return {
    Location: `${store.world.endpoint()}/${bucket.name}/${encodeURIComponent(upload.key)}`,
    Bucket: bucket.name,
    Key: upload.key,
    ETag: quoted(version.etag),
    ...checksumMembers(version.checksum),
    ChecksumType: version.checksum?.type,
    ...encryptionMembers(version),
    VersionId: shownVersionId(bucket, version),
  };
}

function checkTotal(input: Input, body: StoredBody, checksum: Checksum | undefined): void {
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== body.size)
    throw new AwsError(
      'InvalidRequest',
      `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${body.size}`,
    );
  const expected = checksum && declaredChecksum(input, checksum.algorithm);
  if (
    expected !== undefined &&
    expected !== checksum?.value &&
    `${expected}-${body.segments.length}` !== checksum?.value
  )
    throw new AwsError('BadDigest', `The ${checksum?.algorithm} you specified did not match the calculated checksum.`);
}
