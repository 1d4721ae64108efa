import { isAscii, isUtf8 } from 'node:buffer';
import { cutOf, type Encoding, encodingOf, type OtherEncoding } from './encodings.ts';
import { FeedError, type Position } from './feed-error.ts';

/** Strings of this size are quickly made and quickly gone; those of whole chunks outlive the collections of young objects. */
const pieceBytes = 16 * 1024;

/** Bytes that may pass without one that tells where a character begins. */
const longestUncut = 4 * 1024 * 1024;

const none = new Uint8Array(0);
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** Bytes of which the first are sound; nothing may follow those that are not. */
interface Sound {
  readonly utf8: Uint8Array;
  readonly soundBytes: number;
}

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
  }

  *#take(bytes: Uint8Array, isLast: boolean): Generator<Uint8Array> {
    const all = this.#held.length === 0 ? asBuffer(bytes) : Buffer.concat([this.#held, bytes]);
    this.#encoding ??= encodingOf(all, isLast);
    if (this.#encoding === undefined) return this.#hold(all);
    const ready = isLast ? all.length : readyLength(all, this.#encoding);
    const { utf8, soundBytes } = soundPart(all.subarray(0, ready), this.#encoding);
    this.#hold(all.subarray(soundBytes));
    this.#offset += soundBytes;
    yield this.#withoutMark(utf8);
    if (soundBytes < ready) throw this.#fault(this.#encoding);
    if (this.#held.length > longestUncut)
      throw new FeedError(`it goes on for ${longestUncut} bytes without a space or line end`, this.#position());
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

  #fault(encoding: Encoding): FeedError {
    const byte = this.#held.toString('hex', 0, 1).toUpperCase();
    const hint = encoding.isStated ? '' : ', and it declares no encoding';
    return new FeedError(`it holds bytes that are not ${encoding.name} (0x${byte})${hint}`, this.#position());
  }

  #position(): Position {
    return { ...this.#locate(), offset: this.#offset };
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function readyLength(bytes: Uint8Array, encoding: Encoding): number {
  switch (encoding.kind) {
    case 'us-ascii':
      return bytes.length;
    case 'utf-8':
      return bytes.length - unfinishedCharacter(bytes);
    case 'other':
      return cutOf(bytes, encoding.cuts);
    default:
      return encoding satisfies never;
  }
}

/** How many bytes at the end begin a character that goes on behind them. */
function unfinishedCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes[bytes.length - back];
    if (byte === undefined || byte < 0x80) return 0;
    if (byte >= 0xc0) return back < characterSize(byte) ? back : 0;
  }
  return 0;
}

const characterSize = (lead: number): number => (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);

function soundPart(bytes: Buffer, encoding: Encoding): Sound {
  switch (encoding.kind) {
    case 'us-ascii': {
      const soundBytes = isAscii(bytes) ? bytes.length : bytes.findIndex((byte) => byte >= 0x80);
      return { utf8: bytes.subarray(0, soundBytes), soundBytes };
    }
    case 'utf-8': {
      const soundBytes = isUtf8(bytes) ? bytes.length : soundUtf8(bytes);
      return { utf8: bytes.subarray(0, soundBytes), soundBytes };
    }
    case 'other':
      return decoded(bytes, encoding);
    default:
      return encoding satisfies never;
  }
}

function soundUtf8(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const size = characterSize(bytes.readUInt8(at));
    if (at + size > bytes.length || !isUtf8(bytes.subarray(at, at + size))) break;
    at += size;
  }
  return at;
}

function decoded(bytes: Buffer, encoding: OtherEncoding): Sound {
  const decoder = encoding.decoder();
  const pieces: Buffer[] = [];
  try {
    for (let at = 0; at < bytes.length; at += pieceBytes)
      // `stream` also where the bytes are all there: Node 20 decodes windows-1252 wrongly without it.
      pieces.push(Buffer.from(decoder.decode(bytes.subarray(at, at + pieceBytes), { stream: true })));
    pieces.push(Buffer.from(decoder.decode()));
  } catch {
    // Which byte it was that decoding stopped at, nobody but a decoder that gets them one by one can tell.
    return decodedByteByByte(bytes, encoding);
  }
  return { utf8: pieces.length === 1 ? (pieces[0] ?? none) : Buffer.concat(pieces), soundBytes: bytes.length };
}

function decodedByteByByte(bytes: Buffer, encoding: OtherEncoding): Sound {
  const decoder = encoding.decoder();
  let text = '';
  let soundBytes = 0;
  try {
    for (let at = 0; at < bytes.length; at++) {
      const more = decoder.decode(bytes.subarray(at, at + 1), { stream: true });
      text += more;
      if (more !== '') soundBytes = at + 1;
    }
  } catch {
    // The fault that is told by what comes out.
  }
  return { utf8: Buffer.from(text), soundBytes };
}
