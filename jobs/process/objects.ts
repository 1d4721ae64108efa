import {
  DeleteObjectsCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { JobError, reasonOf } from './job-error.ts';

/** An object in S3, be it there or not. */
export interface ObjectPlace {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly key: string;
}

/** A small text in S3 with the entity tag that the next write refers to. */
export interface StoredText {
  readonly text: string;
  readonly etag: string;
}

/** How often a small object is read whose answer breaks off. The SDK repeats a request, and no answer that has begun. */
const readings = 3;

/** Reads a whole small object; `undefined` when there is none. Throws JobError where its answers break off. */
export async function readText(place: ObjectPlace): Promise<StoredText | undefined> {
  for (let left = readings - 1; ; left--) {
    const found = await answerAbout(place);
    if (found === undefined) return undefined;
    try {
      return { text: await found.Body.transformToString(), etag: found.ETag };
    } catch (error) {
      if (left === 0) throw brokenOff(place, error);
    }
  }
}

async function answerAbout({ s3, bucket, key }: ObjectPlace) {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (Body === undefined || ETag === undefined) throw new Error(`reading s3://${bucket}/${key}: no body or no ETag`);
    return { Body, ETag };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** No client explains what becomes of an answer that has begun. */
export const brokenOff = ({ bucket, key }: Omit<ObjectPlace, 's3'>, error: unknown): JobError =>
  new JobError(`reading s3://${bucket}/${key}: it broke off (${reasonOf(error)}); the next attempt reads it anew`);

/** Writes a JSON text as `replaceBytes` does. */
export async function replaceText(
  place: ObjectPlace,
  text: string,
  etag: string | undefined,
): Promise<string | undefined> {
  return await replaceBytes(place, Buffer.from(text), 'application/json', etag);
}

/**
 * Writes an object where `etag` (`undefined`: nothing) is still what is stored, and gives its new entity tag;
 * `undefined` when somebody else wrote or removed it first. S3 answers 412 then, 409 to two writers at the very same time, and
 * 404 where nothing is stored any more: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function replaceBytes(
  { s3, bucket, key }: ObjectPlace,
  bytes: Uint8Array,
  type: string,
  etag: string | undefined,
): Promise<string | undefined> {
  const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
  const object = { Bucket: bucket, Key: key, Body: bytes, ContentType: type };
  try {
    const { ETag } = await s3.send(new PutObjectCommand({ ...object, ...condition }));
    if (ETag === undefined) throw new Error(`writing s3://${bucket}/${key}: the answer has no ETag`);
    return ETag;
  } catch (error) {
    if (error instanceof S3ServiceException && isOvertaken(error)) return undefined;
    throw error;
  }
}

/** A bucket that is not there is a 404 as well. */
const isOvertaken = ({ name, $metadata: { httpStatusCode = 0 } }: S3ServiceException): boolean =>
  [404, 409, 412].includes(httpStatusCode) && name !== 'NoSuchBucket';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const mostDeleted = 1_000;

/** Removes objects, whether they are there or not. Throws JobError where S3 refuses to remove one. */
export async function removeObjects(s3: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += mostDeleted) {
    const Objects = keys.slice(at, at + mostDeleted).map((Key) => ({ Key }));
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first !== undefined) throw new JobError(`removing s3://${bucket}/${first.Key}: ${first.Message}`);
  }
}

/** Removes the objects of a prefix that are wanted no more. */
export async function removeAll(
  s3: S3Client,
  bucket: string,
  prefix: string,
  isUnwanted: (key: string) => boolean,
): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
    await removeObjects(s3, bucket, Contents.flatMap(({ Key }) => Key ?? []).filter(isUnwanted));
}
