import type { Reject } from './rejects.ts';

/** Where in a batch's bytes the JSON of one record lies, without the newline behind it. */
export interface Line {
  readonly start: number;
  readonly end: number;
  /** Its place among the records of the feed, from 1 on, and in the document. */
  readonly record: number;
  readonly line: number;
}

/** Records that travel together. Their number and content follow from the snapshot and the batch size alone. */
export interface Batch {
  readonly number: number;
  /** NDJSON: the records as they are sent, each with a newline behind it. */
  readonly bytes: Uint8Array;
  readonly lines: readonly Line[];
  /** Records that could not be made an object, are too large, or break a rule of a field. */
  readonly unreadable: readonly Reject[];
}

/** Gathers the lines of a batch. Bytes that follow each other where they come from are copied together. */
export class BatchBuilder {
  readonly #pieces: Buffer[] = [];
  readonly #lines: Line[] = [];
  readonly #unreadable: Reject[] = [];
  /** Lines that are noted and not copied yet, and the bytes before them. */
  #source: Uint8Array = new Uint8Array(0);
  #from = 0;
  #to = 0;
  #copied = 0;

  get records(): number {
    return this.#lines.length + this.#unreadable.length;
  }

  get bytes(): number {
    return this.#copied + this.#to - this.#from;
  }

  /** JSON with a newline at `end`, in memory that keeps its content until `copy` is called. */
  addLine(source: Uint8Array, start: number, end: number, record: number, line: number): void {
    if (source !== this.#source || start !== this.#to) {
      this.copy();
      this.#source = source;
      this.#from = start;
    }
    const at = this.#copied + start - this.#from;
    this.#lines.push({ start: at, end: at + end - start, record, line });
    this.#to = end + 1;
  }

  addReject(reject: Reject): void {
    this.#unreadable.push(reject);
  }

  copy(): void {
    if (this.#to > this.#from) this.#pieces.push(Buffer.from(this.#source.subarray(this.#from, this.#to)));
    this.#copied += this.#to - this.#from;
    this.#from = 0;
    this.#to = 0;
  }

  /** Nothing may be added afterwards. */
  build(number: number): Batch {
    this.copy();
    const [only, ...more] = this.#pieces;
    const bytes = only !== undefined && more.length === 0 ? only : Buffer.concat(this.#pieces);
    return { number, bytes, lines: this.#lines, unreadable: this.#unreadable };
  }
}
