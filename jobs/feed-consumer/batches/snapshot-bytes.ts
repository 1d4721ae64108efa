import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { JobError, reasonOf } from '../../process/job-error.ts';
import type { Log } from '../../process/log.ts';
import type { ObjectPlace } from '../../process/objects.ts';

/** Reads that may break one after the other without a byte between them. */
const patience = 4;

interface Part {
  readonly body: Readable;
  readonly etag: string | undefined;
  /** Length of the whole object. */
  readonly total: number;
}

/** An object that is read: which version of it, and its bytes, which are to be read or let go of. */
export interface OpenedObject {
  readonly etag: string | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Opens an object. A read of its bytes that breaks off goes on where it stopped, and only within the same version of the
 * object. Slow deliveries can keep a read waiting for long enough that S3 closes it, so this is no rare event.
 */
export async function openObject(place: ObjectPlace, log: Log): Promise<OpenedObject> {
  const { bucket, key } = place;
  const first = await readFrom(place, 0, undefined);
  const readOn = (offset: number): Promise<Part> => readFrom(place, offset, first.etag);
  const tell = (facts: object): void => log('read resumed', { key, ...facts });
  return { etag: first.etag, bytes: bytesFrom(first, `s3://${bucket}/${key}`, readOn, tell) };
}

/** The bytes of an object, as openObject gives them. */
export async function* snapshotBytes(place: ObjectPlace, log: Log): AsyncGenerator<Uint8Array> {
  yield* (await openObject(place, log)).bytes;
}

async function* bytesFrom(
  first: Part,
  name: string,
  readOn: (offset: number) => Promise<Part>,
  tell: (facts: { readonly offset: number; readonly reason: string }) => void,
): AsyncGenerator<Uint8Array> {
  const { total } = first;
  let part = first;
  let offset = 0;
  let failures = 0;
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
      if (failures > patience || offset >= total)
        throw new JobError(`reading ${name}: ${reasonOf(error)}; the next attempt reads it anew`);
      tell({ offset, reason: reasonOf(error) });
    }
    part = await readOn(offset);
  }
}

async function readFrom({ s3, bucket, key }: ObjectPlace, offset: number, etag: string | undefined): Promise<Part> {
  const rest = offset === 0 ? {} : { Range: `bytes=${offset}-` };
  const version = etag === undefined ? {} : { IfMatch: etag };
  const { Body, ETag, ContentLength } = await s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: key, ...rest, ...version }),
  );
  if (!(Body instanceof Readable) || ContentLength === undefined)
    throw new Error(`reading s3://${bucket}/${key}: the answer has no body or no length`);
  return { body: Body, etag: ETag, total: offset + ContentLength };
}
