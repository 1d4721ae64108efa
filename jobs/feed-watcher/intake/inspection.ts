import { createHash } from 'node:crypto';
import { DocumentChecker } from '../../xml/document-checker.ts';
import { FeedError } from '../../xml/feed-error.ts';
import { headBytes, htmlPage } from './html-page.ts';
import type { RecordCutter } from './record-cutter.ts';

/** What a feed's content turned out to be. */
export interface Content {
  readonly sha256: string;
  readonly bytes: number;
  readonly records: number;
}

/** Looks at a feed's content as it passes: hashes it, counts its records, and checks that it is whole XML. */
export class Inspection {
  readonly #hash = createHash('sha256');
  readonly #document: DocumentChecker;
  readonly #cutter: RecordCutter | undefined;
  #bytes = 0;
  #head = Buffer.alloc(0);

  /** `cutter`, where there is one, gets the text of the document. */
  constructor(tag: string, cutter?: RecordCutter) {
    this.#document = new DocumentChecker(tag);
    this.#cutter = cutter;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Throws FeedError as soon as the content cannot be a feed any more. */
  see(bytes: Uint8Array): void {
    if (this.#head.length < headBytes) this.#head = Buffer.concat([this.#head, bytes.subarray(0, headBytes)]);
    this.#bytes += bytes.length;
    this.#hash.update(bytes);
    this.#expectXml(() => {
      const parts = this.#document.write(bytes);
      this.#cutter?.take(parts, this.#document.checked);
    });
  }

  /** Throws FeedError when the content ends before the document does. */
  end(): Content {
    if (this.#bytes === 0) throw new FeedError('it is empty');
    this.#expectXml(() => {
      const parts = this.#document.end();
      this.#cutter?.take(parts, this.#document.checked);
    });
    const { records } = this.#document;
    const page = records === 0 ? htmlPage(this.#head) : undefined;
    if (page !== undefined) throw new FeedError(`it is ${page}`);
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes, records };
  }

  /** Where a document turns out not to be XML it says what it is instead, if that can be told. */
  #expectXml(check: () => void): void {
    try {
      check();
    } catch (error) {
      const page = error instanceof FeedError ? htmlPage(this.#head) : undefined;
      throw page === undefined ? error : new FeedError(`it is ${page}`);
    }
  }
}
