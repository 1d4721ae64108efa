import { DocumentReader } from '../xml/document-reader.ts';
import { expandEntities } from '../xml/entities.ts';

/** The text of one record, from `<` to `>`, and the line of the document where it begins. */
export interface RecordSource {
  readonly xml: string;
  readonly line: number;
}

/** A start tag whose name may go on in the next piece. */
const unfinishedTag = /^<[^\s<>/!?]*$/;

/**
 * Cuts the text of a document, which comes in pieces of any size, into the texts of its records. It holds no more than
 * the record that is under way. References to entities of the document's own DTD are replaced.
 */
export class RecordSplitter {
  readonly #document: DocumentReader;
  /** The end of the text so far that may still be needed, and the offset of its first character. */
  #text = '';
  #offset = 0;
  #begin: { readonly offset: number; readonly line: number } | undefined;
  #found: RecordSource[] = [];

  constructor(tag: string) {
    this.#document = new DocumentReader(tag, {
      opened: (offset, line) => {
        // No name holds a "<", so the last one before the end of the name opens the tag.
        const begin = this.#text.lastIndexOf('<', offset - this.#offset - 1) + this.#offset;
        this.#begin = { offset: begin, line };
      },
      closed: (offset) => this.#take(offset),
    });
  }

  /** The records that end in this piece, in the order of the document. Throws FeedError where it is not well-formed. */
  write(text: string): readonly RecordSource[] {
    this.#text += text;
    this.#document.write(text);
    this.#forget();
    const found = this.#found;
    this.#found = [];
    return found;
  }

  /** Throws FeedError when the document has not come to its end. */
  end(): void {
    this.#document.end();
  }

  #take(end: number): void {
    if (this.#begin === undefined) throw new Error('a record ended that had not begun');
    const source = this.#text.slice(this.#begin.offset - this.#offset, end - this.#offset);
    this.#found.push({ xml: expandEntities(source, this.#document.entities), line: this.#begin.line });
    this.#begin = undefined;
  }

  /** Drops the text that no record needs any more. */
  #forget(): void {
    const needed = this.#begin?.offset ?? this.#offset + this.#unfinishedTag();
    if (needed === this.#offset) return;
    this.#text = this.#text.slice(needed - this.#offset);
    this.#offset = needed;
  }

  /** Where in the text a start tag begins that is not whole yet; the end of the text when there is none. */
  #unfinishedTag(): number {
    const last = this.#text.lastIndexOf('<');
    return last >= 0 && unfinishedTag.test(this.#text.slice(last)) ? last : this.#text.length;
  }
}
