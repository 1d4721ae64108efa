import { type Encoding, encodingOf } from './encodings.ts';
import { FeedError, type Position } from './feed-error.ts';
import type { HiddenUtf8 } from './hidden-utf8.ts';
import { readyLength, soundPart } from './sound-part.ts';

/** Bytes that may pass without one that tells where a character begins. */
const longestUncut = 4 * 1024 * 1024;

const none = new Uint8Array(0);
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Bytes of an XML document in any encoding in, bytes of UTF-8 out: whole characters each time, without a byte-order
 * mark. A document in UTF-8 passes as it is. Bytes that are not in the document's encoding are refused, never replaced;
 * all that is sound before them is given first, so that a fault in that is found first, whatever the chunks.
 */
export class Utf8Source {
  readonly #locate: () => Position;
  #encoding: Encoding | undefined;
  /** What could not be given yet. */
  #held: Buffer = Buffer.alloc(0);
  /** Bytes before those that are held. */
  #offset = 0;
  #begun = false;
  #hidden: HiddenUtf8 | undefined;

  /** `locate` tells where the text given so far ends. */
  constructor(locate: () => Position) {
    this.#locate = locate;
  }

  /** The text that these bytes complete. Throws FeedError. */
  *write(bytes: Uint8Array): Generator<Uint8Array> {
    yield* this.#take(bytes, false);
  }

  /** The rest. Throws FeedError, also when the bytes end within a character. */
  *end(): Generator<Uint8Array> {
    yield* this.#take(none, true);
    if (this.#hidden?.isCertainAtEnd() === true) throw this.#misdeclared(this.#hidden);
  }

  *#take(bytes: Uint8Array, isLast: boolean): Generator<Uint8Array> {
    const all = this.#held.length === 0 ? asBuffer(bytes) : Buffer.concat([this.#held, bytes]);
    if (this.#encoding === undefined) {
      this.#encoding = encodingOf(all, isLast);
      if (this.#encoding === undefined) return this.#hold(all);
      if (this.#encoding.kind === 'other') this.#hidden = this.#encoding.hiddenUtf8();
    }
    const ready = isLast ? all.length : readyLength(all, this.#encoding);
    const hiddenAt = this.#hidden?.certainAt(all.subarray(0, ready));
    const { utf8, soundBytes } = soundPart(all.subarray(0, hiddenAt ?? ready), this.#encoding);
    this.#hold(all.subarray(soundBytes));
    this.#offset += soundBytes;
    yield this.#withoutMark(utf8);
    if (this.#hidden !== undefined && hiddenAt !== undefined) throw this.#misdeclared(this.#hidden);
    if (soundBytes < ready) throw this.#fault(strayByte(this.#held, this.#encoding));
    if (this.#held.length > longestUncut)
      throw this.#fault(`it goes on for ${longestUncut} bytes without a space or line end`);
  }

  /** Keeps a copy, since the reader of a stream may use the memory of a chunk again. */
  #hold(bytes: Uint8Array): void {
    this.#held = Buffer.from(bytes);
  }

  #withoutMark(utf8: Uint8Array): Uint8Array {
    if (this.#begun || utf8.length === 0) return utf8;
    this.#begun = true;
    return byteOrderMark.every((byte, index) => utf8[index] === byte) ? utf8.subarray(byteOrderMark.length) : utf8;
  }

  /** A fault in the text that was given comes first, and is found by asking where that ends. */
  #misdeclared({ first }: HiddenUtf8): FeedError {
    this.#locate();
    return new FeedError(`it declares ${this.#encoding?.name}, and its bytes are UTF-8`, first);
  }

  #fault(reason: string): FeedError {
    return new FeedError(reason, this.#position());
  }

  #position(): Position {
    return { ...this.#locate(), offset: this.#offset };
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function strayByte(held: Buffer, { name, isStated }: Encoding): string {
  const byte = held.toString('hex', 0, 1).toUpperCase();
  const hint = isStated ? '' : ', and it declares no encoding';
  return `it holds bytes that are not ${name} (0x${byte})${hint}`;
}
