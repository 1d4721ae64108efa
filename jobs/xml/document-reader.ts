import { SaxesParser } from 'saxes';
import { declaredEntities } from './entities.ts';
import { FeedError, type Position } from './feed-error.ts';

/** Characters that one text, CDATA section, comment or record may have; it bounds the memory of both jobs. */
const longestPiece = 32 * 1024 * 1024;

/** What is told while a document is read. Offsets count UTF-16 code units from the start of the document. */
export interface RecordListener {
  /** `offset` lies in the record's start tag, behind its name; `line` is that of its `<`, from 1 on. */
  opened(offset: number, line: number): void;
  /** `offset` is just behind the record's last `>`. */
  closed(offset: number): void;
}

/**
 * Reads a whole XML document in pieces of any size, checks that it is well-formed, and tells where its records are: the
 * elements of one name. A record inside a record belongs to the outer one. A name without a colon also means elements
 * that have it behind a prefix.
 */
export class DocumentReader {
  readonly #parser = new SaxesParser({ xmlns: false, position: true });
  readonly #tag: string;
  /** How a name with a prefix ends where that means a record, too. */
  readonly #prefixed: string | undefined;
  readonly #listener: RecordListener;
  readonly #longest: number;
  #entities: ReadonlyMap<string, string> = new Map();
  #sawRoot = false;
  /** Open elements of the record's name; the outermost one is the record. */
  #depth = 0;
  /** Characters written, and those before the latest tag, comment or section. */
  #length = 0;
  #markup = 0;
  /** Characters before the record that is open. */
  #record = 0;

  constructor(tag: string, listener: RecordListener, longest = longestPiece) {
    this.#longest = longest;
    this.#tag = tag;
    this.#prefixed = tag.includes(':') ? undefined : `:${tag}`;
    this.#listener = listener;
    this.#listen();
  }

  /** The general entities of the internal DTD subset by name; known before the first element. */
  get entities(): ReadonlyMap<string, string> {
    return this.#entities;
  }

  /** Throws FeedError with line and column where the document is not well-formed. */
  write(text: string): void {
    this.#parser.write(text);
    this.#length += text.length;
    if (this.#length - this.#markup > this.#longest) throw this.#tooLong('a text or comment');
    if (this.#depth > 0 && this.#length - this.#record > this.#longest) throw this.#tooLong('a record');
  }

  /** Throws FeedError when the document has not come to its end. */
  end(): void {
    this.#parser.close();
  }

  #listen(): void {
    const parser = this.#parser;
    const passMarkup = (): void => {
      this.#markup = parser.position;
    };
    parser.on('error', ({ message }) => {
      // saxes puts "line:column: " first; here both are fields.
      throw new FeedError(`it is not well-formed XML, ${message.replace(/^\d+:\d+: |\.$/g, '')}`, this.#position());
    });
    parser.on('doctype', (doctype) => this.#declare(doctype));
    parser.on('opentagstart', ({ name }) => this.#open(name));
    parser.on('closetag', ({ name }) => this.#close(name));
    parser.on('cdata', passMarkup);
    parser.on('comment', passMarkup);
    parser.on('processinginstruction', passMarkup);
  }

  #declare(doctype: string): void {
    this.#entities = declaredEntities(doctype);
    // The parser is only to know that they exist: it reports no text here.
    for (const name of this.#entities.keys()) this.#parser.ENTITIES[name] = '';
  }

  #open(name: string): void {
    this.#markup = this.#parser.position;
    if (!this.#sawRoot && name.toLowerCase() === 'html') throw new FeedError('it is an HTML page', this.#position());
    this.#sawRoot = true;
    if (!this.#isRecord(name)) return;
    // The parser has read one character past the name, which may end the line.
    const line = this.#parser.column === 0 ? this.#parser.line - 1 : this.#parser.line;
    if (this.#depth === 0) {
      this.#record = this.#parser.position;
      this.#listener.opened(this.#record, line);
    }
    this.#depth++;
  }

  #close(name: string): void {
    this.#markup = this.#parser.position;
    if (!this.#isRecord(name)) return;
    this.#depth--;
    if (this.#depth === 0) this.#listener.closed(this.#parser.position);
  }

  #isRecord(name: string): boolean {
    return name === this.#tag || (this.#prefixed !== undefined && name.endsWith(this.#prefixed));
  }

  #tooLong(what: string): FeedError {
    return new FeedError(`it has ${what} of more than ${this.#longest} characters`, this.#position());
  }

  #position(): Position {
    return { line: this.#parser.line, column: this.#parser.column };
  }
}
