import { createReadStream } from 'node:fs';
import { beginsGzip, inflated } from '../../xml/inflation.ts';
import { FileWriter } from './file-writer.ts';

type Bytes = AsyncIterable<Uint8Array>;

/**
 * The body of a download, kept in a file while it is read: as it comes where it is gzip, else gzipped. Who reads it may
 * leave off in the middle and have all of it once more.
 */
export class StoredBody implements AsyncIterableIterator<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #path: string;
  #file: FileWriter | undefined;
  #isGzip = false;
  #latest: Promise<unknown> = Promise.resolve();

  constructor(source: Bytes, path: string) {
    this.#source = source[Symbol.asyncIterator]();
    this.#path = path;
  }

  /** There is no `return`: the source stays open when somebody leaves off reading. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const next = this.#next();
    this.#latest = next;
    return next;
  }

  /** The file with all that was read, gzipped. */
  async end(): Promise<string> {
    await this.#file?.end();
    return this.#path;
  }

  /** The whole body again, when nobody else reads it any more: first from the file, then what has not come yet. */
  async *again(): AsyncGenerator<Uint8Array> {
    // Who left off may have asked for one piece more.
    await this.#latest;
    const path = await this.end();
    const stored = createReadStream(path);
    yield* this.#isGzip ? stored : inflated(stored);
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) yield next.value;
  }

  /** Lets go of the source, whether or not it has come to its end. */
  async close(): Promise<void> {
    await this.#file?.abandon();
    await this.#source.return?.();
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    const next = await this.#source.next();
    if (next.done === true) return next;
    const bytes = this.#file === undefined ? await this.#begin(next.value) : next.value;
    this.#file?.write(bytes);
    await this.#file?.ready();
    return { done: false, value: bytes };
  }

  /** Opens the file when it is known what the body is: by its first two bytes, which may come one by one. */
  async #begin(first: Uint8Array): Promise<Uint8Array> {
    let head = first;
    while (head.length < 2) {
      const next = await this.#source.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
    this.#isGzip = beginsGzip(head);
    this.#file = new FileWriter(this.#path, this.#isGzip ? 'it is' : 'gzip');
    return head;
  }
}
