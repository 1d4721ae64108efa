import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Zlib's thread works on large pieces while the next ones are read. Level 3 is twice as fast as 6, for a tenth more bytes. */
const gzipOptions = { level: 3, chunkSize: 256 * 1024, highWaterMark: 1024 * 1024 };

/** A file that bytes are written into, as they are or gzipped on the way. Its errors are thrown by `ready` and `end`. */
export class FileWriter {
  readonly path: string;
  readonly #input: Transform;
  readonly #written: Promise<void>;
  #isFull = false;

  constructor(path: string, as: 'gzip' | 'it is') {
    this.path = path;
    this.#input = as === 'gzip' ? createGzip(gzipOptions) : new PassThrough();
    this.#written = pipeline(this.#input, createWriteStream(path));
    // Whoever writes asks for the error; until then it must not end the process.
    this.#written.catch(() => {});
  }

  write(bytes: Uint8Array): void {
    this.#isFull = !this.#input.write(bytes);
  }

  /** Resolves when more may be written. */
  async ready(): Promise<void> {
    if (!this.#isFull) return;
    this.#isFull = false;
    await Promise.race([once(this.#input, 'drain'), this.#written]);
  }

  /** Lets go of a file that nobody needs any more. */
  abandon(): void {
    this.#input.destroy();
  }

  /** Resolves when everything is in the file. */
  async end(): Promise<void> {
    this.#input.end();
    await this.#written;
  }
}
