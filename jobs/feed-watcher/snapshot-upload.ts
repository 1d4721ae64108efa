import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { inflated } from '../xml/inflation.ts';
import { type Content, Inspection } from './inspection.ts';

/** Two parts under way at most, of 8 MiB: S3's 10,000 parts then hold 80 GB of gzip. */
const parts = { queueSize: 2, partSize: 8 * 1024 * 1024 };

export interface SnapshotPlace {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly key: string;
}

/** Thrown by the judge of an upload to end it without an object and without an error. */
class NotWanted extends Error {}

/**
 * Streams a feed into a gzipped object. The object appears only when the whole content has passed: it is whole XML, and
 * `isWanted`, asked at the very end, agrees. Otherwise the upload is aborted. Memory stays flat whatever the size.
 * Throws what the body or `isWanted` throw, FeedError, and S3's errors.
 */
export async function uploadSnapshot(
  place: SnapshotPlace,
  body: AsyncIterable<Uint8Array>,
  tag: string,
  isWanted: (content: Content) => boolean,
): Promise<{ readonly content: Content; readonly stored: boolean }> {
  const inspection = new Inspection(tag);
  let content: Content | undefined;
  const inspected = async function* (): AsyncGenerator<Uint8Array> {
    for await (const bytes of inflated(body)) {
      inspection.see(bytes);
      yield bytes;
    }
    content = inspection.end();
    // The stream ends after this line only, and the upload is completed after the stream.
    if (!isWanted(content)) throw new NotWanted();
  };
  const stored = await uploaded(place, Readable.from(inspected(), { objectMode: false }));
  if (content === undefined) throw new Error('the upload ended before the feed did');
  return { content, stored };
}

/** false when the content was not wanted after all. */
async function uploaded({ s3, bucket, key }: SnapshotPlace, content: Readable): Promise<boolean> {
  const gzipped = new PassThrough();
  const params = { Bucket: bucket, Key: key, Body: gzipped, ContentType: 'application/gzip' };
  const upload = new Upload({ client: s3, params, ...parts });
  const outcomes = await Promise.allSettled([pipeline(content, createGzip(), gzipped), upload.done()]);
  // A failure of either breaks the other off, and only what broke it tells why.
  const failures = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.some((failure) => failure instanceof NotWanted)) return false;
  if (failures.length > 0) throw failures.find((failure) => !isBrokenOff(failure)) ?? failures[0];
  return true;
}

/** How a stream ends that nobody reads any more. */
const isBrokenOff = (failure: unknown): boolean =>
  failure instanceof Error &&
  'code' in failure &&
  (failure.code === 'ERR_STREAM_PREMATURE_CLOSE' || failure.code === 'ABORT_ERR');
