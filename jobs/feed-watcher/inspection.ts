import { createHash } from 'node:crypto';
import { DocumentChecker } from '../xml/document-checker.ts';

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
  #bytes = 0;

  constructor(tag: string) {
    this.#document = new DocumentChecker(tag);
  }

  /** Throws FeedError as soon as the content cannot be a feed any more. */
  see(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#hash.update(bytes);
    this.#document.write(bytes);
  }

  /** Throws FeedError when the content ends before the document does. */
  end(): Content {
    this.#document.end();
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes, records: this.#document.records };
  }
}
