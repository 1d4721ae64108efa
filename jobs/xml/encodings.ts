import { TextDecoder } from 'node:util';
import { FeedError } from './feed-error.ts';
import { HiddenUtf8 } from './hidden-utf8.ts';

/** How far an XML declaration may reach; what has not shown itself as one by here is none. */
const longestDeclaration = 1024;

const declaration = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]*)["']/;

/** Where bytes of an encoding can be cut so that each part can be decoded alone. */
type Cuts = 'anywhere' | 'between pairs' | 'behind low bytes';

/** An encoding, by the name that the document has for it; `isStated` when it has one or shows it by its first bytes. */
export type Encoding = PlainEncoding | OtherEncoding;

interface PlainEncoding {
  readonly kind: 'utf-8' | 'us-ascii';
  readonly name: string;
  readonly isStated: boolean;
}

export interface OtherEncoding {
  readonly kind: 'other';
  readonly name: string;
  readonly isStated: true;
  readonly cuts: Cuts;
  /** Makes what notices that the document is in UTF-8; `undefined` where its bytes show that it is not. */
  readonly hiddenUtf8: () => HiddenUtf8 | undefined;
  /** Makes a decoder that gives byte-order marks as they are. */
  readonly decoder: () => TextDecoder;
}

/**
 * The encoding of a document by its first bytes: its byte-order mark, else what the bytes of `<` show, else what it
 * declares, else UTF-8 (https://www.w3.org/TR/xml/#sec-guessing). undefined while more bytes are needed; `isWhole` says
 * that there are none. Throws FeedError for an encoding that is not known.
 */
export function encodingOf(head: Buffer, isWhole: boolean): Encoding | undefined {
  if (!isWhole && !isEnough(head)) return undefined;
  if (startsWith(head, 0xef, 0xbb, 0xbf)) return { kind: 'utf-8', name: 'UTF-8', isStated: true };
  if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0x3c, 0x00)) return other('utf-16le', 'UTF-16LE');
  if (startsWith(head, 0xfe, 0xff) || startsWith(head, 0x00, 0x3c)) return other('utf-16be', 'UTF-16BE');
  const declared = declaration.exec(head.toString('latin1', 0, longestDeclaration))?.[1];
  return declared === undefined ? { kind: 'utf-8', name: 'UTF-8', isStated: false } : encodingNamed(declared);
}

/** A document that does not begin with `<?xml` declares nothing, and a declaration ends with its first `>`. */
function isEnough(head: Buffer): boolean {
  if (head.length < 5) return false;
  return head.length >= longestDeclaration || head.includes('>') || head.toString('latin1', 0, 5) !== '<?xml';
}

const startsWith = (head: Buffer, ...bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

function encodingNamed(name: string): Encoding {
  // WHATWG reads ASCII as windows-1252.
  if (/^(us-)?ascii$/i.test(name)) return { kind: 'us-ascii', name, isStated: true };
  if (/^utf-?8$/i.test(name)) return { kind: 'utf-8', name: 'UTF-8', isStated: true };
  // A declaration that could be read byte by byte is not in an encoding of wider units.
  if (/^(utf-?(16|32)|(iso-10646-)?ucs-?[24])/i.test(name))
    throw new FeedError(`it declares the encoding "${name}", and its bytes are not in it`, start);
  return other(name, name);
}

/** WHATWG's ISO-8859-1 is windows-1252, which only gives control characters a better meaning. */
function other(label: string, name: string): OtherEncoding {
  const decoder = (): TextDecoder => new TextDecoder(label, { fatal: true, ignoreBOM: true });
  const canonical = canonicalName(decoder, name);
  const cuts = cutsOf(canonical);
  if (cuts === undefined) throw new FeedError(`its encoding "${name}" is not supported`, start);
  return {
    kind: 'other',
    name,
    isStated: true,
    cuts,
    hiddenUtf8: () => hiddenUtf8(canonical, cuts),
    decoder,
  };
}

const latin = /^(iso-8859-(2|3|4|10|13|14|15|16)|windows-(1250|1252|1254|1257|1258))$/;
/** Every byte is a character of these. */
const takesAnyByte = /^(iso-8859-|windows-125)/;

function hiddenUtf8(canonical: string, cuts: Cuts): HiddenUtf8 | undefined {
  switch (cuts) {
    case 'anywhere':
      return new HiddenUtf8(latin.test(canonical) ? 'Latin' : 'other', takesAnyByte.test(canonical));
    case 'behind low bytes':
      return new HiddenUtf8('of several bytes', false);
    case 'between pairs':
      return undefined;
    default:
      return cuts satisfies never;
  }
}

const start = { line: 1, column: 1, offset: 0 };

function canonicalName(decoder: () => TextDecoder, name: string): string {
  try {
    return decoder().encoding;
  } catch (error) {
    throw new FeedError(`its encoding "${name}" is not known`, start, { cause: error });
  }
}

/** Those with shift states (ISO-2022-JP) are left out: where a part begins does not tell what its bytes mean. */
function cutsOf(canonical: string): Cuts | undefined {
  if (canonical.startsWith('utf-16')) return 'between pairs';
  if (/^(iso-8859-|windows-|koi8-|ibm866|macintosh|x-mac-cyrillic)/.test(canonical)) return 'anywhere';
  return ['shift_jis', 'euc-jp', 'euc-kr', 'gbk', 'gb18030', 'big5'].includes(canonical)
    ? 'behind low bytes'
    : undefined;
}

/** No character of several bytes holds one below this, in any encoding that is cut behind them. */
const highestLowByte = 0x2f;

/** How many of these bytes, from the first on, can be decoded without those that follow. */
export function cutOf(bytes: Uint8Array, cuts: Cuts): number {
  switch (cuts) {
    case 'anywhere':
      return bytes.length;
    case 'between pairs':
      return betweenPairs(bytes);
    case 'behind low bytes':
      return bytes.findLastIndex((byte) => byte <= highestLowByte) + 1;
    default:
      return cuts satisfies never;
  }
}

/** A surrogate pair is four bytes, so parts of four bytes that do not end within one; either order of bytes. */
function betweenPairs(bytes: Uint8Array): number {
  const even = bytes.length - (bytes.length % 2);
  const isHigh = (byte: number | undefined): boolean => byte !== undefined && byte >= 0xd8 && byte <= 0xdb;
  return isHigh(bytes[even - 1]) || isHigh(bytes[even - 2]) ? even - 2 : even;
}
