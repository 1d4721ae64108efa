import { TextDecoder } from 'node:util';
import { reasonOf } from '../process/job-error.ts';
import { FeedError } from './feed-error.ts';

/** An XML declaration is short; what has not shown itself as one by here is none. */
const declarationBytes = 256;

/** Strings of this size are quickly made and quickly gone; those of whole chunks outlive the collections of young objects. */
const pieceBytes = 16 * 1024;

/** A chunk in the pieces in which it is best decoded and read. */
export function* piecesOf(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.length; at += pieceBytes) yield chunk.subarray(at, at + pieceBytes);
}

/**
 * Bytes of an XML document in, text out: the encoding is that of the byte-order mark, else the declared one, else
 * UTF-8 (https://www.w3.org/TR/xml/#sec-guessing). Bytes that are not in that encoding are refused, never replaced.
 */
export class XmlDecoder {
  #head = Buffer.alloc(0);
  #decoder: TextDecoder | undefined;

  /** The text that these bytes complete; empty while the encoding is not known yet. Throws FeedError. */
  write(bytes: Uint8Array): string {
    if (this.#decoder !== undefined) return this.#decode(this.#decoder, bytes);
    this.#head = Buffer.concat([this.#head, bytes]);
    return this.#head.length < declarationBytes ? '' : this.#begin();
  }

  /** The rest. Throws FeedError when the bytes end within a character. */
  end(): string {
    const text = this.#decoder === undefined ? this.#begin() : '';
    return this.#decoder === undefined ? text : text + this.#decode(this.#decoder);
  }

  #begin(): string {
    this.#decoder = decoderFor(encodingOf(this.#head));
    return this.#decode(this.#decoder, this.#head);
  }

  #decode(decoder: TextDecoder, bytes?: Uint8Array): string {
    try {
      // `stream` also where the bytes are all there: Node 20 decodes windows-1252 wrongly without it.
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (error) {
      throw new FeedError(`it holds bytes that are not ${decoder.encoding}`, undefined, { cause: error });
    }
  }
}

function decoderFor(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (error) {
    throw new FeedError(`its encoding "${encoding}" is not known (${reasonOf(error)})`);
  }
}

function encodingOf(head: Buffer): string {
  if (startsWith(head, 0xef, 0xbb, 0xbf)) return 'utf-8';
  if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0x3c, 0x00)) return 'utf-16le';
  if (startsWith(head, 0xfe, 0xff) || startsWith(head, 0x00, 0x3c)) return 'utf-16be';
  const declaration = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']*)["']/.exec(head.toString('latin1'));
  const declared = declaration?.[1] ?? 'utf-8';
  // A document that could be read this far in bytes is not in UTF-16, whatever it says.
  return /^utf-?16/i.test(declared) ? 'utf-8' : declared;
}

const startsWith = (head: Buffer, ...bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);
