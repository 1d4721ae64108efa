import { isAscii, isUtf8 } from 'node:buffer';
import { cutOf, type Encoding, type OtherEncoding } from './encodings.ts';

/** Strings of this size are quickly made and quickly gone; those of whole chunks outlive the collections of young objects. */
const pieceBytes = 16 * 1024;

const none = new Uint8Array(0);

/** Bytes of which the first are sound; nothing may follow those that are not. */
interface Sound {
  readonly utf8: Uint8Array;
  readonly soundBytes: number;
}

/** How many of these bytes can be looked at without those that follow. */
export function readyLength(bytes: Uint8Array, encoding: Encoding): number {
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

/** What of these bytes is sound, from the first one on, as UTF-8. */
export function soundPart(bytes: Buffer, encoding: Encoding): Sound {
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
