import { randomBytes } from 'node:crypto';
import type { ReceivedBody } from './bodies.ts';
import { type Bucket, bucketOf, type Store, secondsNow } from './bucket.ts';
import { algorithmNamed, algorithmOf, checksumMembers, type Declared, Digest } from './checksums.ts';
import { completeUpload } from './complete-upload.ts';
import { checkCopySource } from './conditions.ts';
import { contentOf, encryptionMembers } from './content.ts';
import { readSource } from './copy-source.ts';
import { invalidArgument, noSuchUpload } from './errors.ts';
import type { S3Handlers } from './handlers.ts';
import { parseRange } from './range.ts';
import { type Upload, type UploadedPart, uploadOf } from './upload.ts';
import { checkKey, quoted, shownVersionId } from './versions.ts';

function checkPartNumber(number: number): void {
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return;
  const message = 'Part number must be an integer between 1 and 10000, inclusive';
  throw invalidArgument(message, 'partNumber', String(number));
}

/** Receives a part; a part of the same number takes the place of the one before. */
async function receivePart(
  store: Store,
  bucket: Bucket,
  input: { readonly Key: string; readonly UploadId: string; readonly PartNumber: number },
  receive: (upload: Upload) => Promise<ReceivedBody>,
): Promise<UploadedPart> {
  const upload = uploadOf(bucket.uploads, input);
  checkPartNumber(input.PartNumber);
  const { body, md5, checksum } = await receive(upload);
  if (bucket.uploads.get(upload.id) !== upload) {
    body.drop();
    throw noSuchUpload(upload.id);
  }
  const part = { number: input.PartNumber, body, md5, checksum, lastModified: secondsNow(store) };
  upload.parts.get(part.number)?.body.drop();
  upload.parts.set(part.number, part);
  return part;
}

/** The checksum the upload was begun with, unless the part brings one of its own. */
const digestFor = (upload: Upload, declared: Declared): Digest => new Digest(algorithmOf(declared) ?? upload.algorithm);

/** Uploading an object in parts. */
export const multipartHandlers = (store: Store): S3Handlers => ({
  CreateMultipartUpload(input) {
    const bucket = bucketOf(store, input);
    checkKey(input.Key);
    const algorithm = algorithmNamed(input.ChecksumAlgorithm);
    const upload: Upload = {
      ...contentOf(input),
      id: randomBytes(48).toString('base64url'),
      key: input.Key,
      initiated: secondsNow(store),
      algorithm,
      // CRC64NVME exists as a checksum of the whole object only.
      checksumType: algorithm && (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : (input.ChecksumType ?? 'COMPOSITE')),
      parts: new Map(),
    };
    bucket.uploads.set(upload.id, upload);
    return {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      ChecksumAlgorithm: algorithm,
      ChecksumType: upload.checksumType,
      ...encryptionMembers(upload),
    };
  },
  async UploadPart(input, { trailers }) {
    const part = await receivePart(store, bucketOf(store, input), input, (upload) =>
      store.bodies.receive(input.Body, { ...input, trailers }, digestFor(upload, input)),
    );
    return {
      ETag: quoted(part.md5.toString('hex')),
      ...checksumMembers(part.checksum),
      ...encryptionMembers(uploadOf(bucketOf(store, input).uploads, input)),
    };
  },
  async UploadPartCopy(input) {
    const source = readSource(store, input);
    checkCopySource(source.conditions, source.object);
    const range = parseRange(input.CopySourceRange, source.object.body.size);
    const part = await receivePart(store, bucketOf(store, input), input, (upload) =>
      store.bodies.receive(source.object.body.read(range), {}, digestFor(upload, {})),
    );
    return {
      CopyPartResult: {
        ETag: quoted(part.md5.toString('hex')),
        LastModified: part.lastModified,
        ...checksumMembers(part.checksum),
      },
      CopySourceVersionId: shownVersionId(source.bucket, source.object),
    };
  },
  CompleteMultipartUpload: (input) => completeUpload(store, bucketOf(store, input), input),
  AbortMultipartUpload(input) {
    const bucket = bucketOf(store, input);
    const upload = uploadOf(bucket.uploads, input);
    bucket.uploads.delete(upload.id);
    for (const part of upload.parts.values()) part.body.drop();
    return {};
  },
});
