import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { JobError, reasonOf } from '../../process/job-error.ts';
import { copyBytes } from './copy-bytes.ts';
import type { Rope } from './rope.ts';

/**
 * A file that bytes are appended to, and read from in any order. It is read and written without a wait: what a run of the
 * kernel has found must be taken before the next one. Throws JobError where the file system fails.
 */
export class Spool {
  readonly #path: string;
  readonly #file: number;
  readonly #buffer: Buffer;
  /** Bytes in the buffer, and in the file before them. */
  #used = 0;
  #written = 0;

  /** The file must not be there yet. What is on its way lies in `buffer`. */
  constructor(path: string, buffer: Buffer) {
    this.#path = path;
    this.#buffer = buffer;
    this.#file = this.#try(() => openSync(path, 'wx+', 0o600));
  }

  /** Appends the bytes from `from` up to `to`, also to a rope. */
  append(rope: Rope, bytes: Uint8Array, from = 0, to = bytes.length): void {
    if (this.#used + to - from > this.#buffer.length) this.#flush();
    const start = this.#written + this.#used;
    if (to - from > this.#buffer.length) this.#write(bytes.subarray(from, to));
    else {
      copyBytes(this.#buffer, this.#used, bytes, from, to);
      this.#used += to - from;
    }
    rope.add(start, start + to - from);
  }

  /** The bytes of a rope. Each piece is good until the next one is asked for; nothing may be appended meanwhile. */
  *pieces(rope: Rope): Generator<Uint8Array> {
    this.#flush();
    let filled = 0;
    for (let stretch = 0; stretch < rope.stretches; stretch++)
      for (let at = rope.start(stretch); at < rope.end(stretch); ) {
        const count = this.#read(filled, at, Math.min(rope.end(stretch) - at, this.#buffer.length - filled));
        at += count;
        filled += count;
        if (filled < this.#buffer.length) continue;
        yield this.#buffer;
        filled = 0;
      }
    yield this.#buffer.subarray(0, filled);
  }

  read(rope: Rope): Uint8Array {
    const bytes = Buffer.allocUnsafeSlow(rope.length);
    let at = 0;
    for (const piece of this.pieces(rope)) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  /** What was appended is in the file then. */
  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    this.#write(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  /** The system may take less at a time than it was given. */
  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; )
      at += this.#try(() => writeSync(this.#file, bytes, at, bytes.length - at, this.#written + at));
    this.#written += bytes.length;
  }

  /** Reads into the buffer and gives how many bytes came. */
  #read(to: number, at: number, bytes: number): number {
    const count = this.#try(() => readSync(this.#file, this.#buffer, to, bytes, at));
    if (count === 0) throw new JobError(`reading a large record from ${this.#path}: it has become shorter`);
    return count;
  }

  #try<T>(access: () => T): T {
    try {
      return access();
    } catch (error) {
      throw new JobError(
        `keeping a large record in ${this.#path}: ${reasonOf(error)}; the job needs a file system at TMPDIR with room for some times its largest records`,
      );
    }
  }
}
