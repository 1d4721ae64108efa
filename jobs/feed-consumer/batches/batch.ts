import type { Reject } from '../progress/rejects.ts';
import { type BatchMemory, largestMemory } from './batch-memory.ts';
import type { Content } from './content.ts';

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
  /** The records as they are sent, each with a newline behind it. */
  readonly content: Content;
  readonly lines: readonly Line[];
  /** Records that could not be made an object, are too large, or break a rule of a field. */
  readonly unreadable: readonly Reject[];
  /** Tells that nobody looks at the content any more: other bytes will lie in its place, or its file is removed. */
  readonly release: () => void;
}

/** A batch is full at this many bytes of JSON: services refuse large bodies. */
const fullAtBytes = 4 * 1024 * 1024;
/** A record of more bytes of JSON travels alone. */
export const mostTogether = 1024 * 1024;

const newline = 0x0a;

/** A file with one record. */
export interface LargeLine {
  readonly path: string;
  /** Bytes of it, with the newline at its end. */
  readonly length: number;
  readonly remove: () => void;
}

/** Gathers the lines of a batch. Bytes that follow each other where they come from are copied together. */
export class BatchBuilder {
  readonly #memory: BatchMemory;
  readonly #lines: Line[] = [];
  readonly #unreadable: Reject[] = [];
  #bytes: Uint8Array;
  /** It has one record, which travels alone. */
  #isAlone = false;
  /** That record, where it lies in a file. */
  #large: LargeLine | undefined;
  /** Lines that are noted and not copied yet, and the bytes before them. */
  #source: Uint8Array = new Uint8Array(0);
  #from = 0;
  #to = 0;
  #copied = 0;
  /** Bytes of what is told of rejects. */
  #told = 0;

  /** `expected`: bytes that the batch will probably have. */
  constructor(memory: BatchMemory, expected: number) {
    this.#memory = memory;
    this.#bytes = memory.take(Math.min(expected, largestMemory));
  }

  get records(): number {
    return this.#lines.length + this.#unreadable.length;
  }

  /** Bytes of JSON, with what is told of those that are refused. */
  get #size(): number {
    return this.#copied + this.#to - this.#from + this.#told;
  }

  /** Whether a record with so many bytes of JSON may travel with those that are here. */
  hasRoomFor(bytes: number): boolean {
    if (this.records === 0) return true;
    return !this.#isAlone && bytes <= mostTogether && this.#size < fullAtBytes;
  }

  /** JSON with a newline at `end`, in memory that keeps its content until `copy` is called. */
  addLine(source: Uint8Array, start: number, end: number, record: number, line: number): void {
    this.#isAlone = end - start > mostTogether;
    if (source !== this.#source || start !== this.#to) {
      this.copy();
      this.#source = source;
      this.#from = start;
    }
    const at = this.#copied + start - this.#from;
    this.#lines.push({ start: at, end: at + end - start, record, line });
    this.#to = end + 1;
  }

  /** JSON of so many bytes in pieces, which are copied at once. */
  addPieces(pieces: Iterable<Uint8Array>, bytes: number, record: number, line: number): void {
    this.copy();
    this.#makeRoom(bytes + 1);
    this.#lines.push({ start: this.#copied, end: this.#copied + bytes, record, line });
    for (const piece of pieces) {
      this.#bytes.set(piece, this.#copied);
      this.#copied += piece.length;
    }
    this.#bytes[this.#copied++] = newline;
  }

  /** The only one of the batch. */
  addLarge(large: LargeLine, record: number, line: number): void {
    this.#isAlone = true;
    this.#large = large;
    this.#lines.push({ start: 0, end: large.length - 1, record, line });
  }

  addReject(reject: Reject): void {
    this.#unreadable.push(reject);
    this.#told += reject.told.length;
  }

  copy(): void {
    const noted = this.#to - this.#from;
    this.#makeRoom(noted);
    if (noted > 0) this.#bytes.set(this.#source.subarray(this.#from, this.#to), this.#copied);
    this.#copied += noted;
    this.#from = 0;
    this.#to = 0;
  }

  /** For so many bytes more. */
  #makeRoom(bytes: number): void {
    if (this.#copied + bytes <= this.#bytes.length) return;
    const small = this.#bytes;
    this.#bytes = this.#memory.take(this.#copied + bytes);
    this.#bytes.set(small.subarray(0, this.#copied));
    this.#memory.giveBack(small);
  }

  /** Nothing may be added afterwards. */
  build(number: number): Batch {
    this.copy();
    const memory = this.#bytes;
    const large = this.#large;
    return {
      number,
      content:
        large === undefined
          ? { kind: 'memory', bytes: memory.subarray(0, this.#copied) }
          : { kind: 'file', path: large.path, length: large.length },
      lines: this.#lines,
      unreadable: this.#unreadable,
      release: () => {
        this.#memory.giveBack(memory);
        large?.remove();
      },
    };
  }
}
