import type { CheckedPart } from '../../xml/document-checker.ts';

/** Who takes the records of a feed, in UTF-8 and in order. */
export interface RecordSink {
  /** The next bytes of the record that is open, or of a new one. They stay as they are. */
  piece(utf8: Uint8Array): void;
  /** The record is whole. */
  end(): void;
}

/** Cuts the text of a document along the bounds of its records, which become known a little later than the text. */
export class RecordCutter {
  readonly #sink: RecordSink;
  /** Text that is not handed on yet, and where in the document it begins. */
  #texts: Uint8Array[] = [];
  #offset = 0;
  #isInside = false;
  readonly #head: Uint8Array[] = [];
  /** How many bytes more belong to the head. */
  #headRoom: number;

  /** Of what comes before the first record, `mostHead` bytes are kept. */
  constructor(sink: RecordSink, mostHead: number) {
    this.#sink = sink;
    this.#headRoom = mostHead;
  }

  /** What comes before the first record. */
  get head(): Buffer {
    return Buffer.concat(this.#head);
  }

  /** `checked`: the offset before which every bound has been told. */
  take(parts: readonly CheckedPart[], checked: number): void {
    for (const { utf8 } of parts) if (utf8.length > 0) this.#texts.push(utf8);
    for (const { bounds } of parts)
      for (const bound of bounds) {
        this.#passTo(bound);
        this.#headRoom = 0;
        if (this.#isInside) this.#sink.end();
        this.#isInside = !this.#isInside;
      }
    this.#passTo(checked);
  }

  #passTo(offset: number): void {
    while (this.#offset < offset) {
      const text = this.#texts[0];
      if (text === undefined) return;
      const length = Math.min(text.length, offset - this.#offset);
      this.#pass(text.subarray(0, length));
      this.#offset += length;
      if (length === text.length) this.#texts.shift();
      else this.#texts[0] = text.subarray(length);
    }
  }

  #pass(utf8: Uint8Array): void {
    if (this.#isInside) this.#sink.piece(utf8);
    else if (this.#headRoom > 0) this.#keepHead(utf8);
  }

  #keepHead(utf8: Uint8Array): void {
    const head = utf8.subarray(0, this.#headRoom);
    this.#head.push(head);
    this.#headRoom -= head.length;
  }
}
