import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../../wire/errors.ts';
import { type Declared, type Digest, verifyDigest } from './checksums.ts';
import { incompleteBody } from './errors.ts';
import type { ByteRange } from './range.ts';

/** One file of a body; a multipart object keeps its parts as they came, so completing an upload copies nothing. */
interface Segment {
  readonly file: string;
  readonly size: number;
}

/** An object's bytes on disk. Its files go when it was dropped and the last reader has left: a download outlives a delete. */
export class StoredBody {
  readonly segments: readonly Segment[];
  readonly size: number;
  #readers = 0;
  #dropped = false;

  constructor(segments: readonly Segment[]) {
    this.segments = segments;
    this.size = segments.reduce((sum, segment) => sum + segment.size, 0);
  }

  /** The bytes of a range, or all. Nothing is opened before the first read; destroying the stream ends the reading. */
  read(range: ByteRange = { start: 0, end: this.size - 1 }): Readable {
    this.#readers++;
    const stream = Readable.from(this.#chunks(range), { objectMode: false });
    stream.once('close', () => {
      this.#readers--;
      this.#removeWhenUnused();
    });
    return stream;
  }

  drop(): void {
    this.#dropped = true;
    this.#removeWhenUnused();
  }

  async *#chunks({ start, end }: ByteRange): AsyncGenerator<Buffer> {
    let offset = 0;
    for (const { file, size } of this.segments) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, size - 1);
      if (from <= to) yield* createReadStream(file, { start: from, end: to });
      offset += size;
    }
  }

  #removeWhenUnused(): void {
    if (!this.#dropped || this.#readers > 0) return;
    for (const { file } of this.segments) rmSync(file, { force: true });
  }
}

export interface ReceivedBody extends ReturnType<Digest['finish']> {
  readonly body: StoredBody;
}

/**
 * All bodies of a run, below one folder. Files have names of their own and not their keys', so that a key may hold any
 * bytes. A body is received in `incoming/` and moves to `bodies/` once it is whole and right.
 */
export class Bodies {
  readonly #incoming: string;
  readonly #kept: string;

  constructor(directory: string) {
    this.#incoming = join(directory, 'incoming');
    this.#kept = join(directory, 'bodies');
    for (const folder of [this.#incoming, this.#kept]) mkdirSync(folder, { recursive: true });
  }

  /**
   * Streams a body to disk, hashing it on the way, as fast as the disk takes it.
   * @throws AwsError IncompleteBody, BadDigest or InvalidDigest; then nothing is left of it.
   */
  async receive(
    source: AsyncIterable<Uint8Array> | undefined,
    declared: Declared,
    digest: Digest,
  ): Promise<ReceivedBody> {
    const name = randomUUID();
    const temporary = join(this.#incoming, name);
    const file = join(this.#kept, name);
    try {
      await pipeline(hashed(source ?? Readable.from([]), digest), createWriteStream(temporary, { flags: 'wx' }));
      if (declared.ContentLength !== undefined && declared.ContentLength !== digest.size) throw incompleteBody();
      const found = digest.finish();
      verifyDigest(declared, found);
      await rename(temporary, file);
      return { ...found, body: new StoredBody([{ file, size: digest.size }]) };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

/** An upload that breaks off is the client's failure, not ours. */
async function* hashed(source: AsyncIterable<Uint8Array>, digest: Digest): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of source) {
      digest.update(chunk);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof AwsError ? error : incompleteBody();
  }
}
