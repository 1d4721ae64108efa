import { FeedError, type Position } from '../feed-error.ts';
import { Cursor, Malformed, Unfinished } from './cursor.ts';
import type { EntityTable } from './entity-table.ts';
import { HtmlPage, readProlog } from './prolog.ts';

/** Characters that may stand before the root, a document type with it. */
const longestProlog = 4 * 1024 * 1024;

/** What is not all there is read again from its beginning: only when there is twice as much, from so many bytes on. */
const firstTry = 1024;

/** Where the root begins, and all that has come of the document from there on. */
export interface RootBeginning {
  readonly position: Required<Position>;
  readonly bytes: Uint8Array;
}

/** Collects what comes before the root until it is all there. */
export class PrologReader {
  readonly #entities: EntityTable;
  #bytes = Buffer.alloc(0);
  #wanted = firstTry;

  constructor(entities: EntityTable) {
    this.#entities = entities;
  }

  /** Throws FeedError. */
  write(utf8: Uint8Array): RootBeginning | undefined {
    this.#bytes = Buffer.concat([this.#bytes, utf8]);
    return this.#bytes.length < this.#wanted ? undefined : this.#read(false);
  }

  /** Reads what has come; `isWhole` when nothing else will. Throws FeedError. */
  flush(isWhole: boolean): RootBeginning | undefined {
    return this.#read(isWhole);
  }

  /** Where what has come ends. */
  get position(): Required<Position> {
    const text = this.#bytes.toString();
    return positionIn(text, text.length);
  }

  #read(isWhole: boolean): RootBeginning | undefined {
    this.#wanted = 2 * this.#bytes.length;
    const text = this.#bytes.toString();
    const cursor = new Cursor(text.slice(0, longestProlog), isWhole && text.length <= longestProlog);
    try {
      this.#entities.clear();
      readProlog(cursor, this.#entities);
    } catch (error) {
      if (error instanceof Malformed) throw refused(error, text);
      if (!(error instanceof Unfinished)) throw error;
      if (text.length < longestProlog) return undefined;
      throw new FeedError(
        `it has more than ${longestProlog} characters before its root element`,
        positionIn(text, longestProlog),
      );
    }
    const position = positionIn(text, cursor.at);
    return { position, bytes: this.#bytes.subarray(position.offset) };
  }
}

function refused(error: Malformed, text: string): FeedError {
  const reason = error instanceof HtmlPage ? error.message : `it is not well-formed XML, ${error.message}`;
  return new FeedError(reason, positionIn(text, error.at));
}

function positionIn(text: string, at: number): Required<Position> {
  const before = text.slice(0, at);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1, offset: Buffer.byteLength(before) };
}
