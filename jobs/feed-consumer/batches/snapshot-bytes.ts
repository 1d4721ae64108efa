import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { reasonOf } from '../../process/job-error.ts';
import type { Log } from '../../process/log.ts';

/** Reads that may break one after the other without a byte between them. */
const patience = 4;

interface Part {
  readonly body: Readable;
  readonly etag: string | undefined;
  /** Length of the whole object. */
  readonly total: number;
}

/**
 * The bytes of an object. A read that breaks off goes on where it stopped, and only within the same version of the
 * object. Slow deliveries can keep a read waiting for long enough that S3 closes it, so this is no rare event.
 */
export async function* snapshotBytes(s3: S3Client, bucket: string, key: string, log: Log): AsyncGenerator<Uint8Array> {
  let offset = 0;
  let failures = 0;
  let part = await readFrom(s3, bucket, key, 0, undefined);
  const { etag, total } = part;
  for (;;) {
    try {
      for await (const chunk of part.body) {
        yield chunk;
        offset += chunk.length;
        failures = 0;
      }
      if (offset === total) return;
      throw new Error(`the read ended after ${offset} of ${total} bytes`);
    } catch (error) {
      failures++;
      // Nothing is left to read where it is the checksum of the whole that failed.
      if (failures > patience || offset >= total) throw error;
      log('read resumed', { key, offset, reason: reasonOf(error) });
    }
    part = await readFrom(s3, bucket, key, offset, etag);
  }
}

async function readFrom(
  s3: S3Client,
  bucket: string,
  key: string,
  offset: number,
  etag: string | undefined,
): Promise<Part> {
  const rest = offset === 0 ? {} : { Range: `bytes=${offset}-` };
  const version = etag === undefined ? {} : { IfMatch: etag };
  const { Body, ETag, ContentLength } = await s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: key, ...rest, ...version }),
  );
  if (!(Body instanceof Readable) || ContentLength === undefined)
    throw new Error(`reading s3://${bucket}/${key}: the answer has no body or no length`);
  return { body: Body, etag: ETag, total: offset + ContentLength };
}
