import { on } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { reasonOf } from '../process/job-error.ts';
import { FeedError } from './feed-error.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** A `.gz` served with `Content-Encoding: gzip` is wrapped twice; nobody means more than that. */
const deepestNesting = 2;

/** Gzip makes up to 1,032 bytes of one, and a million where it is wrapped twice. */
const mostBytes = 128 * 1024 ** 3;

/**
 * Each chunk is a way to zlib's thread and back, on which neither side works, so they are large. No larger: buffers that
 * outlive two of V8's collections of young objects stay until the next one of all objects, which comes late.
 */
const gunzipBuffers = {
  chunkSize: 384 * 1024,
  readableHighWaterMark: 512 * 1024,
  writableHighWaterMark: 256 * 1024,
};
const mostChunks = 2;
const none = Buffer.alloc(0);

interface InflationOptions {
  /** Bytes of content that are too many for a feed. */
  readonly most?: number;
  /**
   * So much is given between two turns of the event loop, in which zlib's thread gets more to do. Who takes about as long as
   * zlib does is served best by a little at a time; who takes longer lets zlib wait in any case, and loses by each turn.
   */
  readonly turnBytes?: number;
}

/**
 * The content of a feed: gzip, recognised by its first bytes whatever the name or the headers say, is inflated.
 * Throws FeedError for gzip that is cut off or damaged, and for content of more than `most` bytes; errors of the source
 * pass through.
 */
export async function* inflated(
  source: Bytes,
  { most = mostBytes, turnBytes = 192 * 1024 }: InflationOptions = {},
): Bytes {
  let length = 0;
  for await (const bytes of unwrapped(source, 0)) {
    length += bytes.length;
    if (length > most) throw new FeedError(`it is larger than ${most} bytes when it is inflated`);
    for (let at = 0; at < bytes.length; at += turnBytes) {
      yield bytes.subarray(at, at + turnBytes);
      await setImmediate();
    }
  }
}

async function* unwrapped(source: Bytes, nesting: number): Bytes {
  const { isGzip, bytes } = await peeked(source);
  if (!isGzip || nesting === deepestNesting) yield* bytes;
  else yield* unwrapped(gunzipped(bytes), nesting + 1);
}

/** Whether bytes begin as gzip does, which shows in two of them: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
export const beginsGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Looks at the first two bytes, which may come in two chunks, and gives them back with the rest. */
async function peeked(source: Bytes): Promise<{ isGzip: boolean; bytes: Bytes }> {
  const chunks = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let start = Buffer.alloc(0);
  while (start.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head.push(next.value);
    start = Buffer.concat([start, next.value.subarray(0, 2)]);
  }
  const bytes = async function* (): Bytes {
    try {
      yield* head;
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
    } finally {
      await chunks.return?.();
    }
  };
  return { isGzip: beginsGzip(start), bytes: bytes() };
}

async function* gunzipped(source: Bytes): Bytes {
  const gunzip = createGunzip(gunzipBuffers);
  const compressed = Readable.from(source, { objectMode: false });
  // An error of the source is thrown by the loop below, as it stands: destroying passes it on.
  compressed.on('error', (error) => gunzip.destroy(error));
  compressed.pipe(gunzip);
  try {
    const events: AsyncIterable<readonly Buffer[]> = on(gunzip, 'data', { close: ['end'], highWaterMark: mostChunks });
    for await (const [chunk = none] of events) yield chunk;
  } catch (error) {
    throw isZlibError(error) ? new FeedError(`its gzip is damaged or cut off (${reasonOf(error)})`) : error;
  } finally {
    compressed.destroy();
    gunzip.destroy();
  }
}

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
